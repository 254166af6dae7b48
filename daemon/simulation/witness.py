"""Who watches a world and judges it, as far as the world knows: it is told, and asked at the end."""

from collections.abc import Sequence
from typing import Protocol

from daemon.domain.order import Order
from daemon.domain.units import Nanos
from daemon.engine.state import EngineState
from daemon.ports import Entry
from daemon.runtime.loop import Step
from daemon.sim.exchange.trading.reply import SubmitReply
from daemon.sim.exchange.trading.venue_event import VenueEvent
from daemon.sim.exchange.trading.venue_order import PostedOrder


class Broken(Protocol):
    """One broken invariant."""

    @property
    def invariant(self) -> str:
        """Its name."""
        ...

    @property
    def at(self) -> Nanos:
        """When it was found broken."""
        ...

    @property
    def text(self) -> str:
        """What was expected and what was found."""
        ...


class Witness(Protocol):
    """Sees both sides; times are true venue time."""

    @property
    def violations(self) -> Sequence[Broken]:
        """What is broken so far."""
        ...

    def life_began(
        self, number: int, state: EngineState, durable: Sequence[Entry], at: Nanos
    ) -> None:
        """A process was built from what earlier ones made durable; it has not started."""
        ...

    def life_ended(self, number: int, is_crash: bool, at: Nanos) -> None:
        """Nothing of a process runs any more."""
        ...

    def decided(self, step: Step, state: EngineState, at: Nanos) -> None:
        """The engine made a step that has facts or effects; `state` is the one after it."""
        ...

    def committed(self, entries: Sequence[Entry], at: Nanos) -> None:
        """A group became durable; the same group may become so again."""
        ...

    def sent(self, order: Order, at: Nanos) -> None:
        """The process handed an order to its venue port."""
        ...

    def lost(self, order: Order, at: Nanos) -> None:
        """An order that was sent never reaches the exchange."""
        ...

    def arrived(self, posted: PostedOrder, reply: SubmitReply, at: Nanos) -> None:
        """An order reached the exchange, and what it said; what happened is told next."""
        ...

    def cancel_sent(self, order: Order, at: Nanos) -> None:
        """The process asked its venue port to cancel."""
        ...

    def happened(self, events: tuple[VenueEvent, ...]) -> None:
        """Something happened at the exchange."""
        ...

    def kill_switch(self, is_engaged: bool, at: Nanos) -> None:
        """A kill file was written or removed."""
        ...

    def step_failed(self, error: BaseException, at: Nanos) -> None:
        """A process ended because something in it failed."""
        ...

    def faults_ended(self, at: Nanos) -> None:
        """From now on nothing goes wrong any more."""
        ...

    def ended(self, at: Nanos) -> None:
        """The last process is gone and everything at the exchange is final."""
        ...
