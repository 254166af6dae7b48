"""Tells everybody what is seen in a world: the trace, the counts, and whoever judges."""

from collections.abc import Sequence
from dataclasses import dataclass

from daemon.domain.order import Order
from daemon.domain.units import Nanos
from daemon.engine.state import EngineState
from daemon.ports import Entry
from daemon.runtime.loop import Step
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.reply import SubmitReply
from daemon.sim.exchange.trading.trade import TradeStatus
from daemon.sim.exchange.trading.venue_event import OrderReported, TradeReported, VenueEvent
from daemon.sim.exchange.trading.venue_order import PostedOrder
from daemon.simulation.trace import Trace
from daemon.simulation.witness import Witness


@dataclass(slots=True)
class Counts:
    """What a world had of everything."""

    lives: int = 0
    crashes: int = 0
    orders: int = 0
    """Sent to the venue."""
    fills: int = 0
    """Matches that orders of ours were part of."""
    steps: int = 0
    """Of the engine, those that decided something."""


class Chronicle:
    """Sees a world from outside; implements what the gateway tells and watches the exchange."""

    def __init__(self, *, trace: Trace, witness: Witness, owner: Owner, origin_at: Nanos) -> None:
        self.counts = Counts()
        self._trace, self._witness = trace, witness
        self._owner, self._origin_at = owner, origin_at

    @property
    def is_broken(self) -> bool:
        """Tell whether an invariant is broken."""
        return bool(self._witness.violations)

    def note(self, at: Nanos, text: str) -> None:
        """Add a line to the trace."""
        self._trace.note(Nanos(at - self._origin_at), text)

    def life_began(
        self, number: int, state: EngineState, durable: Sequence[Entry], at: Nanos
    ) -> None:
        """A process was built from what earlier ones made durable."""
        self.counts.lives += 1
        self.note(at, f"life {number} began with {len(durable)} entries")
        self._witness.life_began(number, state, durable, at)

    def life_ended(self, number: int, digest: str, *, is_crash: bool, at: Nanos) -> None:
        """Nothing of a process runs any more; `digest` is that of its decisions."""
        self.counts.crashes += is_crash
        self.note(at, f"life {number} {'crashed' if is_crash else 'ended'} {digest}")
        self._witness.life_ended(number, is_crash=is_crash, at=at)

    def decided(self, step: Step, state: EngineState, at: Nanos) -> None:
        """The engine made a step."""
        self.counts.steps += 1
        facts = " ".join(type(fact).__name__ for fact in step.outcome.facts)
        effects = " ".join(type(effect).__name__ for effect in step.outcome.effects)
        self.note(at, f"step {step.outcome.seq} {len(step.events)} [{facts}] [{effects}]")
        self._witness.decided(step, state, at)

    def committed(self, entries: Sequence[Entry], at: Nanos) -> None:
        """A group became durable."""
        self.note(at, f"committed {entries[0].seq} {len(entries)}")
        self._witness.committed(entries, at)

    def sent(self, order: Order, at: Nanos) -> None:
        """A process hands an order over."""
        self.counts.orders += 1
        self.note(at, f"sent {order.client_order_id} {order.venue_order_id}")
        self._witness.sent(order, at)

    def lost(self, order: Order, at: Nanos) -> None:
        """An order that was sent never reaches the exchange."""
        self.note(at, f"lost {order.client_order_id}")
        self._witness.lost(order, at)

    def arrived(self, posted: PostedOrder, reply: SubmitReply, at: Nanos) -> None:
        """An order reached the exchange."""
        self.note(at, f"arrived {posted.order_id} {reply!r}")
        self._witness.arrived(posted, reply, at)

    def cancel_sent(self, order: Order, at: Nanos) -> None:
        """A process asks to cancel."""
        self.note(at, f"cancel {order.client_order_id}")
        self._witness.cancel_sent(order, at)

    def happened(self, events: tuple[VenueEvent, ...]) -> None:
        """Something happened at the exchange; what is ours goes into the trace."""
        for event in events:
            match event:
                case OrderReported(at=at, kind=kind, order=order):
                    if order.posted.owner == self._owner:
                        status, matched = order.status, order.shares_matched
                        self.note(at, f"order {kind} {order.posted.order_id} {status} {matched}")
                case TradeReported(at=at, trade=trade):
                    if event.owner == self._owner:
                        self.counts.fills += trade.status is TradeStatus.MATCHED
                        self.note(at, f"trade {trade.trade_id} {trade.status} {trade.shares}")
                case _:
                    pass
        self._witness.happened(events)

    def kill_switch(self, is_engaged: bool, at: Nanos) -> None:
        """A kill file was written or removed."""
        self.note(at, f"kill switch {is_engaged}")
        self._witness.kill_switch(is_engaged, at)

    def step_failed(self, error: BaseException, at: Nanos) -> None:
        """A process ended because something in it failed."""
        self.note(at, f"failed {error!r}")
        self._witness.step_failed(error, at)

    def faults_ended(self, at: Nanos) -> None:
        """From now on nothing goes wrong."""
        self.note(at, "calm")
        self._witness.faults_ended(at)

    def ended(self, at: Nanos) -> None:
        """Everything is over."""
        self.note(at, "over")
        self._witness.ended(at)
