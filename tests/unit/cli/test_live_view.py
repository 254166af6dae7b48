"""What a person watching a run sees, on any terminal and on none."""

import asyncio
import contextlib
import io
import logging
import os
import pty
import select
from collections.abc import Callable, Generator
from dataclasses import replace

import pytest
import structlog
from rich.cells import cell_len
from rich.console import Console
from rich.live import Live

from daemon.cli.live_frame import plain_line, render
from daemon.cli.live_snapshot import Snapshot, SnapshotMaker, TapeSpan, ViewParts
from daemon.cli.live_view import LiveView
from daemon.domain.feed import BookSnapshot
from daemon.domain.ids import TokenId
from daemon.domain.reasons import HaltReason, PauseReason
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from daemon.ports import FeedStats
from daemon.report.status import BookStatus
from daemon.runtime.fact_log import FactLog
from daemon.runtime.loop import LoopStats
from daemon.sim.clock import SteppedClock
from tests.builders import NO, START, YES, levels, seconds
from tests.unit.report.test_status import LIMITS, RUN
from tests.unit.runtime.told import Told, born

SIZES = [(80, 24), (100, 30), (200, 60)]


@pytest.fixture(autouse=True)
def fresh_structlog() -> Generator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


def a_run(*, tape: bool = True) -> ViewParts:
    """Return a run that holds ten shares and offers them."""
    told = Told(run="run-1")
    fact_log = FactLog(run_id=RUN.run_id, state=told.state)
    buy, sell = told.order(1), told.order(2, side=Side.SELL, price="0.48")
    for step in (born(told, buy), told.step(*told.fill(buy)), born(told, sell)):
        fact_log.observe(step)
    for token, bid, ask in ((YES, "0.46", "0.48"), (NO, "0.52", "0.54")):
        told.state.ticks.apply_snapshot(
            BookSnapshot(token, START, START, levels({bid: "9"}), levels({ask: "9"}))
        )
    stats = LoopStats(steps=10, events=20)
    for latency_us in (80, 90, 100, 400):
        stats.decision_latency.record(latency_us * 1000)
    return ViewParts(
        title="btc5m, recorded, 10 times as fast",
        run=RUN,
        state=told.state,
        limits=LIMITS,
        clock=SteppedClock(seconds(150)),
        stats=stats,
        feeds=[FeedStats(frames_received=700), FeedStats(frames_received=77)],
        frames_dropped=lambda: 3,
        fact_log=fact_log,
        tape=TapeSpan(starts_at=START, ends_at=seconds(600), speed=10) if tape else None,
    )


def drawn(snapshot: Snapshot, width: int = 80, height: int = 24) -> list[str]:
    console = Console(file=io.StringIO(), width=width, height=height, color_system=None)
    with console.capture() as capture:
        console.print(render(snapshot, width, height))
    return capture.get().splitlines()


def with_books(snapshot: Snapshot, count: int) -> Snapshot:
    """Return the same moment with this many tokens more, where nothing of ours is."""
    books: list[BookStatus] = [
        BookStatus(
            market=f"eth-updown-5m-{1_776_081_600 + 300 * number}",
            outcome="Up",
            token_id=TokenId(str(number)),
            best_bid="0.01",
            best_ask="0.02",
            trust="trusted",
            age_ms=1,
        )
        for number in range(count)
    ]
    status = {**snapshot.status, "books": [*books, *snapshot.status["books"]]}
    return replace(snapshot, status=status)


def test_the_view_shows_everything_a_person_asks_for() -> None:
    lines = drawn(SnapshotMaker(a_run()).take())
    text = "\n".join(lines)
    assert lines[0].startswith(" PAPER - no real orders  btc5m, recorded, 10 times as fast")
    assert lines[1].startswith("RUNNING  2026-04-13 12:02:30 UTC")
    row = next(line for line in lines if line.startswith("BTC 12:00 Yes"))
    assert row.split() == [
        "BTC", "12:00", "Yes", "0.46", "0.48", "ok", "S.48×10", "10@.450", "+0.10",
    ]  # fmt: skip
    assert "P&L +0.10: realized +0.00, unrealized +0.10, fees 0.00 | stake $4.50/$100" in text
    assert "Orders 2, replaced 0, denied 0, open 1/10 | fills 1 | parents 0/0" in text
    assert "777 frames, 3 dropped" in text
    assert "25 % of tape, 02:30 of 10:00" in text
    assert lines[-1] == "CLOSE BTC YES (TB) $4.80 @ 0.480"


def test_latencies_are_in_microseconds() -> None:
    (line,) = [one for one in drawn(SnapshotMaker(a_run()).take()) if one.startswith("Decision")]
    shown = [int(word) for word in line.split() if word.isdigit()][:3]
    assert [round(us / exact, 1) for us, exact in zip(shown, (90, 400, 400), strict=True)] == [
        1,
        1,
        1,
    ]


@pytest.mark.parametrize("width, height", [*SIZES, (60, 12), (20, 5)])
@pytest.mark.parametrize("tokens", [0, 10, 400])
def test_a_frame_never_leaves_the_screen(width: int, height: int, tokens: int) -> None:
    snapshot = with_books(SnapshotMaker(a_run()).take(), tokens)
    lines = drawn(snapshot, width, height)
    assert len(lines) < height
    assert max(cell_len(line) for line in lines) <= width


