"""One promise of the daemon, and the moments at which it can be seen to be broken."""

from collections.abc import Sequence
from typing import ClassVar

from daemon.domain.facts import Fact
from daemon.domain.order import Order
from daemon.ports import Entry
from daemon.runtime.loop import Step
from daemon.sim.exchange.trading.reply import SubmitReply
from daemon.sim.exchange.trading.venue_order import PostedOrder
from daemon.simulation.auditor.evidence import Evidence
from daemon.simulation.auditor.venue_books import VenueLeg


class Invariant:
    """Does nothing at any moment; each invariant overrides the moments it needs.

    Overridden or not is decided once, so that a moment costs what the invariants do in it.
    """

    name: ClassVar[str]
    promise: ClassVar[str]
    """One sentence, for people."""
    facts: ClassVar[tuple[type, ...]] = ()
    """Kinds of facts that `told` is called for."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def broken(self, text: str) -> None:
        """Report how the promise was broken."""
        self.evidence.report(self.name, text)

    def life_began(self, durable: Sequence[Entry]) -> None:
        """A life has rebuilt its state from these facts."""

    def life_ended(self) -> None:
        """Nothing of a life runs any more."""

    def told(self, fact: Fact) -> None:
        """A fact is about to be entered; the books are as it found them."""

    def decided(self, step: Step) -> None:
        """A step was made and its facts are entered."""

    def committed(self, entries: Sequence[Entry]) -> None:
        """A group became durable and is entered."""

    def sent(self, order: Order) -> None:
        """A submit leaves; it is not entered yet."""

    def cancel_sent(self, order: Order) -> None:
        """A cancel leaves."""

    def arrived(self, posted: PostedOrder, reply: SubmitReply) -> None:
        """An order reached the exchange and was answered; the answer is not entered yet."""

    def traded(self, legs: Sequence[VenueLeg]) -> None:
        """The exchange has matched orders of the daemon."""

    def passed(self) -> None:
        """A second has passed."""

    def compare(self) -> None:
        """Compare everything; comes every few seconds and at the end of every life."""

    def ended(self) -> None:
        """The world is over: no fault, no life, every trade final."""
