"""The parents at work and the ones that are done."""

from daemon.domain.ids import ParentId
from daemon.domain.market import Market
from daemon.domain.parent import Parent
from daemon.domain.units import Nanos, Shares
from daemon.engine.order_desk import OrderDesk


class Parents:
    """Started and completed parents of one account; progress itself is the desk's."""

    def __init__(self) -> None:
        self.active: dict[ParentId, Parent] = {}
        self.completed: set[ParentId] = set()

    def start(self, parent: Parent) -> None:
        """Take in a parent; a parent is started once in its life."""
        assert parent.request.parent_id not in self.completed
        self.active[parent.request.parent_id] = parent

    def complete(self, parent_id: ParentId) -> None:
        """Let a parent go."""
        self.active.pop(parent_id, None)
        self.completed.add(parent_id)

    def is_new(self, parent_id: ParentId) -> bool:
        """Tell whether the parent was never started."""
        return parent_id not in self.active and parent_id not in self.completed

    def residue(self, parent: Parent, market: Market, desk: OrderDesk, now: Nanos) -> Shares | None:
        """Return what is left of a parent that is done, None while there is work.

        Done means: all slices due, no child open, and what is left is below what the venue takes.
        """
        request = parent.request
        left = Shares(max(0, request.shares - desk.parent_total(request.parent_id)))
        if left >= market.shares_min or now < parent.due_at(len(request.slices) - 1):
            return None
        if any(order.parent_id == request.parent_id and order.at_risk for order in desk.live()):
            return None
        return left
