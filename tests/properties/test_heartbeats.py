"""Whenever the last heartbeat came: orders die 10 to 15 seconds later, and never while it is regular."""

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.sim.exchange.front.heartbeats import Heartbeats

KEY = "key"
GAPS = st.lists(st.integers(1, 9_999), max_size=20)


@given(start=st.integers(0, 20_000), gaps=GAPS)
def test_death_comes_between_ten_and_fifteen_seconds_after_the_last_sign_of_life(
    start: int, gaps: list[int]
) -> None:
    beats = Heartbeats(seed="", now=Nanos(0))
    now = Nanos(start * NANOS_PER_MS)
    following = ""
    for gap in [0, *gaps]:
        due = Nanos(now + gap * NANOS_PER_MS)
        while beats.sweep_at <= due:
            assert beats.sweep(beats.sweep_at) == ()
        now = due
        answer = beats.beat(KEY, following, now)
        assert answer.status == 200
        following = str(answer.body["heartbeat_id"])
    while not beats.sweep(died_at := beats.sweep_at):
        pass
    assert 10 * NANOS_PER_S <= died_at - now <= 15 * NANOS_PER_S
