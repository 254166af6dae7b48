"""What differs between the modes: one code base, swapped plugs. The only file that asks for the mode."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from config.mode import Mode
from config.settings import Settings
from daemon.domain.feed import MarketEvent
from daemon.domain.market import Market
from daemon.domain.order import Order
from daemon.domain.venue_reports import VenueReport
from daemon.errors import ConfigError
from daemon.ports import Account, Clock, Venue
from daemon.risk.approval import Prepare
from daemon.sim.paper_venue import PaperVenue, prepare


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugs:
    """What a mode plugs in."""

    venue: Venue
    account: Account
    """What the venue knows of us."""
    prepare: Prepare
    is_own_shown: bool
    """The venue's book shows our own orders."""
    observe: Callable[[tuple[MarketEvent, ...]], None]
    """Sees every frame before the engine does."""
    adopt: Callable[[tuple[Order, ...]], None]
    """Takes back the orders an earlier run left open."""
    freeze: Callable[[bool], None]
    """Stops and resumes the venue while nothing can be written down."""
    waiting: Callable[[], int]
    """Requests that wait for the clock."""


def plugs_for(
    settings: Settings,
    clock: Clock,
    markets: tuple[Market, ...],
    report: Callable[[VenueReport], None],
) -> Plugs:
    """Return the plugs of the configured mode; `report` takes the venue's own news."""
    match settings.mode:
        case Mode.PAPER:
            return _paper(settings, clock, markets, report)
        case Mode.DRY_RUN | Mode.LIVE:
            raise ConfigError(
                f'mode: {settings.mode} is not part of this release; use mode = "paper"'
            )
        case _:
            assert_never(settings.mode)


def _paper(
    settings: Settings,
    clock: Clock,
    markets: tuple[Market, ...],
    report: Callable[[VenueReport], None],
) -> Plugs:
    venue = PaperVenue(clock=clock, markets=markets, options=settings.paper, report=report)

    def freeze(is_frozen: bool) -> None:
        venue.is_frozen = is_frozen

    return Plugs(
        venue=venue,
        account=venue.account,
        prepare=prepare,
        is_own_shown=False,
        observe=venue.observe,
        adopt=venue.adopt,
        freeze=freeze,
        waiting=lambda: venue.waiting,
    )
