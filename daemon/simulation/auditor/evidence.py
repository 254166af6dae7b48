"""Everything the invariants judge by: the exchange's side, the daemon's side, and the time."""

from collections.abc import Sequence
from typing import Final

from daemon.domain.facts import Fact
from daemon.domain.ids import ClientOrderId
from daemon.domain.order_events import OrderCreated, OrderFailed, OrderFilled
from daemon.domain.units import LOT, Nanos
from daemon.engine.state import EngineState
from daemon.ports import Entry
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.exchange.trading.venue_event import (
    OrderReported,
    SubmitAnswered,
    TradeReported,
    VenueEvent,
)
from daemon.simulation.auditor.known_facts import KnownFacts
from daemon.simulation.auditor.own_orders import OwnOrder, OwnOrders, Whereabouts
from daemon.simulation.auditor.premises import Premises
from daemon.simulation.auditor.venue_books import VenueBooks, VenueLeg
from daemon.simulation.auditor.violation import Violation

VIOLATIONS_MAX: Final = 100
"""Kept of one world; the first ones tell the story."""


class Evidence:
    """Kept by the auditor, read by the invariants."""

    def __init__(self, exchange: Exchange, premises: Premises) -> None:
        self.exchange, self.premises = exchange, premises
        self.orders = OwnOrders()
        self.venue = VenueBooks(exchange, premises.owner)
        self.told = KnownFacts()
        """What the daemon of this life knows."""
        self.durable: list[Fact] = []
        """What was committed, in all lives."""
        self.intents: set[ClientOrderId] = set()
        """Orders whose creation is committed."""
        self._last_seq = 0
        self.state: EngineState | None = None
        """The state of the newest life, to be compared and never to be computed with."""
        self.is_alive = False
        self.at = Nanos(0)
        self.life = 0
        self.life_began_at = self.life_ended_at = Nanos(0)
        self.killed_at: Nanos | None = None
        """Since when the kill switch is engaged."""
        self.calm_since: Nanos | None = None
        """Since when there are no faults."""
        self.violations: list[Violation] = []

    def report(self, invariant: str, text: str) -> None:
        """Write down that a promise was broken."""
        if len(self.violations) < VIOLATIONS_MAX:
            self.violations.append(
                Violation(invariant=invariant, at=self.at, life=self.life, text=text)
            )

    def begin(self, number: int, state: EngineState, durable: Sequence[Entry], at: Nanos) -> None:
        """A new life knows what the facts say and nothing else."""
        self.life, self.life_began_at, self.state, self.at = number, at, state, at
        self._last_seq, self.is_alive = 0, True
        self.told = KnownFacts(fact for entry in durable for fact in entry.facts)
        self.venue.untold = {
            leg_id: leg.matched_at
            for leg_id, leg in self.venue.legs.items()
            if leg_id not in self.told.legs
        }
        for own in self.orders.orders.values():
            self.orders.unfinished[own.order.client_order_id] = own
        self.forget_finished()

    def end(self) -> None:
        """Whatever the process held in memory is gone."""
        self.orders.abandon_unsent()
        self.is_alive, self.life_ended_at = False, self.at

    def commit(self, entries: Sequence[Entry]) -> None:
        """Enter what became durable; a group that is written again is entered once."""
        for entry in entries:
            for seq, fact in enumerate(entry.facts, entry.seq):
                if seq > self._last_seq:
                    self._last_seq = seq
                    self.durable.append(fact)
                    if isinstance(fact, OrderCreated):
                        self.intents.add(fact.order.client_order_id)

    def learn(self, fact: Fact) -> None:
        """Enter a fact of this life."""
        self.told.fold(fact)
        if isinstance(fact, OrderCreated):
            self.orders.create(fact.order, self.at)
        elif isinstance(fact, OrderFilled):
            self.venue.untold.pop(fact.fill.leg, None)
        elif isinstance(fact, OrderFailed):
            own = self.orders.orders.get(fact.client_order_id)
            if own is not None and own.whereabouts is Whereabouts.AT_HOME:
                self.orders.end(own)

    def watch(self, event: VenueEvent) -> list[VenueLeg]:
        """Follow the exchange; return the legs of the daemon's orders that are new."""
        if isinstance(event, OrderReported):
            own = self.orders.find(event.order.posted.order_id)
            if own is not None:
                self.orders.follow(own, event.order)
                return self.venue.note_trades(own, event.order.trade_ids)
        elif isinstance(event, TradeReported):
            if event.owner == self.premises.owner:
                self.venue.note_settlement(event.trade)
        elif isinstance(event, SubmitAnswered) and isinstance(event.reply, Refusal):
            own = self.orders.find(event.order_id)
            if own is not None:  # It was held, and never existed.
                own.whereabouts = Whereabouts.OVER
        return []

    def at_risk(self, own: OwnOrder) -> int:
        """Return the shares of an order that the daemon may still be told of.

        Less than a lot is dust: nobody can order it, and the daemon counts such an order as filled.
        """
        left = own.reachable - self.told.filled.get(own.order.client_order_id, 0)
        return left if left >= LOT else 0

    def is_settled_matter(self, own: OwnOrder) -> bool:
        """Tell whether an order is over and the daemon knows all of it."""
        return own.whereabouts is Whereabouts.OVER and not self.at_risk(own)

    def forget_finished(self) -> None:
        """Look no more at orders of which nothing can come."""
        unfinished = self.orders.unfinished
        for name in [name for name, own in unfinished.items() if self.is_settled_matter(own)]:
            del unfinished[name]
