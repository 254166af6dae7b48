"""Speed 0: one frame at a time, timers before it, everything settled between."""

import asyncio
import random

import pytest

from daemon.domain.feed import BookChange, FeedLost, FeedUp, LostReason, MarketEvent
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.ports import FeedStats
from daemon.sim.clock import SteppedClock
from daemon.sim.lockstep import Lockstep, Stillness
from tests.builders import START, YES, seconds
from tests.engine_builders import a_change, a_snapshot


class Feed:
    """A feed that notes whether it is being read."""

    def __init__(self) -> None:
        self.stats = FeedStats()
        self.is_read = True
        self.switches = 0

    async def run(self) -> None:
        raise AssertionError

    def resync(self, token: str) -> None:
        raise AssertionError

    def pause_reading(self) -> None:
        self.is_read = False
        self.switches += 1

    def resume_reading(self) -> None:
        self.is_read = True
        self.switches += 1


class World:
    """What stands behind a lockstep: work that takes turns of the loop, facts that take a flush."""

    def __init__(self) -> None:
        self.clock = SteppedClock(START)
        self.log: list[str] = []
        self.work = 0
        self.facts = 0
        self.feed = Feed()
        self.delivered: list[tuple[MarketEvent, ...]] = []
        self.turns = random.Random()  # As uneven as a machine: the outcome must not depend on it.
        self.lockstep = Lockstep(
            clock=self.clock,
            deliver=self.deliver,
            stillness=Stillness(
                is_busy=lambda: self.work > 0,
                is_behind=lambda: self.facts > 0,
                flush=self.flush,
            ),
        )
        self.lockstep.attach([self.feed])
        self._tasks = set[asyncio.Task[None]]()

    def deliver(self, events: tuple[MarketEvent, ...]) -> None:
        assert self.work == self.facts == 0, "something has not settled"
        self.delivered.append(events)
        self.note("frame")
        self.start("consequence")

    def note(self, what: str) -> None:
        self.log.append(f"{(self.clock.now() - START) // NANOS_PER_MS} {what}")

    def start(self, name: str) -> None:
        self.work += 1
        task = asyncio.create_task(self._work(name))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, name: str) -> None:
        for _ in range(self.turns.randint(0, 5)):
            await asyncio.sleep(0)
        self.note(name)
        self.facts += 1
        self.work -= 1

    async def flush(self) -> None:
        for _ in range(self.turns.randint(0, 5)):
            await asyncio.sleep(0)
        self.note(f"{self.facts} durable")
        self.facts = 0

    def timer(self, after_ms: int, name: str) -> None:
        def fire() -> None:
            assert self.work == self.facts == 0, "something has not settled"
            self.note(name)
            self.start(f"{name}'s consequence")

        self.clock.call_at(Nanos(START + after_ms * NANOS_PER_MS), fire)

    async def play(self, *frames: tuple[MarketEvent, ...]) -> None:
        for frame in frames:
            self.lockstep.put(frame)
        running = asyncio.create_task(self.lockstep.run())
        await self.lockstep.drained()
        running.cancel()
        await asyncio.wait([running])


def frame(after_ms: int) -> tuple[BookChange, ...]:
    return (a_change(at=Nanos(START + after_ms * NANOS_PER_MS), received_at=Nanos(1)),)


async def test_timers_due_before_a_frame_fire_one_by_one_with_everything_settled_between() -> None:
    world = World()
    for after_ms, name in ((30, "second"), (10, "first"), (30, "third"), (50, "with"), (51, "not")):
        world.timer(after_ms, name)
    await world.play(frame(0), frame(50))
    settled: list[str] = []
    for at, name in ((0, "frame"), (10, "first"), (30, "second"), (30, "third"), (50, "with")):
        follows = "consequence" if name == "frame" else f"{name}'s consequence"
        settled += [f"{at} {name}", f"{at} {follows}", f"{at} 1 durable"]
    assert world.log == [*settled, "50 frame", "50 consequence", "50 1 durable"]
    assert world.clock.next_due() == START + 51 * NANOS_PER_MS


