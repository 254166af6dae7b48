"""Percentiles of durations in bounded memory."""

import random

import pytest

from daemon.runtime.latency import Latency


def test_without_durations_every_percentile_is_zero() -> None:
    latency = Latency()
    assert latency.percentile_ns(99) == 0
    assert latency.count == latency.max_ns == 0


@pytest.mark.parametrize("percent", [1, 50, 95, 99, 100])
def test_a_percentile_is_never_too_low_and_at_most_a_sixteenth_too_high(percent: int) -> None:
    chance = random.Random(7)
    durations = [round(chance.lognormvariate(11, 1.5)) for _ in range(5_000)]
    latency = Latency()
    for duration in durations:
        latency.record(duration)
    exact = sorted(durations)[-(-len(durations) * percent // 100) - 1]
    assert exact <= latency.percentile_ns(percent) <= exact * 17 / 16 + 1


def test_no_percentile_is_above_the_longest() -> None:
    latency = Latency()
    for duration in (1_000, 1_001):
        latency.record(duration)
    assert latency.percentile_ns(100) == latency.max_ns == 1_001


@pytest.mark.parametrize("duration", [-5, 0, 1, 15, 2**39, 2**60])
def test_any_duration_can_be_counted(duration: int) -> None:
    latency = Latency()
    latency.record(duration)
    assert latency.count == 1
    assert 0 < latency.percentile_ns(50) <= max(1, duration)


def test_memory_does_not_grow() -> None:
    latency = Latency()
    buckets = len(latency._buckets)
    for duration in range(10_000):
        latency.record(duration * 977)
    assert len(latency._buckets) == buckets
