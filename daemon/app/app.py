"""One daemon, put together: engine, shell and neighbours wired for one run.

Building starts nothing. `start` recovers and opens the feeds, `say_goodbye` ends in order.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from config.settings import Settings
from daemon.adapters.alerts import LogAlerts
from daemon.app.beginning import Beginning
from daemon.app.engine_plan import plan_of
from daemon.app.neighbours import Neighbours
from daemon.app.recording import recorder_for
from daemon.domain.feed import MarketEvent
from daemon.domain.ids import TokenId
from daemon.domain.order import OrderStatus
from daemon.domain.reasons import PauseReason
from daemon.domain.units import Nanos
from daemon.engine.inputs import MarkRequested, PauseEnded, PauseRequested
from daemon.engine.outcome import Outcome
from daemon.engine.recovery import doubtful
from daemon.ports import Clock, MarketData
from daemon.runtime.decision_log import DecisionLog
from daemon.runtime.fact_log import FactLog
from daemon.runtime.feed_keeper import FeedKeeper
from daemon.runtime.inbox import Inbox
from daemon.runtime.journal_writer import JournalWriter
from daemon.runtime.kill_switch import KillSwitch
from daemon.runtime.loop import EngineLoop
from daemon.runtime.outbox import Outbox
from daemon.runtime.pulse import PulseMaker
from daemon.runtime.reconciler import Reconciler, until
from daemon.sim.clock import SteppedClock
from daemon.sim.lockstep import Lockstep, Stillness

log = structlog.get_logger()

FLUSH_WITHIN_S: Final = 10.0
"""How long the goodbye waits for the database."""


class App:
    """All parts of one run, by name; screens and the operator's commands read them."""

    def __init__(
        self,
        *,
        settings: Settings,
        clock: Clock,
        beginning: Beginning,
        neighbours: Neighbours,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self.settings, self.clock, self.run = settings, clock, beginning.run
        self._neighbours = neighbours
        runtime = settings.runtime
        self.loop = EngineLoop(clock=clock, perform=self._perform, batch_max=runtime.batch_max)
        self.inbox = Inbox(
            tokens=[token for market in beginning.markets for token in market.tokens],
            market_max=runtime.inbox_market_max,
            urgent_max=runtime.inbox_urgent_max,
            wake=self.loop.wake,
            on_overflow=self._resync_all,
        )
        self.plugs = neighbours.plugs(self.inbox.put)
        plan = plan_of(settings, beginning, is_own_shown=self.plugs.is_own_shown)
        self.state = plan.state(entry for _, entries in beginning.history for entry in entries)
        run_dir = settings.state_dir / "runs" / beginning.run.run_id
        run_dir.mkdir(parents=True, exist_ok=True)
        self.recorder = recorder_for(settings.recording, plan, beginning, run_dir)
        self.journal = self._journal(neighbours)
        read_to = _written_to(beginning)
        beginning.history.clear()  # Read once; for an account of months it is the largest thing.
        self.loop.attach(plan.engine(self.state, self.plugs.prepare), self.inbox)
        self.alerts = LogAlerts()
        self.kill_switch = KillSwitch(
            [settings.state_dir, Path.cwd()], report=self.inbox.put, poll_ms=runtime.kill_poll_ms
        )
        self.outbox = self._outbox(tasks)
        self.reconciler = Reconciler(
            account=self.plugs.account,
            state=self.state,
            clock=clock,
            put=self.inbox.put,
            options=runtime.reconcile_options(),
            read_to=read_to,
            jitter=neighbours.jitter,
        )
        self.pulse = PulseMaker(clock, self.inbox.put, runtime.pulse_ms)
        self.lockstep = self._lockstep(clock)
        self._feed_of: dict[TokenId, MarketData] = {}
        self.feeds = self._feeds()
        self.keepers = tuple(self._keeper(feed) for feed in self.feeds)
        self.decision_log_path = run_dir / "decisions.jsonl"
        self.decision_log = DecisionLog(
            self.decision_log_path, None if self.recorder is None else self.recorder.decided
        )
        if self.recorder is not None:
            self.loop.record(self.recorder.take)
        self.fact_log = FactLog(run_id=self.run.run_id, state=self.state)
        self.loop.observe(self.decision_log.observe)
        self.loop.observe(self.fact_log.observe)
        self.loop.observe(self.reconciler.observe)

    async def start(self) -> None:
        """Recover: doubt what was open, ask the venue, look at the kill switch, then let trade.

        A venue that does not answer holds nobody up: the reconciler tries on, and trading is paused
        until it has had all its answers.
        """
        self.plugs.adopt(tuple(self.state.desk.open.values()))
        self.inbox.put(PauseRequested(reason=PauseReason.STARTING))
        for news in doubtful(self.state):
            self.inbox.put(news)
        self.kill_switch.poll()
        await self.settle()
        is_compared = await self.reconciler.reconcile()
        await self.settle()
        unknown = [o for o in self.state.desk.open.values() if o.status is OrderStatus.UNKNOWN]
        log.info(
            "recovery.finished",
            is_compared=is_compared,
            open_orders=len(self.state.desk.open),
            unknown_orders=len(unknown),
            halted=self.state.reasons.describe() if self.state.reasons.halts else "",
        )
        self.pulse.start()

    async def say_goodbye(self, *, is_hurried: Callable[[], bool]) -> None:
        """Stop deciding, cancel what rests, wait for the answers, write everything down."""
        self.inbox.put(PauseRequested(reason=PauseReason.STOPPING))
        await self.settle()
        within_s = float(self.settings.runtime.stop_within_s)
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        await self._wait_for_cancels(is_hurried, within_s)
        if left := len(self.state.desk.open):
            waited_s = round(loop.time() - began_s, 1)
            log.warning("goodbye.orders_left", open_orders=left, waited_s=waited_s)
        self.outbox.abandon()  # What is still under way would hold up the end; the next start asks.
        self.pulse.stop()
        self.inbox.put(MarkRequested())
        await until(lambda: self.inbox.is_empty and self.loop.is_idle, within_s=within_s)
        async with asyncio.timeout(FLUSH_WITHIN_S):
            await self.journal.flush()
        self.decision_log.close()

    async def settle(self) -> None:
        """Wait until what is in the inbox has been decided on and written down."""
        if self.lockstep is not None:
            await self.lockstep.settle()
        else:
            await until(lambda: self.inbox.is_empty and self.loop.is_idle, within_s=FLUSH_WITHIN_S)

    async def _wait_for_cancels(self, is_hurried: Callable[[], bool], within_s: float) -> None:
        def is_done() -> bool:
            return is_hurried() or not self.state.desk.open

        if self.lockstep is not None:
            await self.lockstep.run_on(is_done, within_s=within_s)
        else:
            await until(is_done, within_s=within_s)

    def deliver(self, events: tuple[MarketEvent, ...]) -> None:
        """Show a frame to the venue, then to the engine; the sink of every feed."""
        self.plugs.observe(events)
        self.inbox.put_market(events)
        for keeper in self.keepers:
            keeper.note_data()

    def _perform(self, outcome: Outcome) -> None:
        self.outbox.perform(outcome)

    def _journal(self, neighbours: Neighbours) -> JournalWriter:
        return JournalWriter(
            neighbours.store(),
            queue_max=self.settings.runtime.journal_queue_max,
            on_down=self._journal_down,
            on_up=self._journal_up,
        )

    def _outbox(self, tasks: asyncio.TaskGroup) -> Outbox:
        return Outbox(
            venue=self.plugs.venue,
            journal=self.journal,
            alerts=self.alerts,
            put=self.inbox.put,
            resync=self._resync,
            is_stopped=self.kill_switch.is_engaged,
            tasks=tasks,
            submit_within_ms=self.settings.runtime.submit_within_ms,
        )

    def _lockstep(self, clock: Clock) -> Lockstep | None:
        if not isinstance(clock, SteppedClock):
            return None
        stillness = Stillness(
            is_busy=lambda: (
                not self.inbox.is_empty
                or not self.loop.is_idle
                or self.outbox.active > self.plugs.waiting()
            ),
            is_behind=lambda: self.journal.is_behind,
            flush=self.journal.flush,
        )
        return Lockstep(clock=clock, deliver=self.deliver, stillness=stillness)

    def _feeds(self) -> tuple[MarketData, ...]:
        tokens = tuple(self.state.market_of)
        size = self.settings.feed.assets_per_connection
        sink = self.deliver if self.lockstep is None else self.lockstep.put
        feeds: list[MarketData] = []
        for start in range(0, len(tokens), size):
            shard = tokens[start : start + size]
            feed = self._neighbours.feed(shard, sink)
            self._feed_of.update(dict.fromkeys(shard, feed))
            feeds.append(feed)
        if self.lockstep is not None:
            self.lockstep.attach(feeds)
        return tuple(feeds)

    def _keeper(self, feed: MarketData) -> FeedKeeper:
        return FeedKeeper(
            feed,
            put=self.inbox.put,
            alerts=self.alerts,
            delay_ms_max=self.settings.feed.reconnect_delay_ms_max,
            reconnects_before_pause=self.settings.feed.reconnects_before_pause,
            jitter=self._neighbours.jitter,
        )

    def _resync(self, token: TokenId) -> None:
        self._feed_of[token].resync(token)

    def _resync_all(self) -> None:
        for token in self._feed_of:
            self._resync(token)

    def _journal_down(self, reason: str) -> None:
        self.plugs.freeze(True)
        self.inbox.put(PauseRequested(reason=PauseReason.JOURNAL_DOWN, detail=reason))

    def _journal_up(self) -> None:
        self.plugs.freeze(False)
        self.inbox.put(PauseEnded(reason=PauseReason.JOURNAL_DOWN))


def _written_to(beginning: Beginning) -> Nanos:
    """Return when the account's history ends; without one, when this run began."""
    ends = (entries[-1].at for _, entries in beginning.history if entries)
    return max(ends, default=beginning.run.started_at)
