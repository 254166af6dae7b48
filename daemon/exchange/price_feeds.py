"""The two price feeds of the exchange, over one source: spot prices and settlement references."""

from collections.abc import Mapping
from typing import Final

from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.exchange.feed_channel import FeedChannel, FeedRules
from daemon.exchange.floor import Floor
from daemon.sim.exchange.feeds.feed_session import FeedSession
from daemon.sim.exchange.feeds.polybolt_session import PolyboltSession
from daemon.sim.exchange.feeds.rtds_session import RtdsSession
from daemon.sim.exchange.feeds.spot_session import enter_spot
from daemon.sim.exchange.season.reference_prices import ReferencePrices
from daemon.sim.exchange.windows.window_resolution import ReferencePrice
from daemon.sim.named_chance import NamedChance

POLYBOLT_PATH: Final = "/ws"
RTDS_PATHS: Final = ("/", "")
SPOT_RULES: Final = FeedRules(messages_per_s=5, ping_every_s=20)
REFERENCE_RULES: Final = FeedRules(messages_per_s=20, ping_every_s=25)
REPORTED_AFTER: Final = Nanos(200 * NANOS_PER_MS)
"""From the time of a reference price to its arrival at the clients; spot prices arrive at once."""

Prices = Mapping[str, ReferencePrices]


def spot_feed(floor: Floor, prices: Prices, seed: str) -> FeedChannel:
    """Return the feed in the shapes of the spot exchange; its base address ends before `/ws`."""
    chance = NamedChance(f"{seed}:spot")
    channel = FeedChannel(
        enter=lambda path: enter_spot(path, chance), now=floor.now, rules=SPOT_RULES
    )
    for one in prices.values():
        _listen(one, channel)
    return channel


def reference_feed(floor: Floor, prices: Prices, seed: str) -> FeedChannel:
    """Return the feed of settlement prices: the newer protocol at `/ws`, the older one at `/`."""
    chance = NamedChance(f"{seed}:spot")

    def enter(path: str) -> FeedSession | None:
        bare = path.partition("?")[0]
        if bare == POLYBOLT_PATH:
            return PolyboltSession(floor.keys, prices)
        return RtdsSession(prices, chance) if bare in RTDS_PATHS else None

    channel = FeedChannel(enter=enter, now=floor.now, rules=REFERENCE_RULES)
    for one in prices.values():
        _listen_later(floor, one, channel)
    return channel


def _listen(prices: ReferencePrices, channel: FeedChannel) -> None:
    prices.listen(lambda price: channel.publish(prices.asset, price, price.at))


def _listen_later(floor: Floor, prices: ReferencePrices, channel: FeedChannel) -> None:
    def report(price: ReferencePrice) -> None:
        floor.marketplace.schedule(
            Nanos(price.at + REPORTED_AFTER),
            lambda now: channel.publish(prices.asset, price, now),
        )

    prices.listen(report)
