"""Waits between attempts grow to a maximum and are never the same for everybody."""

from itertools import islice

import pytest

from daemon.runtime.reconnect import BY_CHANCE, FIRST_MS, backoff_s


@pytest.mark.parametrize("delay_ms_max", [100, 250, 4_000, 30_000])
def test_waits_double_up_to_the_maximum(delay_ms_max: int) -> None:
    for attempt, wait_s in enumerate(islice(backoff_s(delay_ms_max, BY_CHANCE), 12)):
        ceiling_s = min(FIRST_MS * 2**attempt, delay_ms_max) / 1000
        assert ceiling_s / 4 <= wait_s <= ceiling_s


def test_waits_are_jittered() -> None:
    assert len({next(backoff_s(10_000, BY_CHANCE)) for _ in range(20)}) > 1
