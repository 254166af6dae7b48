"""A parent never trades more than it was given."""

from typing import ClassVar

from daemon.domain.facts import Fact, ParentStarted
from daemon.domain.order_events import OrderCreated
from daemon.simulation.auditor.invariant import Invariant


class ParentsWithinTotal(Invariant):
    """Adds up what the children of a parent have and may still come to."""

    name: ClassVar[str] = "parents within total"
    promise: ClassVar[str] = (
        "the children of a parent never can trade more than its total; its progress is their fills"
    )
    facts: ClassVar[tuple[type, ...]] = (OrderCreated, ParentStarted)

    def told(self, fact: Fact) -> None:
        """One more child, or one more parent."""
        evidence = self.evidence
        if isinstance(fact, ParentStarted):
            parent_id = fact.parent.request.parent_id
            if parent_id in evidence.told.parents or parent_id in evidence.told.completed:
                self.broken(f"{parent_id} was started again")
            total = evidence.premises.parents.get(parent_id)
            if fact.parent.request.shares != total:
                self.broken(f"{parent_id} works {fact.parent.request.shares}, given were {total}")
            return
        assert isinstance(fact, OrderCreated)
        parent_id = fact.order.parent_id
        if parent_id is None:
            return
        working = sum(
            evidence.at_risk(own)
            for own in evidence.orders.unfinished.values()
            if own.order.parent_id == parent_id
        )
        reach = evidence.told.progress.get(parent_id, 0) + working + fact.order.shares
        total = evidence.premises.parents.get(parent_id, 0)
        if reach > total:
            self.broken(
                f"with {fact.order.client_order_id} the parent {parent_id} may reach {reach} of {total}"
            )

    def compare(self) -> None:
        """The daemon's progress is the sum of the fills that count."""
        state = self.evidence.state
        if not self.evidence.is_alive or state is None:
            return
        for parent_id, progress in self.evidence.told.progress.items():
            total = state.desk.parent_total(parent_id)
            if total != progress:
                self.broken(f"{parent_id} is at {total} for the daemon, its fills are {progress}")
