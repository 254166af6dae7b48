"""What every desk of the exchange works on: one marketplace, who may trade, what goes wrong, one time."""

from collections.abc import Callable
from dataclasses import dataclass

from daemon.domain.units import Nanos
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.api_keys import ApiKeys
from daemon.sim.exchange.auth.wallet import Wallet
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.front.service_schedule import ServiceSchedule
from daemon.sim.exchange.marketplace.marketplace import Marketplace


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

    def now(self) -> Nanos:
        """Let everything happen that is due and return the time; every request begins with it."""
        now = max(self.clock(), self.marketplace.now)
        self.marketplace.advance(now)
        return now
