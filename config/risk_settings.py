"""The limits as people write them; the profiles fill in every figure."""

from typing import Annotated

from config.form import PRICE, SHARES, USD, whole
from config.section import LATER_LOSSES, Section, key
from daemon.domain.units import NANOS_PER_MS, Cash, Nanos, Price, Shares
from daemon.risk.limits import RiskLimits

_USD = "USD"


class RiskSettings(Section):
    """Table [risk]. Dollars are before fees; shares and dollars are separate limits."""

    trade_notional_max: Annotated[Cash, USD] = key(
        "one BUY order", unit=_USD, aliases=("maxPositionPerTrade",)
    )
    order_shares_max: Annotated[Shares, SHARES] = key(
        "one order", unit="shares", aliases=("max_order_size",)
    )
    market_position_max: Annotated[Shares, SHARES] = key(
        "worst-case holding of one outcome of a market",
        unit="shares",
        aliases=("max_position_size",),
    )
    window_notional_max: Annotated[Cash, USD] = key(
        "worst-case cash at stake in one market (a rolling window is a market)",
        unit=_USD,
        aliases=("maxPositionPerWindow",),
    )
    total_exposure_max: Annotated[Cash, USD] = key(
        "worst-case cash at stake over all markets",
        unit=_USD,
        aliases=("max_total_exposure", "maxTotalExposure"),
    )
    open_orders_max: Annotated[int, whole(1, 10_000)] = key(
        "open orders over all markets", unit="orders", aliases=("maxOpenOrders",)
    )
    loss_per_trade_max: Annotated[Cash, USD] = key(
        "loss of one trade", unit=_USD, note=LATER_LOSSES, aliases=("maxLossPerTrade",)
    )
    loss_per_hour_max: Annotated[Cash, USD] = key(
        "loss within an hour", unit=_USD, note=LATER_LOSSES, aliases=("maxLossPerHour",)
    )
    loss_per_day_max: Annotated[Cash, USD] = key(
        "loss within a day",
        unit=_USD,
        note=LATER_LOSSES,
        aliases=("max_daily_loss", "maxLossPerDay"),
    )
    drawdown_max: Annotated[Cash, USD] = key(
        "loss from the highest equity", unit=_USD, note=LATER_LOSSES
    )
    consecutive_losses_max: Annotated[int, whole(1, 100_000)] = key(
        "losing trades in a row",
        unit="trades",
        note=LATER_LOSSES,
        aliases=("stopTradingAfterConsecutiveLosses",),
    )
    breaker_loss_max: Annotated[Cash, USD] = key(
        "loss within 5 minutes that opens the circuit breaker", unit=_USD, note=LATER_LOSSES
    )
    price_collar: Annotated[Price, PRICE] = key(
        "how far beyond the midpoint, against ourselves, a limit price may be", unit="USD a share"
    )
    stale_after_ms: Annotated[int, whole(100, 600_000)] = key(
        "a book without news for longer is not traded on", unit="ms"
    )
    intent_repeat_after_ms: Annotated[int, whole(0, 600_000)] = key(
        "the identical order is not sent again sooner", unit="ms"
    )

    def limits(self) -> RiskLimits:
        """Return the limits as the risk manager takes them."""
        return RiskLimits(
            trade_notional_max=self.trade_notional_max,
            order_shares_max=self.order_shares_max,
            market_position_max=self.market_position_max,
            window_notional_max=self.window_notional_max,
            total_exposure_max=self.total_exposure_max,
            open_orders_max=self.open_orders_max,
            loss_per_trade_max=self.loss_per_trade_max,
            loss_per_hour_max=self.loss_per_hour_max,
            loss_per_day_max=self.loss_per_day_max,
            drawdown_max=self.drawdown_max,
            consecutive_losses_max=self.consecutive_losses_max,
            breaker_loss_max=self.breaker_loss_max,
            price_collar=self.price_collar,
            stale_after=Nanos(self.stale_after_ms * NANOS_PER_MS),
            intent_repeat_after=Nanos(self.intent_repeat_after_ms * NANOS_PER_MS),
        )
