"""Drain, step, hand over: every event gets its step, and a failing step stops the daemon, not the loop."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, cast

import pytest

from daemon.domain.facts import BookResynced, Fact, TradingHalted
from daemon.domain.feed import MarketEvent, TradePrint
from daemon.domain.reasons import HaltReason
from daemon.domain.units import Nanos
from daemon.engine.engine import Engine
from daemon.engine.inputs import Event, Pulse, ResumeRequested
from daemon.engine.outcome import Alert, Effect, Outcome
from daemon.ports import Clock
from daemon.runtime import inbox as inbox_module
from daemon.runtime import loop as loop_module
from daemon.runtime.inbox import Inbox
from daemon.runtime.loop import EngineLoop, Step
from tests.builders import START, YES, price, shares
from tests.engine_builders import a_change
from tests.unit.runtime.neighbours import StoppedClock, turns

FACT: Fact = BookResynced(token=YES)


class PlayedEngine:
    """Notes the batches and returns, or raises, what the test wants."""

    def __init__(self) -> None:
        self.batches: list[list[Event]] = []
        self.times: list[Nanos] = []
        self.facts: tuple[Fact, ...] = ()
        self.effects: tuple[Effect, ...] = ()
        self.error: BaseException | None = None
        self.on_step: Callable[[], None] = lambda: None

    def fail(self, detail: str, now: Nanos) -> Outcome:
        halted = TradingHalted(reason=HaltReason.INVARIANT_BROKEN, detail=detail)
        return Outcome(seq=1, at=now, facts=(halted,), effects=())

    def step(self, events: Iterable[Event], now: Nanos) -> Outcome:
        self.batches.append(list(events))
        self.times.append(now)
        self.on_step()
        if self.error is not None:
            raise self.error
        return Outcome(seq=1, at=now, facts=self.facts, effects=self.effects)


class Bench:
    """An engine loop with a played engine and a real inbox."""

    def __init__(self, batch_max: int = 10) -> None:
        self.performed: list[Outcome] = []
        self.loop = EngineLoop(
            clock=cast("Clock", StoppedClock()),
            perform=self.performed.append,
            batch_max=batch_max,
        )
        self.inbox = Inbox(
            tokens=(YES,),
            market_max=100,
            urgent_max=100,
            wake=self.loop.wake,
            on_overflow=lambda: None,
        )
        self.engine = PlayedEngine()
        self.loop.attach(cast("Engine", self.engine), self.inbox)


async def test_events_of_one_turn_are_one_step() -> None:
    bench = Bench()
    bench.inbox.put(Pulse())
    bench.inbox.put_market((a_change(), a_change()))
    assert not bench.loop.is_idle
    await turns()
    assert bench.engine.batches == [[Pulse(), a_change(), a_change()]]
    assert bench.engine.times == [START]
    assert bench.loop.is_idle


async def test_no_step_happens_without_an_event() -> None:
    bench = Bench()
    await turns()
    assert bench.engine.batches == []


async def test_what_does_not_fit_in_a_batch_is_the_next_step() -> None:
    bench = Bench(batch_max=2)
    bench.inbox.put_market((a_change(),) * 5)
    await turns()
    assert [len(batch) for batch in bench.engine.batches] == [2, 2, 1]


async def test_an_event_put_during_a_step_gets_a_step_of_its_own() -> None:
    bench = Bench()
    left = [ResumeRequested(by="second"), ResumeRequested(by="third")]
    bench.engine.on_step = lambda: bench.inbox.put(left.pop(0)) if left else None
    bench.inbox.put(Pulse())
    await turns()
    assert bench.engine.batches == [
        [Pulse()],
        [ResumeRequested(by="second")],
        [ResumeRequested(by="third")],
    ]
    assert bench.loop.is_idle


async def test_no_wake_up_is_lost_however_puts_and_turns_mix() -> None:
    bench = Bench(batch_max=3)
    for number in range(200):
        bench.inbox.put(ResumeRequested(by=str(number)))
        if number % 3 == 0:
            await asyncio.sleep(0)
    await turns()
    seen = [event for batch in bench.engine.batches for event in batch]
    assert seen == [ResumeRequested(by=str(number)) for number in range(200)]


async def test_other_callbacks_run_between_two_steps() -> None:
    bench = Bench(batch_max=1)
    bench.inbox.put_market((a_change(),) * 3)
    steps_seen: list[int] = []
    for _ in range(3):
        await asyncio.sleep(0)
        steps_seen.append(len(bench.engine.batches))
    assert steps_seen == [1, 2, 3]


async def test_only_steps_with_facts_or_effects_are_performed_and_observed() -> None:
    bench = Bench()
    seen: list[Step] = []
    bench.loop.observe(seen.append)
    bench.inbox.put(Pulse())
    await turns()
    assert (bench.performed, seen) == ([], [])
    bench.engine.facts = (FACT,)
    bench.inbox.put(Pulse())
    await turns()
    bench.engine.facts, bench.engine.effects = (), (Alert("info", "a", "b"),)
    bench.inbox.put(Pulse())
    await turns()
    assert [outcome.facts for outcome in bench.performed] == [(FACT,), ()]
    assert [step.outcome for step in seen] == bench.performed
    assert seen[0].events == [Pulse()]
    assert seen[0].duration_ns > 0
    assert bench.loop.stats.steps == 3


FAILURES = [AssertionError("broken"), KeyError("x"), StopIteration(), SystemExit(3)]


@pytest.mark.parametrize("error", FAILURES, ids=repr)
async def test_a_failing_step_fails_run_and_no_step_follows(error: BaseException) -> None:
    bench = Bench()
    escaped: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: escaped.append(context))
    bench.engine.error = error
    bench.inbox.put(Pulse())
    await turns()
    bench.engine.error = None
    bench.inbox.put(Pulse())
    await turns()
    assert len(bench.engine.batches) == 1
    expected = RuntimeError if isinstance(error, StopIteration) else type(error)
    failed = bench.loop._failed
    assert type(failed.exception()) is expected
    assert escaped == []
    if not isinstance(error, SystemExit):  # It would end this very test run.
        with pytest.raises(expected):
            await bench.loop.run()


async def test_what_a_step_is_given_is_recorded_before_it_so_that_a_failing_one_is_kept() -> None:
    bench = Bench()
    recorded: list[tuple[list[Event], Nanos]] = []
    bench.loop.record(lambda events, now: recorded.append((events, now)))
    bench.engine.error = AssertionError("broken")
    bench.inbox.put(Pulse())
    await turns()
    assert recorded == [([Pulse()], START)]
    assert bench.loop._failed.exception() is bench.engine.error


async def test_a_failing_step_is_written_down_as_a_halt_so_that_a_restart_does_not_trade() -> None:
    bench = Bench()
    bench.engine.error = AssertionError("broken")
    bench.inbox.put(Pulse())
    await turns()
    (outcome,) = bench.performed
    assert outcome.facts == (
        TradingHalted(
            reason=HaltReason.INVARIANT_BROKEN, detail="a step failed: AssertionError: broken"
        ),
    )
    assert bench.loop._failed.exception() is bench.engine.error


async def test_an_outcome_that_cannot_be_performed_fails_run() -> None:
    bench = Bench()

    def refuse(outcome: Outcome) -> None:
        raise OSError("no")

    bench.loop._perform = refuse
    bench.engine.facts = (FACT,)
    bench.inbox.put(Pulse())
    with pytest.raises(OSError, match="no"):
        await bench.loop.run()


async def test_run_that_is_cancelled_leaves_the_steps_alone() -> None:
    bench = Bench()
    task = asyncio.create_task(bench.loop.run())
    await turns()
    task.cancel()
    await asyncio.wait([task])
    bench.inbox.put(Pulse())
    await turns()
    assert len(bench.engine.batches) == 1


class FakeTime:
    """The machine's clock, set by the test."""

    now_ns = 0

    def perf_counter_ns(self) -> int:
        return self.now_ns


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    fake = FakeTime()
    monkeypatch.setattr(inbox_module, "time", fake)
    monkeypatch.setattr(loop_module, "time", fake)
    return fake


