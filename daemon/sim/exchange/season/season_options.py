"""What a season is to be: which windows, how many ahead, who trades, how long the past is kept."""

from dataclasses import dataclass, field
from typing import Final

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.windows.window import WindowSeries

AHEAD_MAX: Final = 100
"""Most windows of a series that are listed before they start; the venue lists about a day ahead."""
CREW_MAX: Final = 20
"""Most participants of one kind in one window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewOptions:
    """Who trades in every window; slowness 1 moves the book, or trades, as often as recorded ones do.

    As they are, four windows at once take half a core at speed 60 with a listener who follows all of
    them (docs/performance.md), which leaves as much for requests.
    """

    makers: int = 1
    takers: int = 1
    pennies: int = 0
    """Rivals that outbid whoever is best."""
    flickers: int = 0
    """Rivals that show size and take it away."""
    slowness: int = 10
    taker_slowness: int = 4

    def __post_init__(self) -> None:
        counts = (self.makers, self.takers, self.pennies, self.flickers)
        assert all(0 <= count <= CREW_MAX for count in counts)
        assert min(self.slowness, self.taker_slowness) > 0


NOBODY: Final = CrewOptions(makers=0, takers=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonOptions:
    """A season of at least one series.

    At the venue windows are listed a day ahead; here `ahead` of each series are, so that memory stays
    flat, and what was resolved is forgotten after `kept`, unless somebody has not redeemed it yet.
    """

    series: tuple[WindowSeries, ...]
    ahead: int = 3
    kept: Nanos = Nanos(3600 * NANOS_PER_S)
    crew: CrewOptions = field(default_factory=CrewOptions)

    def __post_init__(self) -> None:
        assert self.series
        assert len(set(self.series)) == len(self.series), "a series is named twice"
        assert 1 <= self.ahead <= AHEAD_MAX
        assert self.kept > 0
