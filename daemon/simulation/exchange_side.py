"""The exchange with one account of ours, as processes reach it; it outlives every one of them."""

from dataclasses import dataclass
from typing import Final

from daemon.domain.units import Nanos
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.front.service_schedule import ServiceSchedule
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.gateway.account_past import AccountPast
from daemon.sim.gateway.book_snapshots import BookSnapshots
from daemon.sim.gateway.match_faults import MatchFaults
from daemon.sim.gateway.outside_time import OutsideTime
from daemon.sim.gateway.subscriptions import Subscriptions
from daemon.sim.gateway.venue_gateway import HeldReplies

OWNER: Final = Owner("ours")
WALLET: Final = Wallet("ours")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeSide:
    """The far end of every connection of a process."""

    outside: OutsideTime
    plan: FaultPlan
    service: ServiceSchedule
    match_faults: MatchFaults
    subscriptions: Subscriptions
    snapshots: BookSnapshots
    held: HeldReplies
    past: AccountPast

    @property
    def exchange(self) -> Exchange:
        """The exchange itself; read it, or hand its turns to the marketplace."""
        return self.outside.marketplace.exchange


def build_exchange_side(
    marketplace: Marketplace,
    *,
    plan: FaultPlan,
    service: ServiceSchedule,
    match_faults: MatchFaults,
    origin_at: Nanos,
) -> ExchangeSide:
    """Put everything around a marketplace that processes need; `origin_at`: when loops say 0."""
    exchange = marketplace.exchange
    past, held, subscriptions = AccountPast(exchange, OWNER), HeldReplies(), Subscriptions()
    for watcher in (past.hear, held.hear, subscriptions.tell):
        marketplace.watch(watcher)
    return ExchangeSide(
        outside=OutsideTime(marketplace, origin_at=origin_at),
        plan=plan,
        service=service,
        match_faults=match_faults,
        subscriptions=subscriptions,
        snapshots=BookSnapshots(exchange, plan),
        held=held,
        past=past,
    )
