"""The queue in front of one order, whatever is printed and however its level changes."""

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.units import MICRO, NANOS_PER_MS, Nanos, Shares
from daemon.sim.resting_order import RestingOrder
from tests.builders import an_order


@given(
    news=st.lists(
        st.tuples(st.sampled_from(["print", "level", "wait"]), st.integers(0, 200)), max_size=30
    ),
    displayed=st.integers(0, 100),
    share=st.sampled_from([0, MICRO // 2, MICRO]),
)
def test_a_queue_only_moves_forward_and_gives_no_more_than_went(
    news: list[tuple[str, int]], displayed: int, share: int
) -> None:
    now, went, reached, level = Nanos(0), 0, 0, displayed
    resting = RestingOrder(an_order(shares="1000"))
    resting.place(Shares(displayed), now)
    for what, number in news:
        before = resting.ahead
        if what == "print":
            went += number
            reached += resting.note_print(Shares(number), at=now, now=now)
        elif what == "level":
            went += max(0, level - number) * share // MICRO
            level = number
            reached += resting.note_level(
                Shares(number), is_best=True, shrink_traded=share, spent=Shares(0), now=now
            )
        else:
            now = Nanos(now + number * 10 * NANOS_PER_MS)
        assert 0 <= resting.ahead <= before
    assert reached <= max(0, went)
