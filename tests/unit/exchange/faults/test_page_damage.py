"""Entries that a page loses."""

import pytest

from daemon.sim.exchange.faults.fault import Fault, FaultKind
from daemon.sim.exchange.faults.page_damage import damage_page
from daemon.sim.exchange.records.page import END, build_page

PAGE = build_page(range(10), 0, limit=4)


def test_a_page_without_a_fault_of_its_own_is_left_alone() -> None:
    assert damage_page(PAGE, None) is PAGE
    assert damage_page(PAGE, Fault(kind=FaultKind.SNAPSHOT_GHOST)) is PAGE


def test_an_empty_page_claims_to_be_the_last() -> None:
    damaged = damage_page(PAGE, Fault(kind=FaultKind.PAGE_EMPTY))
    assert damaged == {"limit": 4, "count": 0, "next_cursor": END, "data": []}


@pytest.mark.parametrize(("percent", "kept"), [(1, 0), (50, 2), (99, 3)])
def test_a_partial_page_goes_on_as_if_it_were_whole(percent: int, kept: int) -> None:
    damaged = damage_page(PAGE, Fault(kind=FaultKind.PAGE_PARTIAL, amount=percent))
    assert damaged == PAGE | {"count": kept, "data": list(range(kept))}
