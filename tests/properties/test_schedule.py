from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from daemon.domain.schedule import SLICES_MAX, twap
from daemon.domain.units import LOT, Nanos, Shares

lots = st.integers(1, 200_000)
windows = st.integers(0, 10**14).map(Nanos)


@given(total=lots, slice_min=lots, slice_max=lots, window=windows)
def test_twap_slices_are_equal_exact_and_never_below_the_minimum(
    total: int, slice_min: int, slice_max: int, window: Nanos
) -> None:
    assume(slice_min <= slice_max and slice_min <= total)
    assume(-(-total // slice_max) <= SLICES_MAX)
    slices = twap(
        total=Shares(total * LOT),
        window=window,
        slice_min=Shares(slice_min * LOT),
        slice_max=Shares(slice_max * LOT),
    )
    sizes = [s.shares for s in slices]
    assert sum(sizes) == total * LOT
    assert all(size % LOT == 0 for size in sizes)
    assert min(sizes) >= slice_min * LOT
    assert max(sizes) - min(sizes) <= LOT
    if total // slice_min >= -(-total // slice_max):
        assert max(sizes) <= slice_max * LOT
    else:
        # One more slice would undercut the minimum.
        assert (len(sizes) + 1) * slice_min > total


@given(total=lots, slice_max=lots, window=windows)
def test_twap_slices_are_due_at_equal_intervals_from_the_start(
    total: int, slice_max: int, window: Nanos
) -> None:
    assume(-(-total // slice_max) <= 500)
    slices = twap(
        total=Shares(total * LOT),
        window=window,
        slice_min=LOT,
        slice_max=Shares(slice_max * LOT),
    )
    dues = [s.due_after for s in slices]
    assert dues[0] == 0
    gaps = {later - earlier for earlier, later in pairwise([*dues, window])}
    assert max(gaps) - min(gaps) <= 1


@given(
    total=st.integers(1, 10**9), slice_min=st.integers(1, 10**9), slice_max=st.integers(1, 10**9)
)
def test_bounds_that_are_not_whole_lots_are_kept_all_the_same(
    total: int, slice_min: int, slice_max: int
) -> None:
    try:
        slices = twap(
            total=Shares(total * LOT),
            window=Nanos(1),
            slice_min=Shares(slice_min),
            slice_max=Shares(slice_max),
        )
    except ValueError:
        return
    assert min(s.shares for s in slices) >= slice_min
    if max(s.shares for s in slices) > slice_max:
        smallest = -(-slice_min // LOT)
        assert (len(slices) + 1) * smallest > total, "one more slice would have been possible"
