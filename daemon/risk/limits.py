"""Every number a trader may set to bound the damage, with its unit in the name.

The profiles (`config/profiles.toml`) fill these in; nothing here has a default, so that no figure is
ever in force without having been chosen.
"""

from dataclasses import dataclass

from daemon.domain.units import Cash, Nanos, Price, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLimits:
    """Limits in force. Share limits and dollar limits are separate and both apply."""

    trade_notional_max: Cash
    """One order, dollars before fees."""
    order_shares_max: Shares
    """One order, shares."""
    market_position_max: Shares
    """Worst-case net holding of one outcome of a market, working orders included."""
    window_notional_max: Cash
    """Worst-case cash at stake in one market (a rolling window is a market)."""
    total_exposure_max: Cash
    """Worst-case cash at stake over all markets."""
    open_orders_max: int
    loss_per_trade_max: Cash
    loss_per_hour_max: Cash
    loss_per_day_max: Cash
    drawdown_max: Cash
    consecutive_losses_max: int
    breaker_loss_max: Cash
    """Loss within five minutes that opens the circuit breaker."""
    price_collar: Price
    """How far beyond the midpoint, against ourselves, a limit price may be."""
    stale_after: Nanos
    """A book without news for longer is not traded on."""
    intent_repeat_after: Nanos
    """The identical intent is not sent again sooner."""
