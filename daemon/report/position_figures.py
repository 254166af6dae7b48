"""What an account holds, for people: average price, mark, profit."""

from collections.abc import Iterable
from typing import TypedDict

from daemon.domain.units import Rounding, format_micros, round_exact
from daemon.report.rows import PositionRow


class PositionFigures(TypedDict):
    """One token that is held or was traded."""

    market: str
    outcome: str
    token_id: str
    shares: str
    avg_price: str | None
    mark: str | None
    realized_pnl: str
    unrealized_pnl: str | None
    fees: str


def position_figures(rows: Iterable[PositionRow]) -> list[PositionFigures]:
    """Return the positions, held ones first, then by market and outcome."""
    ordered = sorted(rows, key=lambda row: (row.shares == 0, row.slug, row.outcome, row.token))
    return [_figures(row) for row in ordered]


def are_recounted(rows: Iterable[PositionRow]) -> bool:
    """Tell whether every position is what the executions of its token add up to, exactly."""
    return all(
        row.shares == row.recounted_shares
        and row.realized_exact - row.cost_exact == row.recounted_cash_exact
        for row in rows
    )


def _figures(row: PositionRow) -> PositionFigures:
    unrealized = None
    if row.mark is not None:
        unrealized = round_exact(row.shares * row.mark - row.cost_exact, Rounding.DOWN)
    return PositionFigures(
        market=row.slug,
        outcome=row.outcome,
        token_id=row.token,
        shares=format_micros(row.shares),
        avg_price=format_micros(row.cost_exact // row.shares) if row.shares else None,
        mark=None if row.mark is None else format_micros(row.mark),
        realized_pnl=format_micros(round_exact(row.realized_exact, Rounding.DOWN)),
        unrealized_pnl=None if unrealized is None else format_micros(unrealized),
        fees=format_micros(row.fees),
    )
