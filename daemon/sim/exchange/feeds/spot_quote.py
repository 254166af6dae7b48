"""The spot market of an asset on another exchange: near the reference price, never quite it.

Everything follows from the reference price and the seed; nothing is kept between two prices.
"""

from dataclasses import dataclass
from typing import Final

from daemon.domain.units import MICRO, NANOS_PER_MS, NANOS_PER_S
from daemon.sim.exchange.windows.window_resolution import ReferencePrice
from daemon.sim.named_chance import NamedChance

BASIS_PPM: Final = 50
"""The spot price is off by at most so many millionths, another amount every minute."""
LOTS: Final = (10, 50_000)
"""Least and most of a trade or a level, in hundred-thousandths of the asset."""
FIRST_TRADE: Final = 5_000_000_000
FIRST_UPDATE: Final = 90_000_000_000

_MINUTE: Final = 60 * NANOS_PER_S
_FINE_TICK: Final = MICRO // 10_000
_TICK: Final = MICRO // 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotQuote:
    """One moment: the best prices, and a trade at one of them; prices in millionths of a dollar."""

    at_ms: int
    number: int
    """Counts the seconds, so that ids rise."""
    bid: int
    ask: int
    bid_lots: int
    ask_lots: int
    trade_price: int
    trade_lots: int
    is_buyer_maker: bool


def build_quote(asset: str, price: ReferencePrice, chance: NamedChance) -> SpotQuote:
    """Return the spot market at the time of a reference price."""
    number = price.at // NANOS_PER_S
    basis = chance.between(-BASIS_PPM, BASIS_PPM, asset, "basis", price.at // _MINUTE)
    tick = _TICK if price.price >= 10 * MICRO else _FINE_TICK
    middle = price.price + price.price * basis // MICRO
    ask = max(2 * tick, -(-middle // tick) * tick)
    bid = ask - tick
    is_buyer_maker = chance.below(2, asset, "maker", price.at) == 0
    lots = [chance.between(*LOTS, asset, name, price.at) for name in ("bid", "ask", "trade")]
    return SpotQuote(
        at_ms=price.at // NANOS_PER_MS,
        number=number,
        bid=bid,
        ask=ask,
        bid_lots=lots[0],
        ask_lots=lots[1],
        trade_price=bid if is_buyer_maker else ask,
        trade_lots=lots[2],
        is_buyer_maker=is_buyer_maker,
    )
