"""Rolling up/down markets over a marketplace: a new window is listed whenever one starts.

No input or output and no clock of its own: everything is planned in the time of the marketplace, and
every chance is drawn from the seed by name. The same seed, prices and calls give the same events.
"""

from collections.abc import Mapping
from typing import Final

from daemon.domain.ids import ConditionId
from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.participants.reference_walk import walk
from daemon.sim.exchange.season.reference_prices import ReferencePrices
from daemon.sim.exchange.season.season_options import SeasonOptions
from daemon.sim.exchange.season.strike import Strike
from daemon.sim.exchange.season.window_grid import WindowGrid
from daemon.sim.exchange.season.window_run import WindowRun
from daemon.sim.exchange.windows.window import HYDRATION, MINUTES, Window
from daemon.sim.exchange.windows.window_market import build_window_market
from daemon.sim.named_chance import NamedChance

DOLLARS_AT_START: Final = {
    "btc": 85_000,
    "eth": 2_900,
    "sol": 130,
    "xrp": 2,
    "doge": 1,
    "bnb": 850,
    "hype": 30,
    "zec": 500,
}
"""Where generated prices begin, by asset."""

PRICES_BEFORE: Final = Nanos(120 * NANOS_PER_S)
"""Prices begin so long before the oldest window that is running."""
LONGEST: Final = Nanos(max(MINUTES) * 60 * NANOS_PER_S)
"""The longest window; all of them start together with the shorter ones."""


def prices_begin(now: Nanos) -> Nanos:
    """Return when prices must begin so that every running window knows its price to beat."""
    return Nanos(now - now % LONGEST - PRICES_BEFORE)


def generated_prices(asset: str, seed: str, now: Nanos) -> ReferencePrices:
    """Return a reference price that wanders from the seed, known since the running windows began."""
    price = DOLLARS_AT_START[asset] * MICRO
    chance = NamedChance(f"{seed}:{asset}")
    return ReferencePrices(asset, walk(chance, start_at=prices_begin(now), price=price), now)


class Season:
    """All windows of some series, listed, opened, resolved and forgotten in time.

    `prices` are those of each asset of the series; whoever made them also lets them `begin`.
    """

    def __init__(
        self,
        *,
        marketplace: Marketplace,
        options: SeasonOptions,
        prices: Mapping[str, ReferencePrices],
        seed: str,
    ) -> None:
        self._marketplace = marketplace
        self._options = options
        self._prices = prices
        self._seed = seed
        self._chance = NamedChance(f"{seed}:season")
        self._grid = WindowGrid(marketplace)
        self.strikes: dict[ConditionId, Strike] = {}
        """Price to beat and final price of the windows that have started; read only."""

    def begin(self) -> None:
        """List the running window of each series and those ahead, which take orders already."""
        now = self._marketplace.now
        for series in self._options.series:
            current = series.window_at(now)
            for by in range(self._options.ahead + 1):
                self._list(current.shifted(by))
            self._await_start(current.shifted(1))

    def _await_start(self, window: Window) -> None:
        self._marketplace.schedule(window.start_at, lambda now: self._roll(window, now))

    def _roll(self, window: Window, now: Nanos) -> None:
        self._list(window.shifted(self._options.ahead), listed_at=now)
        self._await_start(window.shifted(1))

    def _list(self, window: Window, *, listed_at: Nanos | None = None) -> None:
        record = build_window_market(window, self._seed, listed_at=listed_at)
        self._marketplace.list_market(record, is_open=listed_at is None)
        self._grid.add(ConditionId(record.condition_id))
        run = WindowRun(
            marketplace=self._marketplace,
            prices=self._prices[window.series.asset],
            window=window,
            record=record,
            options=self._options,
            chance=self._chance,
            strikes=self.strikes,
        )
        now = self._marketplace.now
        run.begin(now if listed_at is None else Nanos(listed_at + HYDRATION))