async def test_decision_latency_is_from_the_oldest_frame_of_the_batch_to_the_hand_over(
    machine: FakeTime,
) -> None:
    bench = Bench()

    def take_time() -> None:
        machine.now_ns += 300

    bench.engine.on_step = take_time
    machine.now_ns = 1_000
    bench.inbox.put_market((a_change(),))
    machine.now_ns = 1_500
    bench.inbox.put_market((a_change(),))
    machine.now_ns = 2_000
    await turns()
    latency = bench.loop.stats.decision_latency
    assert (latency.count, latency.max_ns) == (1, 1_300)
    assert bench.loop.stats.market_events == 2
    assert bench.loop.stats.beat_ns == 2_300


async def test_urgent_events_alone_are_no_decision_and_frames_wait_on_unchanged(
    machine: FakeTime,
) -> None:
    bench = Bench(batch_max=1)
    machine.now_ns = 1_000
    bench.inbox.put_market((a_change(), a_change()))
    bench.inbox.put(Pulse())
    latency = bench.loop.stats.decision_latency
    machine.now_ns = 2_000
    await asyncio.sleep(0)
    assert (latency.count, bench.loop.stats.events) == (0, 1)
    machine.now_ns = 3_000
    await asyncio.sleep(0)
    assert (latency.count, latency.max_ns) == (1, 2_000)
    machine.now_ns = 4_500
    await asyncio.sleep(0)
    assert (latency.count, latency.max_ns) == (2, 3_500), "what is left over waited longer"


async def test_every_kind_of_market_event_counts(machine: FakeTime) -> None:
    bench = Bench()
    machine.now_ns = 500
    traded: MarketEvent = TradePrint(YES, START, START, price("0.5"), shares("1"), is_buy=True)
    bench.inbox.put_market((traded,))
    machine.now_ns = 700
    await turns()
    assert bench.loop.stats.market_events == 1
    assert bench.loop.stats.decision_latency.max_ns == 200