@pytest.mark.parametrize("width, height", SIZES)
def test_with_many_markets_those_with_something_of_ours_stay(width: int, height: int) -> None:
    lines = drawn(with_books(SnapshotMaker(a_run()).take(), 400), width, height)
    assert any(line.startswith("BTC 12:00 Yes") for line in lines)
    (rest,) = [line for line in lines if line.startswith("… and")]
    shown = sum(line.startswith(("ETH", "BTC")) for line in lines)
    assert rest == f"… and {402 - shown} more"
    assert any("of tape" in line for line in lines)


@pytest.mark.requirement("S4-062")
@pytest.mark.parametrize(
    "mode, words",
    [("paper", "PAPER - no real orders"), ("real", "REAL MONEY"), ("dry_run", "not sent")],
)
def test_the_mode_stands_first(mode: str, words: str) -> None:
    snapshot = SnapshotMaker(a_run()).take()
    snapshot = replace(snapshot, status={**snapshot.status, "mode": mode})
    assert words in drawn(snapshot)[0]


def test_why_we_do_not_trade_is_said_at_the_top() -> None:
    parts = a_run()
    parts.state.reasons.pauses[PauseReason.FEED_LOST] = "no data"
    assert drawn(SnapshotMaker(parts).take())[1].startswith("PAUSED: feed_lost (no data)")
    parts.state.reasons.halts[HaltReason.KILL_SWITCH] = "Emergency stop"
    parts.state.is_kill_switch_engaged = True
    line = drawn(SnapshotMaker(parts).take(), 120)[1]
    assert line.startswith("ERROR: kill_switch (Emergency stop); feed_lost (no data)")
    assert "KILL SWITCH ENGAGED" in line


def test_a_book_that_is_not_believed_says_so() -> None:
    parts = a_run()
    parts.state.ticks.age_books(Nanos(seconds(15)))
    rows = [line for line in drawn(SnapshotMaker(parts).take()) if line.startswith("BTC")]
    assert all(" stale " in row for row in rows)


def test_without_a_tape_the_time_it_runs_is_shown() -> None:
    snapshot = SnapshotMaker(a_run(tape=False)).take()
    assert "Running for 02:30" in drawn(snapshot)
    assert plain_line(snapshot).startswith("paper 02:30 RUNNING | orders 2, replaced 0, denied 0")
    long = replace(snapshot, elapsed_s=90_061)
    assert "Running for 25:01:01" in drawn(long)


def test_one_line_says_the_same_where_there_is_no_terminal() -> None:
    line = plain_line(SnapshotMaker(a_run()).take())
    assert line.startswith(
        "paper 25 % RUNNING | orders 2, replaced 0, denied 0, fills 1 | P&L +0.10"
    )
    assert line.endswith("777 frames, 3 dropped")


def test_the_rate_counts_what_came_since_the_last_moments() -> None:
    parts = a_run()
    maker = SnapshotMaker(parts)
    assert maker.take().events_per_s == 0
    parts.stats.events += 500
    assert maker.take().events_per_s > 0


async def shown(console: Console, is_done: Callable[[LiveView], bool]) -> LiveView:
    view = LiveView(a_run(), console=console)
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        task = tasks.create_task(view.run())
        while not is_done(view):  # noqa: ASYNC110  # A view tells nobody that it drew.
            await asyncio.sleep(0.01)
        task.cancel()
    return view


async def test_a_pipe_gets_lines_and_a_last_one_at_the_end() -> None:
    stream = io.StringIO()
    await shown(Console(file=stream), lambda view: view.frames_drawn > 0)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert all(line.startswith("paper 25 % RUNNING") for line in lines)
    assert "\x1b" not in stream.getvalue()


async def test_a_terminal_gets_frames_and_keeps_the_last_one() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=80, height=24)
    await shown(console, lambda view: view.frames_drawn > 1)
    last = stream.getvalue().rpartition("PAPER - no real orders")[2]
    assert "25 % of tape" in last


async def test_stopping_ends_the_view_at_once() -> None:
    view = LiveView(a_run(), console=Console(file=io.StringIO()))
    async with asyncio.timeout(2), asyncio.TaskGroup() as tasks:
        tasks.create_task(view.run())
        await asyncio.sleep(0)
        view.stop()
    assert view.frames_drawn == 2


async def test_a_terminal_that_stands_still_is_not_waited_for() -> None:
    leader, follower = pty.openpty()
    try:
        os.set_blocking(follower, False)
        # Nobody reads: fill the terminal's buffer. The kernel moves bytes on a little later, so it is
        # full only once it has stayed so.
        while select.select([], [follower], [], 0.1)[1]:
            with contextlib.suppress(BlockingIOError):
                while True:
                    os.write(follower, b"x")
        with os.fdopen(follower, "w", encoding="utf-8") as stream:
            console = Console(file=stream, force_terminal=True, width=80, height=24)
            view = LiveView(a_run(), console=console)
            view._draw(Live(console=console, auto_refresh=False))
        assert (view.frames_drawn, view.frames_skipped) == (0, 1)
    finally:
        os.close(leader)
