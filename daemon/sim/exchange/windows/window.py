"""Rolling up/down windows: series, slugs, and which window there is at a time.

A window starts at a multiple of its length since 1970 and its slug names that second:
`btc-updown-15m-1790000100`. Windows follow each other without a gap; the end of one is the start of
the next. They are listed about a day ahead, and the listing is not the start.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.errors import ConfigError
from daemon.sim.exchange.windows.eastern_time import eastern

ASSETS: Final = {
    "btc": "Bitcoin",
    "eth": "Ethereum",
    "sol": "Solana",
    "xrp": "XRP",
    "doge": "Dogecoin",
    "bnb": "BNB",
    "hype": "Hyperliquid",
    "zec": "Zcash",
}
"""What the venue runs windows on, and how its questions name it."""

MINUTES: Final = (5, 15)

LISTED_BEFORE: Final = Nanos((24 * 3600 + 480) * NANOS_PER_S)
"""The discovery API shows a window this long before its start."""
HYDRATION: Final = Nanos(60 * NANOS_PER_S)
"""From the listing until its book exists and takes orders; before that the order book knows nothing."""

AROUND_MAX: Final = 500
"""Most windows of one question; about five days of the 15-minute series."""

_SLUG: Final = re.compile(r"([a-z]+)-updown-([0-9]+)m-([0-9]{1,11})", re.ASCII)


class WindowStage(StrEnum):
    """How far the market of a window has come."""

    UNLISTED = "unlisted"
    LISTED = "listed"
    """Discovery shows it; it takes no orders yet."""
    OPEN = "open"
    """It takes orders, also after its end: the book stays open until the resolution."""
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSeries:
    """All windows of one asset and length; raises ConfigError for one that the venue does not run."""

    asset: str
    minutes: int

    def __post_init__(self) -> None:
        if self.asset not in ASSETS:
            raise ConfigError(f"no windows on {self.asset!r}; give one of {', '.join(ASSETS)}")
        if self.minutes not in MINUTES:
            raise ConfigError(f"no windows of {self.minutes} minutes; give 5 or 15")

    @property
    def slug(self) -> str:
        """The series' own name."""
        return f"{self.asset}-up-or-down-{self.minutes}m"

    @property
    def title(self) -> str:
        """The title of each event of the series."""
        return f"{ASSETS[self.asset]} Up or Down"

    @property
    def length(self) -> Nanos:
        """How long a window is."""
        return Nanos(self.minutes * 60 * NANOS_PER_S)

    def window_at(self, now: Nanos) -> "Window":
        """Return the window an instant lies in."""
        return Window(series=self, start_at=Nanos(now - now % self.length))

    def around(self, now: Nanos, *, before: int = 1, after: int = 1) -> tuple["Window", ...]:
        """Return the windows from `before` the current one to `after` it, in order of time."""
        if min(before, after) < 0 or before + after >= AROUND_MAX:
            raise AssertionError(f"{before} before and {after} after is not 1 to {AROUND_MAX}")
        current = self.window_at(now)
        return tuple(current.shifted(by) for by in range(-before, after + 1))

    def listed(self, now: Nanos) -> Iterator["Window"]:
        """Yield the current window and all later ones that discovery shows, in order of time."""
        window = self.window_at(now)
        while window.listed_at <= now:
            yield window
            window = window.shifted(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One window: `start_at` belongs to it, `end_at` to the next."""

    series: WindowSeries
    start_at: Nanos

    @property
    def end_at(self) -> Nanos:
        """When it ends and the next one starts."""
        return Nanos(self.start_at + self.series.length)

    @property
    def listed_at(self) -> Nanos:
        """When discovery shows it first."""
        return Nanos(self.start_at - LISTED_BEFORE)

    @property
    def opens_at(self) -> Nanos:
        """When it takes orders first, about a day before it starts."""
        return Nanos(self.listed_at + HYDRATION)

    @property
    def slug(self) -> str:
        """The slug of its market and of its event."""
        seconds = self.start_at // NANOS_PER_S
        return f"{self.series.asset}-updown-{self.series.minutes}m-{seconds}"

    @property
    def question(self) -> str:
        """What its market asks, in the words and the clock of the venue."""
        start, end = eastern(self.start_at), eastern(self.end_at)
        day = f"{start:%B} {start.day}"
        return f"{self.series.title} - {day}, {_clock(start)}-{_clock(end)} ET"

    def shifted(self, by: int) -> "Window":
        """Return the window so many places later; earlier when negative."""
        return Window(series=self.series, start_at=Nanos(self.start_at + by * self.series.length))

    def stage_at(self, now: Nanos, *, resolved_at: Nanos) -> WindowStage:
        """Return how far its market has come at an instant."""
        if now < self.listed_at:
            return WindowStage.UNLISTED
        if now < self.opens_at:
            return WindowStage.LISTED
        return WindowStage.OPEN if now < resolved_at else WindowStage.RESOLVED


def parse_window(slug: str) -> Window | None:
    """Return the window that a slug names, or None when there is no such window."""
    found = _SLUG.fullmatch(slug)
    if found is None or found[1] not in ASSETS or found[2] not in map(str, MINUTES):
        return None
    series = WindowSeries(asset=found[1], minutes=int(found[2]))
    window = Window(series=series, start_at=Nanos(int(found[3]) * NANOS_PER_S))
    return window if window == series.window_at(window.start_at) and window.slug == slug else None


def _clock(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M}{'AM' if at.hour < 12 else 'PM'}"
