"""A season to look at, with everything that happened in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

import pytest

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.season.reference_prices import ReferencePrices
from daemon.sim.exchange.season.season import Season, generated_prices
from daemon.sim.exchange.season.season_options import NOBODY, CrewOptions, SeasonOptions
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.exchange.trading.venue_event import VenueEvent
from daemon.sim.exchange.windows.window import WindowSeries
from daemon.sim.exchange.windows.window_resolution import ReferencePrice

START = Nanos(1_790_000_150 * NANOS_PER_S)
BTC5 = WindowSeries(asset="btc", minutes=5)


@dataclass
class Play:
    """A marketplace with a season, what it showed, and which records came and went."""

    marketplace: Marketplace
    season: Season
    prices: ReferencePrices
    books: DisplayedBooks
    events: list[VenueEvent] = field(default_factory=list[VenueEvent])
    listed: list[TapeMarket] = field(default_factory=list[TapeMarket])
    dropped: list[TapeMarket] = field(default_factory=list[TapeMarket])

    def advance(self, seconds: float) -> None:
        self.marketplace.advance(Nanos(self.marketplace.now + int(seconds * NANOS_PER_S)))


@pytest.fixture
def play() -> Callable[..., Play]:
    def begin(
        *,
        seed: str = "1",
        series: tuple[WindowSeries, ...] = (BTC5,),
        crew: CrewOptions = NOBODY,
        kept_s: int = 600,
        source: Iterator[ReferencePrice] | None = None,
    ) -> Play:
        marketplace = Marketplace(Exchange(ExchangeOptions(), Random(seed), START), START)
        if source is None:
            prices = generated_prices("btc", seed, START)
        else:
            prices = ReferencePrices("btc", source, START)
        prices.begin(marketplace)
        options = SeasonOptions(series=series, crew=crew, kept=Nanos(kept_s * NANOS_PER_S))
        season = Season(marketplace=marketplace, options=options, prices={"btc": prices}, seed=seed)
        result = Play(
            marketplace=marketplace,
            season=season,
            prices=prices,
            books=DisplayedBooks(marketplace),
        )
        marketplace.watch(result.events.extend)
        marketplace.watch_listings(result.listed.append)
        marketplace.watch_departures(result.dropped.append)
        season.begin()
        return result

    return begin
