"""Whatever the instant: the windows of a series tile time without gap or overlap."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.units import Nanos
from daemon.sim.exchange.windows.window import ASSETS, MINUTES, WindowSeries, parse_window

SERIES = st.builds(
    WindowSeries, asset=st.sampled_from(sorted(ASSETS)), minutes=st.sampled_from(MINUTES)
)
INSTANTS = st.integers(1_600_000_000 * 10**9, 2_000_000_000 * 10**9).map(Nanos)


@given(series=SERIES, now=INSTANTS, before=st.integers(0, 5), after=st.integers(0, 5))
def test_windows_tile_time(series: WindowSeries, now: Nanos, before: int, after: int) -> None:
    windows = series.around(now, before=before, after=after)
    assert len(windows) == before + 1 + after
    assert windows[before].start_at <= now < windows[before].end_at
    for one, two in pairwise(windows):
        assert one.end_at == two.start_at
    for window in windows:
        assert parse_window(window.slug) == window
        assert series.window_at(window.start_at) == window
        assert series.window_at(Nanos(window.end_at - 1)) == window
