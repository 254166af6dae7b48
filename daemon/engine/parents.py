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

    def is_done(self, parent: Parent, market: Market, desk: OrderDesk, now: Nanos) -> bool:
        """Tell whether there is no work left.

        Done means: all slices due, no child that may still fill, and what is left is below what the
        venue takes.
        """
        return (
            now >= parent.due_at(len(parent.request.slices) - 1)
            and self.left(parent, desk) < market.shares_min
            and self.is_quiet(parent, desk)
        )

    def is_quiet(self, parent: Parent, desk: OrderDesk) -> bool:
        """Tell whether no child may still fill."""
        parent_id = parent.request.parent_id
        return not any(order.parent_id == parent_id and order.at_risk for order in desk.live())

    def left(self, parent: Parent, desk: OrderDesk) -> Shares:
        """Return what the children have not filled."""
        request = parent.request
        return Shares(max(0, request.shares - desk.parent_total(request.parent_id)))