async def test_a_frame_is_one_step_however_many_events_it_has_and_says_it_came_now() -> None:
    world = World()
    change, snapshot = a_change(at=seconds(1)), a_snapshot(at=seconds(2), received_at=Nanos(7))
    await world.play((change, snapshot))
    ((first, second),) = world.delivered
    assert world.clock.now() == seconds(2), "the latest event says when it is"
    assert first == change._replace(received_at=seconds(2))
    assert second == snapshot._replace(received_at=seconds(2))
    assert world.lockstep.frames_delivered == 1


async def test_news_of_the_connection_moves_no_time_and_passes_unchanged() -> None:
    world = World()
    up, lost = FeedUp((YES,)), FeedLost((YES,), LostReason.ENDED)
    await world.play((up,), frame(20), (lost,))
    assert world.delivered[0] == (up,)
    assert world.delivered[2] == (lost,)
    assert world.clock.now() == START + 20 * NANOS_PER_MS


async def test_an_older_frame_does_not_turn_time_back() -> None:
    world = World()
    await world.play(frame(20), frame(10))
    assert world.clock.now() == START + 20 * NANOS_PER_MS
    assert [event.at for ((event),) in world.delivered if isinstance(event, BookChange)] == [
        START + 20 * NANOS_PER_MS,
        START + 10 * NANOS_PER_MS,
    ]


async def test_reading_pauses_with_the_first_frame_and_goes_on_when_all_are_worked_off() -> None:
    world = World()
    world.lockstep.put(frame(0))
    assert not world.feed.is_read
    world.lockstep.put(frame(10))
    assert world.feed.switches == 1
    await world.play()
    assert world.feed.is_read
    assert len(world.delivered) == 2


async def test_frames_that_come_while_a_frame_settles_wait_their_turn() -> None:
    world = World()
    running = asyncio.create_task(world.lockstep.run())
    world.lockstep.put(frame(0))
    await asyncio.sleep(0)
    world.lockstep.put(frame(10))
    await world.lockstep.drained()
    world.lockstep.put(frame(20))
    await world.lockstep.drained()
    running.cancel()
    await asyncio.wait([running])
    assert [line for line in world.log if "frame" in line] == ["0 frame", "10 frame", "20 frame"]


async def test_two_runs_are_the_same_however_uneven_the_machine_is() -> None:
    async def play() -> list[str]:
        world = World()
        for after_ms in range(5, 200, 7):
            world.timer(after_ms, f"timer {after_ms}")
        await world.play(*(frame(after_ms) for after_ms in range(0, 200, 3)))
        return world.log

    first = await play()
    assert len(first) > 200
    assert await play() == first


async def test_time_runs_on_without_frames_until_a_condition_holds() -> None:
    world = World()
    for after_ms in (10, 20, 30):
        world.timer(after_ms, f"{after_ms}")
    assert await world.lockstep.run_on(lambda: "20 20" in world.log, within_s=1)
    assert world.clock.now() == START + 20 * NANOS_PER_MS
    assert world.facts == world.work == 0


async def test_time_runs_on_for_as_long_as_it_may() -> None:
    world = World()
    world.timer(10, "within")
    world.timer(2_000, "beyond")
    assert not await world.lockstep.run_on(lambda: False, within_s=1)
    assert world.clock.now() == START + 10 * NANOS_PER_MS
    assert world.clock.next_due() == START + 2 * NANOS_PER_S


async def test_time_cannot_run_on_without_timers() -> None:
    world = World()
    assert not await world.lockstep.run_on(lambda: False, within_s=1)


async def test_what_a_sleeper_does_when_it_wakes_has_settled_before_the_next_timer() -> None:
    world = World()

    async def sleeper() -> None:
        await world.clock.sleep(0.01)
        world.note("woke")
        world.start("its work")

    task = asyncio.create_task(sleeper())
    await asyncio.sleep(0)
    world.timer(11, "next")
    await world.play(frame(12))
    await task
    assert world.log[:4] == ["10 woke", "10 its work", "10 1 durable", "11 next"]


async def test_a_frame_that_cannot_be_delivered_ends_the_lockstep() -> None:
    def refuse(events: tuple[MarketEvent, ...]) -> None:
        raise RuntimeError("no")

    world = World()
    still = Stillness(is_busy=lambda: False, is_behind=lambda: False, flush=world.flush)
    lockstep = Lockstep(clock=world.clock, deliver=refuse, stillness=still)
    lockstep.put(frame(0))
    with pytest.raises(RuntimeError, match="no"):
        await lockstep.run()
