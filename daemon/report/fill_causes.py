"""Why simulated fills came about, and what a pessimist would have been given instead.

The pessimistic rule is the paper venue's: a walk one tick worse, a trade-through only where the price
was passed and not merely met, nothing from the queue. Each execution carries both, so the difference
is computed from the rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypedDict

from daemon.domain.fill import FillCause
from daemon.domain.ids import TokenId
from daemon.domain.units import MICRO, Price, format_micros
from daemon.report.figures import mean
from daemon.report.rows import ExecutionRow
from daemon.report.trade_ledger import worth_exact

NO_MARK: Final = Price(0)
"""A token that nobody gives anything for counts as worthless."""


class PessimisticFigures(TypedDict):
    """The same fills under the pessimistic rule; differences are pessimistic less actual."""

    shares: str
    cash_difference: str
    """Dollars: what would have been spent less (+) or received less (−)."""
    pnl_difference: str
    """Dollars of profit at the marks; it can be positive when what was filled went wrong."""


class CauseFigures(TypedDict):
    """Fills of one cause."""

    fills: int
    shares: str
    notional: str
    pessimistic: PessimisticFigures


@dataclass(slots=True)
class _Sums:
    fills: int = 0
    shares: int = 0
    notional_exact: int = 0
    sure: int = 0
    cash_exact: int = 0
    pnl_exact: int = 0

    def add(self, row: ExecutionRow, mark: Price) -> None:
        """Count one fill; the fee of a pessimistic fill is in proportion to its shares."""
        sure, price, sign = row.pessimistic_shares, row.pessimistic_price, row.side.sign
        fee_exact = row.fee * MICRO
        spared_exact = fee_exact - fee_exact * sure // row.shares
        paid_exact = sign * row.price * row.shares
        self.fills += 1
        self.shares += row.shares
        self.notional_exact += row.price * row.shares
        self.sure += sure
        self.cash_exact += paid_exact - sign * price * sure + spared_exact
        self.pnl_exact += (
            worth_exact(row.side, price, sure, mark)
            - worth_exact(row.side, row.price, row.shares, mark)
            + spared_exact
        )

    def figures(self) -> CauseFigures:
        return CauseFigures(
            fills=self.fills,
            shares=format_micros(self.shares),
            notional=_money(self.notional_exact),
            pessimistic=PessimisticFigures(
                shares=format_micros(self.sure),
                cash_difference=_money(self.cash_exact),
                pnl_difference=_money(self.pnl_exact),
            ),
        )


def fills_by_cause(
    executions: Iterable[ExecutionRow], marks: Mapping[TokenId, Price]
) -> dict[str, CauseFigures]:
    """Return the figures of every cause, those without a fill included; real fills are left out."""
    sums = {cause: _Sums() for cause in FillCause}
    for row in executions:
        if row.cause is not None and not row.is_failed:
            sums[row.cause].add(row, marks.get(row.token, NO_MARK))
    return {cause.value: total.figures() for cause, total in sums.items()}


def _money(exact: int) -> str:
    return format_micros(mean(exact, MICRO))
