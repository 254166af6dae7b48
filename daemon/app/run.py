"""A run from start to goodbye: premises, tasks, screen, report."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias, cast

import structlog

from config.settings import Settings
from daemon.adapters.health_http import HealthHttp
from daemon.adapters.operator_socket import OperatorSocket, socket_path
from daemon.adapters.postgres.archive import RunArchive
from daemon.adapters.postgres.connection import connect
from daemon.adapters.service_notify import ServiceNotify
from daemon.app.app import App
from daemon.app.operator import handlers_for
from daemon.app.premises import Database, Premises, open_premises, settle_memory
from daemon.app.run_summary import summarize
from daemon.app.status_log import log_status
from daemon.app.stop_request import StopRequest
from daemon.domain.reasons import PauseReason
from daemon.engine.inputs import MarkRequested, PauseEnded, PauseRequested
from daemon.errors import EndOfFeed, PennydError
from daemon.ports import Clock
from daemon.report.run_report import RunReport
from daemon.runtime.feed_keeper import FeedKeeper
from daemon.runtime.supervisor import Supervisor

log = structlog.get_logger()

Screen: TypeAlias = Callable[[App], Awaitable[None]]
"""Shows a running app to a person until it is cancelled."""

MARK_EVERY_S: Final = 10.0
"""Venue time between two valuations of the positions in the tables."""
END_OF_TAPE: Final = "end of tape"
BEAT_WITHIN_S: Final = 5.0
"""A loop that made no step for longer is not alive: pulses come ten times a second."""


class _LockNews:
    """Passes news of the account lock on, once there is an app to hear it."""

    def __init__(self) -> None:
        self.app: App | None = None

    def __call__(self, is_held: bool, detail: str) -> None:
        if self.app is None:
            return
        reason = PauseReason.LOCK_LOST
        news = (
            PauseEnded(reason=reason) if is_held else PauseRequested(reason=reason, detail=detail)
        )
        self.app.inbox.put(news)


async def run_app(
    settings: Settings,
    *,
    database: Database,
    clock: Clock,
    stop: StopRequest,
    screen: Screen | None = None,
) -> RunReport:
    """Run until somebody asks to stop; return the report of the run.

    Raises what start-up raises (ConfigError, LockHeld, …) before anything traded, and whatever made
    a critical task fail after the run was closed as failed.
    """
    news = _LockNews()
    started_ns = time.monotonic_ns()
    async with open_premises(settings, database=database, clock=clock, on_lock=news) as premises:
        try:
            async with asyncio.TaskGroup() as tasks:
                app = App(settings=settings, clock=clock, premises=premises, tasks=tasks)
                news.app = app
                await _live(app, Supervisor(tasks), stop, screen)
        except BaseException as error:
            await _close_failed(premises, clock, _first(error))
            raise _first(error) from error
        wall_s = (time.monotonic_ns() - started_ns) / 1e9
        report = await summarize(app, wall_s=wall_s, ended=stop.reason)
        await _close(premises, clock, summary=report, error=None)
        return report


async def _live(app: App, work: Supervisor, stop: StopRequest, screen: Screen | None) -> None:
    notify = ServiceNotify.from_environment()
    work.critical("engine", app.loop.run)
    work.critical("journal", app.journal.run)
    await app.start()
    work.critical("kill_switch", app.kill_switch.run)
    work.critical("reconciler", app.reconciler.run)
    work.critical("account_lock", app.premises.lock.hold)
    feeding = [
        work.critical(f"market_feed[{number}]", lambda keeper=keeper: _feed(app, keeper, stop))
        for number, keeper in enumerate(app.keepers)
    ]
    if app.lockstep is not None:
        feeding.append(work.critical("lockstep", app.lockstep.run))
    socket = OperatorSocket(socket_path(app.settings.state_dir), handlers_for(app, stop))
    work.best_effort("operator_socket", socket.run)
    work.best_effort("marks", lambda: _mark_regularly(app))
    work.best_effort("status_log", lambda: log_status(app))
    if app.settings.http.is_enabled:
        work.best_effort("health_http", HealthHttp(app.settings.http, _health(app)).run)
    work.best_effort("service_notify", lambda: notify.run(lambda: _is_alive(app)))
    if screen is not None:
        work.best_effort("screen", lambda: screen(app))
    settle_memory()
    notify.ready()
    reason = await stop.wait()
    log.info("goodbye.begun", reason=reason)
    notify.stopping()
    for task in feeding:
        task.cancel()
    await asyncio.wait(feeding)
    await app.say_goodbye(is_hurried=lambda: stop.is_hurried)
    work.cancel_all()


async def _feed(app: App, keeper: FeedKeeper, stop: StopRequest) -> None:
    """Keep a feed alive; when a recorded one is over and worked off, the run is."""
    try:
        await keeper.run()
    except EndOfFeed:
        if app.lockstep is not None:
            await app.lockstep.drained()
        stop.ask(END_OF_TAPE)


async def _mark_regularly(app: App) -> None:
    """Write down what positions are worth, so that the tables never lag behind by more than this."""
    while True:
        await app.clock.sleep(MARK_EVERY_S)
        app.inbox.put(MarkRequested())


async def _close_failed(premises: Premises, clock: Clock, error: BaseException) -> None:
    """Close the run as failed; without a database the next start does it.

    That must not hide what failed: a person has to read the cause, not its consequence.
    """
    try:
        await _close(premises, clock, summary=None, error=error)
    except (PennydError, OSError) as consequence:
        log.error("run.not_closed", reason=str(consequence))


async def _close(
    premises: Premises, clock: Clock, *, summary: RunReport | None, error: BaseException | None
) -> None:
    connection = await connect(await premises.database.reach())
    try:
        text = None if error is None else f"{type(error).__name__}: {error}"
        await RunArchive(connection).close_run(
            premises.run.run_id, at=clock.now(), summary=summary, error=text
        )
    finally:
        await connection.close()


def _first(error: BaseException) -> BaseException:
    """Return what really happened: the first leaf of an exception group."""
    if isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        return _first(group.exceptions[0])
    return error


def _is_alive(app: App) -> bool:
    return time.perf_counter_ns() - app.loop.stats.beat_ns < BEAT_WITHIN_S * 1e9


def _health(app: App) -> Callable[[], dict[str, Any]]:
    def health() -> dict[str, Any]:
        stats = app.loop.stats
        return {
            "is_alive": _is_alive(app),
            "is_ready": not app.state.reasons.pauses and not app.state.reasons.halts,
            "reasons": app.state.reasons.describe(),
            "events": stats.events,
            "steps": stats.steps,
            "facts_waiting": app.journal.facts_waiting,
            "open_orders": len(app.state.desk.open),
        }

    return health
