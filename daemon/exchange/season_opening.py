"""Opens the prices that the feeds tell, and the season of windows that are decided by them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from daemon.domain.ids import ConditionId
from daemon.domain.units import Nanos
from daemon.exchange.options import BoxOptions
from daemon.exchange.price_file import open_prices
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.season.recorded_prices import recorded_prices
from daemon.sim.exchange.season.reference_prices import ReferencePrices
from daemon.sim.exchange.season.season import Season, generated_prices, prices_begin
from daemon.sim.exchange.season.season_options import SeasonOptions
from daemon.sim.exchange.season.strike import Strike
from daemon.sim.exchange.windows.window import MINUTES, WindowSeries

ASSETS: Final = ("btc", "eth")
"""What prices are generated of, and what windows are about then: each in both lengths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSeason:
    """What others tell of the season."""

    prices: Mapping[str, ReferencePrices]
    """The reference price of each asset."""
    strikes: Mapping[ConditionId, Strike] = field(default_factory=dict[ConditionId, Strike])
    """Price to beat and final price of the windows that have started; none without windows."""


def open_season(
    marketplace: Marketplace, seed: str, *, has_windows: bool, prices: Mapping[str, ReferencePrices]
) -> OpenSeason:
    """Let prices begin and, if there are windows, these with their participants."""
    for price in prices.values():
        price.begin(marketplace)
    if not has_windows:
        return OpenSeason(prices=prices)
    series = tuple(
        WindowSeries(asset=asset, minutes=minutes) for asset in prices for minutes in MINUTES
    )
    season = Season(
        marketplace=marketplace,
        options=SeasonOptions(series=series),
        prices=prices,
        seed=seed,
    )
    season.begin()
    return OpenSeason(prices=prices, strikes=season.strikes)


def open_reference(options: BoxOptions, now: Nanos) -> Mapping[str, ReferencePrices]:
    """Return the prices that the options ask for, recorded or generated; ConfigError for no file."""
    if options.prices is None:
        return {asset: generated_prices(asset, str(options.seed), now) for asset in ASSETS}
    recorded = open_prices(Path(options.prices))
    first_at = prices_begin(now) if options.tape is None else None
    return recorded_prices(recorded, now, first_at=first_at)
