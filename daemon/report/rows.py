"""What a report of one run is made from: the rows of the database, typed.

Everything here can be read again later from the tables and gives the same report; nothing here is
computed.
"""

from dataclasses import dataclass

from daemon.domain.fill import FillCause, Liquidity
from daemon.domain.ids import ClientOrderId, ConditionId, ParentId, RunId, StrategyId, TokenId
from daemon.domain.side import Side
from daemon.domain.units import Cash, Nanos, Price, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One row of `runs`."""

    run_id: RunId
    mode: str
    account: str
    predecessor: RunId | None
    started_at: Nanos


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One row of `orders`; `status` in the customer's spelling."""

    run_id: RunId
    client_order_id: ClientOrderId
    strategy_id: StrategyId
    slug: str
    outcome: str
    token: TokenId
    side: Side
    price: Price
    shares: Shares
    filled: Shares
    status: str
    created_at: Nanos
    is_sent: bool
    """It reached the venue, or may have."""
    is_replacement: bool
    parent_id: ParentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionRow:
    """One row of `executions`."""

    run_id: RunId
    client_order_id: ClientOrderId
    trade_id: str
    condition_id: ConditionId
    token: TokenId
    side: Side
    price: Price
    shares: Shares
    fee: Cash
    liquidity: Liquidity
    at: Nanos
    arrival_price: Price | None
    is_failed: bool
    """Its settlement failed: it counts for nothing."""
    cause: FillCause | None = None
    pessimistic_shares: Shares = Shares(0)
    pessimistic_price: Price = Price(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRow:
    """One row of `positions`, with what the executions of its token say it should be."""

    slug: str
    outcome: str
    token: TokenId
    shares: Shares
    cost_exact: int
    realized_exact: int
    fees: Cash
    mark: Price | None
    recounted_shares: Shares
    recounted_cash_exact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRows:
    """Everything the database says about a run."""

    run: RunRow
    orders: tuple[OrderRow, ...]
    """Orders born in the run, and older ones that filled in it; oldest first."""
    executions: tuple[ExecutionRow, ...]
    """All of the account up to the end of the run, in the order in which they were counted."""
    positions: tuple[PositionRow, ...]
    """Of the account as they are now, flat ones included."""
    denials: dict[str, int]
    """Reason → targets that risk refused in the run."""
    parents_started: int
    parents_completed: int
