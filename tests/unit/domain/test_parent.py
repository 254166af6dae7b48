from daemon.domain.units import NANOS_PER_S
from tests.builders import START, a_parent, shares


def test_size_of_a_parent_is_the_sum_of_its_slices() -> None:
    assert a_parent(slices={0: "30", 60: "30.5"}).request.shares == shares("60.5")


def test_slice_is_due_its_time_after_the_start() -> None:
    parent = a_parent(slices={0: "30", 60: "30"})
    assert [parent.due_at(index) - START for index in (0, 1)] == [0, 60 * NANOS_PER_S]
