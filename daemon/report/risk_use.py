"""How much of each limit is used right now."""

from collections.abc import Iterable
from typing import TypedDict

from daemon.domain.market import Market
from daemon.domain.order import Order
from daemon.domain.portfolio import Portfolio
from daemon.domain.units import format_micros
from daemon.risk.limits import RiskLimits


class LimitUse(TypedDict):
    """One limit; `used` is None where a limit binds single orders or counts losses."""

    unit: str
    used: str | None
    limit: str


def risk_use(
    portfolio: Portfolio, orders: tuple[Order, ...], markets: Iterable[Market], limits: RiskLimits
) -> dict[str, LimitUse]:
    """Return every limit by its name; of limits per market, the market that uses most counts."""
    stakes = [0]
    holdings = [0]
    for market in markets:
        stakes.append(portfolio.market_exposure(market.condition_id, orders))
        holdings.append(portfolio.net_shares_worst(market, orders))
    count = sum(order.is_open for order in orders)
    return {
        "open_orders": LimitUse(unit="orders", used=str(count), limit=str(limits.open_orders_max)),
        "total_exposure": _use("USD", portfolio.exposure(orders), limits.total_exposure_max),
        "window_notional": _use("USD", max(stakes), limits.window_notional_max),
        "market_position": _use("shares", max(holdings), limits.market_position_max),
        "trade_notional": _use("USD", None, limits.trade_notional_max),
        "order_shares": _use("shares", None, limits.order_shares_max),
        "loss_per_trade": _use("USD", None, limits.loss_per_trade_max),
        "loss_per_hour": _use("USD", None, limits.loss_per_hour_max),
        "loss_per_day": _use("USD", None, limits.loss_per_day_max),
        "drawdown": _use("USD", None, limits.drawdown_max),
        "breaker_loss": _use("USD", None, limits.breaker_loss_max),
        "consecutive_losses": LimitUse(
            unit="trades", used=None, limit=str(limits.consecutive_losses_max)
        ),
    }


def _use(unit: str, used: int | None, limit: int) -> LimitUse:
    return LimitUse(
        unit=unit, used=None if used is None else format_micros(used), limit=format_micros(limit)
    )
