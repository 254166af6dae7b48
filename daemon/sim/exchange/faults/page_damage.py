"""A page of a list with entries left out, which its cursor does not admit."""

from typing import Any

from daemon.sim.exchange.faults.fault import Fault, FaultKind
from daemon.sim.exchange.records.page import END


def damage_page(page: dict[str, Any], fault: Fault | None) -> dict[str, Any]:
    """Return the page as a fault leaves it; faults of any other kind do nothing to it."""
    if fault is not None and fault.kind is FaultKind.PAGE_EMPTY:
        return page | {"count": 0, "next_cursor": END, "data": []}
    if fault is not None and fault.kind is FaultKind.PAGE_PARTIAL:
        data = page["data"][: len(page["data"]) * fault.amount // 100]
        return page | {"count": len(data), "data": data}
    return page
