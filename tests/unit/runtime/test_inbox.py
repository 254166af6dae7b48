"""Two bounded lanes: urgent news first and never lost unnoticed, market news dropped with a word."""

import pytest

from daemon.domain.feed import (
    FeedLost,
    LostReason,
    MarketEvent,
    MarketResolved,
    TickSizeChanged,
)
from daemon.domain.reasons import HaltReason
from daemon.domain.side import Side
from daemon.engine.inputs import Event, HaltRequested, Pulse, ResumeRequested
from daemon.runtime import inbox as inbox_module
from daemon.runtime.inbox import Inbox
from tests.builders import CONDITION, NO, START, YES, price
from tests.engine_builders import a_change, level


class Bench:
    """An inbox and how often it woke and asked for books."""

    def __init__(self, *, market_max: int = 5, urgent_max: int = 3) -> None:
        self.wakes = 0
        self.overflows = 0
        self.inbox = Inbox(
            tokens=(YES, NO),
            market_max=market_max,
            urgent_max=urgent_max,
            wake=self._wake,
            on_overflow=self._overflow,
        )

    def _wake(self) -> None:
        self.wakes += 1

    def _overflow(self) -> None:
        self.overflows += 1


def change(number: int) -> MarketEvent:
    return a_change(level(Side.BUY, "0.4", str(number + 1)))


def urgent(number: int) -> Event:
    return ResumeRequested(by=str(number))


OVERFLOWED = FeedLost((YES, NO), LostReason.OVERFLOW)


def test_urgent_events_come_first_and_each_lane_keeps_its_order() -> None:
    bench = Bench()
    bench.inbox.put_market((change(1), change(2)))
    bench.inbox.put(urgent(1))
    bench.inbox.put_market((change(3),))
    bench.inbox.put(urgent(2))
    assert bench.inbox.take(10) == [urgent(1), urgent(2), change(1), change(2), change(3)]
    assert bench.inbox.is_empty


def test_every_put_wakes() -> None:
    bench = Bench()
    bench.inbox.put(urgent(1))
    bench.inbox.put_market((change(1),))
    assert bench.wakes == 2


def test_a_batch_is_bounded_and_the_rest_waits() -> None:
    bench = Bench()
    bench.inbox.put_market((change(1), change(2), change(3)))
    bench.inbox.put(urgent(1))
    assert bench.inbox.take(2) == [urgent(1), change(1)]
    assert not bench.inbox.is_empty
    assert bench.inbox.take(2) == [change(2), change(3)]
    assert bench.inbox.take(2) == []


def test_a_full_market_lane_drops_what_it_holds_and_says_that_it_is_blind() -> None:
    bench = Bench(market_max=3)
    bench.inbox.put_market((change(1), change(2)))
    bench.inbox.put_market((change(3), change(4)))
    assert bench.overflows == 1
    assert bench.inbox.events_dropped == 4
    assert bench.inbox.take(10) == [OVERFLOWED]
    bench.inbox.put_market((change(5),))
    assert bench.inbox.take(10) == [change(5)]


def test_an_overflow_wakes() -> None:
    bench = Bench(market_max=1)
    bench.inbox.put_market((change(1), change(2)))
    assert bench.wakes == 1


def test_an_overflow_keeps_what_no_snapshot_would_say_again() -> None:
    bench = Bench(market_max=3)
    finer = TickSizeChanged(YES, START, START, price("0.001"))
    over = MarketResolved(CONDITION, START, START, YES)
    bench.inbox.put_market((finer, change(1)))
    bench.inbox.put_market((change(2), over))
    assert bench.inbox.take(10) == [OVERFLOWED, finer, over]
    assert bench.inbox.events_dropped == 2


def test_an_overflow_does_not_touch_the_urgent_lane() -> None:
    bench = Bench(market_max=1)
    bench.inbox.put(urgent(1))
    bench.inbox.put_market((change(1), change(2)))
    assert bench.inbox.take(10) == [urgent(1), OVERFLOWED]


def test_a_full_urgent_lane_halts_once_whatever_else_comes() -> None:
    bench = Bench(urgent_max=3)
    for number in range(6):
        bench.inbox.put(urgent(number))
    *kept, halt = bench.inbox.take(10)
    assert kept == [urgent(0), urgent(1), urgent(2)]
    assert isinstance(halt, HaltRequested)
    assert halt.reason is HaltReason.URGENT_OVERFLOW
    assert "compare with the venue" in halt.detail


def test_a_second_overrun_halts_again() -> None:
    bench = Bench(urgent_max=1)
    for _ in range(2):
        bench.inbox.put(Pulse())
        bench.inbox.put(Pulse())
        assert isinstance(bench.inbox.take(10)[-1], HaltRequested)


class FakeTime:
    """The machine's clock, set by the test."""

    now_ns = 0

    def perf_counter_ns(self) -> int:
        return self.now_ns


def test_the_oldest_waiting_market_event_says_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = FakeTime()
    monkeypatch.setattr(inbox_module, "time", machine)
    bench = Bench()
    inbox = bench.inbox
    assert inbox.waiting_since_ns == 0
    for now_ns, events in ((10, (change(1), change(2))), (20, (change(3),)), (30, (change(4),))):
        machine.now_ns = now_ns
        inbox.put_market(events)
    inbox.put(urgent(1))
    seen: list[tuple[int, int]] = []
    while not inbox.is_empty:
        seen.append((inbox.waiting_since_ns, inbox.market_waiting))
        inbox.take(1)
    assert seen == [(10, 4), (10, 4), (10, 3), (20, 2), (30, 1)]
    assert inbox.waiting_since_ns == 0


def test_after_an_overflow_waiting_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = FakeTime()
    monkeypatch.setattr(inbox_module, "time", machine)
    bench = Bench(market_max=1)
    for now_ns in (10, 20):
        machine.now_ns = now_ns
        bench.inbox.put_market((change(1),))
    assert bench.inbox.waiting_since_ns == 20
    bench.inbox.take(10)
    assert bench.inbox.waiting_since_ns == 0
