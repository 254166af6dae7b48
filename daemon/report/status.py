"""What is going on right now, as one JSON value: the status command and the live view show this.

Reads the state and changes nothing. Money, prices and shares are exact decimal texts.
"""

from typing import TypedDict

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.parent import Parent
from daemon.domain.position import Position
from daemon.domain.units import NANOS_PER_MS, Cash, Nanos, format_micros
from daemon.ports import RunRecord
from daemon.report.figures import instant
from daemon.report.order_record import OrderRecord, order_record
from daemon.report.risk_use import LimitUse, risk_use
from daemon.report.state_view import BookState, StateView
from daemon.risk.limits import RiskLimits


class BookStatus(TypedDict):
    """The touch of one token, and whether we act on it."""

    market: str
    outcome: str
    token_id: str
    best_bid: str | None
    best_ask: str | None
    trust: str
    """`trusted`, `one-sided`, `stale`, `distrusted`, `awaiting` (no snapshot yet) or `over`."""
    age_ms: int | None


class PositionStatus(TypedDict):
    """What is held of one token, or was."""

    market_id: str
    """The condition id."""
    market: str
    outcome: str
    token_id: str
    shares: str
    avg_price: str | None
    mark: str | None
    realized_pnl: str
    unrealized_pnl: str | None


class ParentStatus(TypedDict):
    """An execution algorithm's order at work."""

    parent_id: str
    strategy: str
    token_id: str
    side: str
    shares: str
    filled: str
    slices: int
    slices_due: int


class ReasonsStatus(TypedDict):
    """Reason → its detail."""

    halts: dict[str, str]
    pauses: dict[str, str]
    markets: dict[str, str]
    """Market that is paused on its own → why; the others go on."""


class ProfitStatus(TypedDict):
    """Profit of the account, net of fees, and its cash."""

    realized: str
    unrealized: str
    total: str
    fees: str
    cash_free: str


class Status(TypedDict):
    """Am I trading, what rests, what do I own, why not."""

    mode: str
    run_id: str
    account: str
    at: str
    """Venue time."""
    status: str
    """The customer's word: RUNNING, STARTING, STOPPING, PAUSED or ERROR."""
    state: str
    """active, paused or halted."""
    why: str
    """Why nothing opens; empty when trading."""
    reasons: ReasonsStatus
    is_kill_switch_engaged: bool
    books: list[BookStatus]
    orders: list[OrderRecord]
    positions: list[PositionStatus]
    parents: list[ParentStatus]
    parents_completed: int
    pnl: ProfitStatus
    risk: dict[str, LimitUse]


def status_of(state: StateView, *, run: RunRecord, limits: RiskLimits, now: Nanos) -> Status:
    """Return the status at a time; costs what is open and held, not what ever was."""
    reasons = state.reasons
    positions = (
        position
        for position in state.portfolio.positions()
        if position.shares or position.token in state.market_of
    )
    return Status(
        mode=run.mode,
        run_id=run.run_id,
        account=run.account,
        at=instant(now),
        status=reasons.status.value,
        state=reasons.state.value,
        why=reasons.describe(),
        reasons=ReasonsStatus(
            halts={reason.value: detail for reason, detail in reasons.halts.items()},
            pauses={reason.value: detail for reason, detail in reasons.pauses.items()},
            markets={
                _market_name(state, condition_id): reasons.describe_market(condition_id)
                for condition_id in reasons.markets
            },
        ),
        is_kill_switch_engaged=state.is_kill_switch_engaged,
        books=[_book(state, token, now) for token in state.market_of],
        orders=[
            order_record(order, state.market_of.get(order.token))
            for order in state.desk.open.values()
        ],
        positions=[_position(state, position) for position in positions],
        parents=[_parent(state, parent, now) for parent in state.parents.active.values()],
        parents_completed=len(state.parents.completed),
        pnl=_profit(state),
        risk=risk_use(state.portfolio, state.desk.live(), state.markets.values(), limits),
    )


def _market_name(state: StateView, condition_id: ConditionId) -> str:
    market = state.markets.get(condition_id)
    return condition_id if market is None else market.slug


def _profit(state: StateView) -> ProfitStatus:
    portfolio = state.portfolio
    realized, unrealized = portfolio.realized(), portfolio.unrealized(state.marks())
    return ProfitStatus(
        realized=format_micros(realized),
        unrealized=format_micros(unrealized),
        total=format_micros(realized + unrealized),
        fees=format_micros(portfolio.fees()),
        cash_free=format_micros(portfolio.cash_free(state.desk.live())),
    )


def _book(state: StateView, token: TokenId, now: Nanos) -> BookStatus:
    market = state.market_of[token]
    tracked = state.ticks.books[token]
    book = tracked.book
    return BookStatus(
        market=market.slug,
        outcome=market.outcome(token),
        token_id=token,
        best_bid=format_micros(book.best_bid) if book.bids else None,
        best_ask=format_micros(book.best_ask) if book.asks else None,
        trust="over" if state.is_over(market, now) else _trust(tracked),
        age_ms=tracked.age(now) // NANOS_PER_MS if book.at else None,
    )


def _trust(tracked: BookState) -> str:
    if tracked.trust != "trusted":
        return tracked.trust
    if not tracked.is_fresh:
        return "stale"
    return "trusted" if tracked.is_good else "one-sided"


def _position(state: StateView, position: Position) -> PositionStatus:
    market = state.market_of.get(position.token)
    mark = state.mark(position.token)
    unrealized: Cash | None = None if mark is None else position.unrealized(mark)
    average = position.average_price
    return PositionStatus(
        market_id=position.condition_id,
        market=position.condition_id if market is None else market.slug,
        outcome="" if market is None else market.outcome(position.token),
        token_id=position.token,
        shares=format_micros(position.shares),
        avg_price=None if average is None else format_micros(average),
        mark=None if mark is None else format_micros(mark),
        realized_pnl=format_micros(position.realized),
        unrealized_pnl=None if unrealized is None else format_micros(unrealized),
    )


def _parent(state: StateView, parent: Parent, now: Nanos) -> ParentStatus:
    request = parent.request
    return ParentStatus(
        parent_id=request.parent_id,
        strategy=parent.strategy_id,
        token_id=request.token,
        side=request.side.value,
        shares=format_micros(request.shares),
        filled=format_micros(state.desk.parent_total(request.parent_id)),
        slices=len(request.slices),
        slices_due=sum(parent.due_at(index) <= now for index in range(len(request.slices))),
    )
