"""What each order of a run that filled brought in, for people."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from daemon.domain.ids import TokenId
from daemon.domain.units import MICRO, Price, format_micros
from daemon.report.figures import instant, mean
from daemon.report.fill_causes import NO_MARK
from daemon.report.rows import OrderRow
from daemon.report.trade_ledger import Trade, TradeLedger


class TradeFigures(TypedDict):
    """All fills of one order within the run."""

    client_order_id: str
    strategy: str
    market: str
    outcome: str
    side: str
    first_fill_at: str
    fills: int
    shares: str
    avg_price: str
    fees: str
    slippage: str | None
    """Dollars per share against the arrival price; + is worse for us."""
    slippage_pct: str | None
    realized_pnl: str
    unrealized_pnl: str
    """What the trade changed unrealized profit by, at the marks; a closing trade takes some away."""


def trade_figures(
    ledger: TradeLedger, orders: Iterable[OrderRow], marks: Mapping[TokenId, Price]
) -> list[TradeFigures]:
    """Return the trades of the ledger's run, oldest first fill first."""
    named = {order.client_order_id: order for order in orders}
    return [
        _figures(trade, named[client_order_id], marks.get(trade.first.token, NO_MARK))
        for client_order_id, trade in ledger.trades.items()
    ]


def _figures(trade: Trade, order: OrderRow, mark: Price) -> TradeFigures:
    slippage = trade.slippage
    return TradeFigures(
        client_order_id=order.client_order_id,
        strategy=order.strategy_id,
        market=order.slug,
        outcome=order.outcome,
        side=order.side.value,
        first_fill_at=instant(trade.first.at),
        fills=trade.fills,
        shares=format_micros(trade.shares),
        avg_price=format_micros(mean(trade.notional_exact, trade.shares)),
        fees=format_micros(trade.fees),
        slippage=format_micros(slippage.per_share) if slippage.shares else None,
        slippage_pct=slippage.percent(4) if slippage.shares else None,
        realized_pnl=format_micros(mean(trade.realized_exact, MICRO)),
        unrealized_pnl=format_micros(mean(trade.unrealized_exact(mark), MICRO)),
    )
