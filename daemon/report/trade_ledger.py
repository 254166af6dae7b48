"""Plays the executions of an account again, to say what each order of a run earned.

Uses the engine's own position arithmetic. An execution whose settlement failed counts as never made.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from daemon.domain.fill import Fill
from daemon.domain.ids import ClientOrderId, RunId, TokenId, TradeId
from daemon.domain.position import Position
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import MICRO, Price
from daemon.report.rows import ExecutionRow
from daemon.report.slippage import SlippageMeter


@dataclass(slots=True)
class Trade:
    """All fills of one order within a run."""

    first: ExecutionRow
    slippage: SlippageMeter
    fills: int = 0
    shares: int = 0
    notional_exact: int = 0
    fees: int = 0
    realized_exact: int = 0
    """What its fills changed realized profit by, its fees included."""

    def unrealized_exact(self, mark: Price) -> int:
        """Return what its fills changed unrealized profit by, at a mark.

        A closing fill takes away what the shares it closed were worth, so that over all trades of an
        account realized and unrealized add up to the account's.
        """
        sign = self.first.side.sign
        worth = sign * (self.shares * mark - self.notional_exact) - self.fees * MICRO
        return worth - self.realized_exact


class TradeLedger:
    """Trades of one run, the history before it taken into account."""

    def __init__(self, run_id: RunId, executions: Iterable[ExecutionRow]) -> None:
        """`executions` of the account, oldest first, up to and including the run's."""
        self.trades: dict[ClientOrderId, Trade] = {}
        self.slippage = SlippageMeter()
        self.fees = 0
        self.realized_exact = 0
        self._positions: dict[TokenId, Position] = {}
        for execution in executions:
            if not execution.is_failed:
                realized_exact = self._count(execution)
                if execution.run_id == run_id:
                    self._note(execution, realized_exact)

    def _count(self, row: ExecutionRow) -> int:
        before = self._positions.get(row.token)
        if before is None:
            before = Position(token=row.token, condition_id=row.condition_id)
        after = before.apply_fill(_fill(row))
        self._positions[row.token] = after
        return after.realized_exact - before.realized_exact

    def _note(self, row: ExecutionRow, realized_exact: int) -> None:
        trade = self.trades.get(row.client_order_id)
        if trade is None:
            trade = self.trades[row.client_order_id] = Trade(row, SlippageMeter())
        trade.fills += 1
        trade.shares += row.shares
        trade.notional_exact += row.price * row.shares
        trade.fees += row.fee
        trade.realized_exact += realized_exact
        self.fees += row.fee
        self.realized_exact += realized_exact
        if row.arrival_price is not None:
            for meter in (self.slippage, trade.slippage):
                meter.add(row.side, row.price, row.arrival_price, row.shares)


def worth_exact(side: Side, price: Price, shares: int, mark: Price) -> int:
    """Return what a fill is worth at a mark, fees apart, unrounded."""
    return side.sign * shares * (mark - price)


def _fill(row: ExecutionRow) -> Fill:
    return Fill(
        trade_id=TradeId(row.trade_id),
        client_order_id=row.client_order_id,
        condition_id=row.condition_id,
        token=row.token,
        side=row.side,
        price=row.price,
        shares=row.shares,
        fee=row.fee,
        liquidity=row.liquidity,
        at=row.at,
        settlement=SettlementStatus.CONFIRMED,
    )
