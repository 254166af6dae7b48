"""Draws the configuration of a seed: profile, limits, patience, strategies and what they want.

Rare mistakes need seeds with limits of their own: with one wide limit for all, none is ever reached.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from daemon.sim.chance import Chance, Stream
from daemon.simulation.scenario import PlannedMarket

PROFILES: Final = ("starter", "small", "small", "service")
PRICES: Final = ("0.5", "0.7", "0.9", "0.95")
FLOORS: Final = ("0.5", "0.2", "0.05")
GRACES_MS: Final = (3_000, 6_000, 10_000)


def draw_settings(chance: Chance, markets: Sequence[PlannedMarket]) -> dict[str, object]:
    """Return keys of the configuration and their values."""
    drawn = chance.stream("settings")
    grace_ms = drawn.pick(GRACES_MS)
    settings: dict[str, object] = {
        "markets": [planned.market.slug for planned in markets],
        "profile": drawn.pick(PROFILES),
        "runtime.unknown_grace_ms": grace_ms,
        "runtime.request_timeout_ms": grace_ms // 3,
        "runtime.submit_within_ms": drawn.pick((200, 500, 900)),
        "runtime.rest_min_ms": drawn.pick((0, 200, 500, 2_000)),
        "runtime.reconcile_every_s": drawn.pick((2, 5, 10, 20)),
        "runtime.stop_within_s": drawn.pick((1, 5)),
        "feed.silent_after_s": drawn.pick((2, 5, 10)),
        "feed.reconnect_delay_ms_max": drawn.pick((500, 2_000)),
        "feed.snapshot_within_s": drawn.pick((1, 5)),
        "feed.assets_per_connection": drawn.pick((2, 100)),
        "risk.intent_repeat_after_ms": drawn.pick((0, 100, 500)),
        "risk.stale_after_ms": drawn.pick((4_000, 10_000)),
        "risk.trade_notional_max": drawn.pick((6, 10, 20)),
        "paper.cash": drawn.pick((30, 100, 1_000)),
        "strategies": _draw_strategies(chance.stream("strategies"), markets),
    }
    if drawn.happens(500_000):
        settings |= _draw_limits(chance.stream("limits"))
    return settings


def _draw_limits(chance: Stream) -> dict[str, object]:
    """Return tight limits: one or two orders use them up."""
    limits = {
        "risk.total_exposure_max": chance.pick((8, 15, 30)),
        "risk.window_notional_max": chance.pick((8, 12, 20)),
        "risk.market_position_max": chance.pick((10, 20, 40)),
        "risk.open_orders_max": chance.pick((2, 3, 6)),
    }
    return {key: limit for key, limit in limits.items() if chance.happens(500_000)}


def _draw_strategies(chance: Stream, markets: Sequence[PlannedMarket]) -> list[dict[str, Any]]:
    """Return one that buys in every market, in most seeds one that sells it again, and some more."""
    everywhere = {"market": "*", "outcome": chance.below(2), "name": "top_bidder"}
    bidder = {"side": "BUY", "limit_price": Decimal(PRICES[-1]), "shares_per_order": 5}
    seller = {"side": "SELL", "limit_price": Decimal(FLOORS[-1])}
    drawn: list[dict[str, Any]] = [everywhere | bidder]
    if chance.happens(700_000):
        drawn.append(everywhere | seller | {"shares_per_order": chance.pick((5, 10))})
    for _ in range(chance.between(0, 3)):
        entry = _draw_splitter(chance) if chance.happens(600_000) else _draw_bidder(chance)
        market = chance.pick(markets).market.slug
        drawn.append({"market": market, "outcome": chance.below(2), **entry})
    return drawn


def _draw_side(chance: Stream) -> dict[str, Any]:
    is_sell = chance.happens(300_000)
    price = chance.pick(FLOORS if is_sell else PRICES)
    return {"side": "SELL" if is_sell else "BUY", "limit_price": Decimal(price)}


def _draw_bidder(chance: Stream) -> dict[str, Any]:
    return {
        "name": "top_bidder",
        "shares_per_order": chance.pick((5, 5, 8, 15)),
        **_draw_side(chance),
    }


def _draw_splitter(chance: Stream) -> dict[str, Any]:
    slice_min = chance.pick((5, 6))
    return {
        "name": "order_splitter",
        "total_shares": chance.pick((10, 20, 60)),
        "time_window_minutes": 1,
        "min_order_size": slice_min,
        "max_order_size": slice_min + chance.pick((0, 5)),
        "patience_s": chance.pick((0, 2, 10)),
        **_draw_side(chance),
    }
