"""What every desk of the exchange works on: one marketplace, who may trade, what goes wrong, one time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from daemon.domain.units import Nanos
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.api_keys import ApiKeys
from daemon.sim.exchange.auth.wallet import Wallet
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.faults.match_fates import MatchFates
from daemon.sim.exchange.front.service_schedule import ServiceSchedule
from daemon.sim.exchange.marketplace.marketplace import Marketplace

INSTANTS_MAX: Final = 64
"""Instants of the venue that happen in one piece, some milliseconds of machine time: whoever waits to
be served, and the end of the process, wait no longer."""


@dataclass(slots=True, kw_only=True)
class Floor:
    """What every desk of the box works on; `faults` and `service` may be replaced at any time.

    A desk asks for them when it needs them and keeps neither.
    """

    marketplace: Marketplace
    books: DisplayedBooks
    keys: ApiKeys
    """Keys alive, for whoever proved control of an address."""
    wallets: dict[Address, Wallet]
    """Who may trade."""
    faults: FaultPlan
    service: ServiceSchedule
    clock: Callable[[], Nanos]
    """The time of the venue."""
    fates: MatchFates = field(init=False)
    """What goes wrong with matches."""
    is_behind: bool = False
    """Whether more was due than happened: its time is earlier than the clock's until that is done."""

    def __post_init__(self) -> None:
        """Ask for the plan of the moment each time."""
        self.fates = MatchFates(lambda: self.faults, self.keys)

    def now(self) -> Nanos:
        """Let happen what is due and return the time that has come; every request begins with it.

        Nobody waits here for more than `INSTANTS_MAX`: what is left happens next time, and until then
        it is not later than that.
        """
        marketplace = self.marketplace
        wanted = max(self.clock(), marketplace.now)
        self.is_behind = not marketplace.advance(wanted, instants_max=INSTANTS_MAX)
        return marketplace.now
