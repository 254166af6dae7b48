"""Judges a world while it runs: what the daemon knows and does against what really happened."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Final

from daemon.domain.order import Order
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.engine.state import EngineState
from daemon.ports import Entry
from daemon.runtime.loop import Step
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.account_ids import Asset
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.exchange.trading.reply import SubmitReply
from daemon.sim.exchange.trading.venue_event import (
    OrderReported,
    SubmitAnswered,
    TradeReported,
    VenueEvent,
)
from daemon.sim.exchange.trading.venue_order import PostedOrder
from daemon.simulation.auditor.catalogue import INVARIANTS
from daemon.simulation.auditor.evidence import Evidence
from daemon.simulation.auditor.invariant import Invariant
from daemon.simulation.auditor.invariants.conservation import Conservation
from daemon.simulation.auditor.invariants.no_self_doubt import NoSelfDoubt
from daemon.simulation.auditor.premises import Premises
from daemon.simulation.auditor.violation import Violation

PASSED_EVERY: Final = Nanos(NANOS_PER_S)
COMPARE_EVERY: Final = Nanos(10 * NANOS_PER_S)

_OURS: Final = frozenset({OrderReported, TradeReported, SubmitAnswered})


class Auditor:
    """Is told everything by the harness; keeps its own books and asks every invariant.

    Whatever it is told happened now, by the world's own time: `at` never goes back.
    """

    def __init__(self, exchange: Exchange, premises: Premises) -> None:
        """The wallet must hold what it begins with."""
        self._evidence = Evidence(exchange, premises)
        self.invariants = tuple(kind(self._evidence) for kind in INVARIANTS)
        self._told: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
        for invariant in self.invariants:
            for kind in invariant.facts:
                self._told[kind].append(invariant.told)
        self._decided = self._overriding("decided")
        self._sent = self._overriding("sent")
        self._committed = self._overriding("committed")
        self._passed = self._overriding("passed")
        self._compare = self._overriding("compare")
        self._passed_at = self._compared_at = Nanos(0)

    @property
    def violations(self) -> list[Violation]:
        """What was broken so far, oldest first."""
        return self._evidence.violations

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing was broken so far."""
        return not self._evidence.violations

    # --- lives ----------------------------------------------------------------------------------
    def life_began(
        self, number: int, state: EngineState, durable: Sequence[Entry], at: Nanos
    ) -> None:
        """A daemon has rebuilt its state from everything that is durable."""
        self._move_to(at)
        self._evidence.begin(number, state, durable, at)
        for invariant in self.invariants:
            invariant.life_began(durable)

    def life_ended(self, number: int, is_crash: bool, at: Nanos) -> None:
        """Nothing of a life runs any more."""
        assert number == self._evidence.life
        self._move_to(at)
        if not is_crash:
            for compare in self._compare:
                compare()
        for invariant in self.invariants:
            invariant.life_ended()
        self._evidence.end()

    # --- the daemon -----------------------------------------------------------------------------
    def decided(self, step: Step, state: EngineState, at: Nanos) -> None:
        """A step with facts or effects was made; the daemon's own clock may say otherwise."""
        evidence, outcome = self._evidence, step.outcome
        assert state is evidence.state
        evidence.at = max(at, evidence.at)  # The state is ahead of the books until all is entered.
        told = self._told
        for fact in outcome.facts:
            for listener in told.get(type(fact), ()):
                listener(fact)
            evidence.learn(fact)
        for decided in self._decided:
            decided(step)
        self._move_to(at)

    def committed(self, entries: Sequence[Entry], at: Nanos) -> None:
        """A group of facts became durable."""
        self._move_to(at)
        self._evidence.commit(entries)
        for committed in self._committed:
            committed(entries)

    def sent(self, order: Order, at: Nanos) -> None:
        """The daemon sends a submit; what becomes of it is not drawn yet."""
        self._move_to(at)
        for sent in self._sent:
            sent(order)
        own = self._evidence.orders.orders.get(order.client_order_id)
        if own is not None:
            self._evidence.orders.send(own, at)

    def lost(self, order: Order, at: Nanos) -> None:
        """A submit will never reach the exchange."""
        self._move_to(at)
        own = self._evidence.orders.orders.get(order.client_order_id)
        if own is not None:
            self._evidence.orders.end(own)

    def cancel_sent(self, order: Order, at: Nanos) -> None:
        """The daemon sends a cancel."""
        self._move_to(at)
        for invariant in self.invariants:
            invariant.cancel_sent(order)

    def step_failed(self, error: BaseException, at: Nanos) -> None:
        """The engine has stopped at an error."""
        self._move_to(at)
        self._named(NoSelfDoubt).step_failed(error)

    # --- the world ------------------------------------------------------------------------------
    def arrived(self, posted: PostedOrder, reply: SubmitReply, at: Nanos) -> None:
        """The exchange answered a submit; its events are told next, and nothing between."""
        self._evidence.at = max(at, self._evidence.at)
        for invariant in self.invariants:
            invariant.arrived(posted, reply)
        orders = self._evidence.orders
        own = orders.find(posted.order_id)
        if own is not None:
            (orders.end if isinstance(reply, Refusal) else orders.accept)(own)

    def happened(self, events: Sequence[VenueEvent]) -> None:
        """The exchange did something; other people's business is skipped."""
        for event in events:
            if type(event) in _OURS:
                legs = self._evidence.watch(event)
                if legs:
                    for invariant in self.invariants:
                        invariant.traded(legs)

    def moved_by_hand(self, asset: Asset, amount: int, at: Nanos) -> None:
        """Somebody paid into our wallet, or took out of it."""
        self._move_to(at)
        self._named(Conservation).moved_by_hand(asset, amount)

    def kill_switch(self, is_engaged: bool, at: Nanos) -> None:
        """A person threw the kill switch, or took it back."""
        self._move_to(at)
        self._evidence.killed_at = at if is_engaged else None

    def faults_ended(self, at: Nanos) -> None:
        """From now on everything works."""
        self._move_to(at)
        self._evidence.calm_since = at

    def ended(self, at: Nanos) -> None:
        """The world is over; every trade is final."""
        self._move_to(at)
        for invariant in self.invariants:
            invariant.ended()

    def _move_to(self, at: Nanos) -> None:
        """Let time pass; the exchange has told everything by now."""
        evidence = self._evidence
        evidence.at = at = max(at, evidence.at)
        if at - self._passed_at >= PASSED_EVERY:
            self._passed_at = at
            for passed in self._passed:
                passed()
            if at - self._compared_at >= COMPARE_EVERY:
                self._compared_at = at
                evidence.forget_finished()
                for compare in self._compare:
                    compare()

    def _overriding(self, moment: str) -> tuple[Callable[..., None], ...]:
        """Return the methods of the invariants that do something at a moment."""
        return tuple(
            getattr(invariant, moment)
            for invariant in self.invariants
            if getattr(type(invariant), moment) is not getattr(Invariant, moment)
        )

    def _named(self, kind: type[Any]) -> Any:
        (found,) = (invariant for invariant in self.invariants if isinstance(invariant, kind))
        return found
