"""A run from start to goodbye: premises, tasks, screen, report."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any, Final, TypeAlias, cast

import structlog

from config.settings import Settings
from daemon.adapters.health_http import HealthHttp
from daemon.adapters.operator_socket import OperatorSocket, socket_path
from daemon.adapters.postgres.archive import RunArchive
from daemon.adapters.postgres.connection import connect
from daemon.adapters.service_notify import ServiceNotify
from daemon.app.app import App
from daemon.app.frame_recording import frame_recorder_for
from daemon.app.life import live
from daemon.app.neighbours import RealNeighbours
from daemon.app.operator import handlers_for
from daemon.app.premises import Database, Premises, open_premises, settle_memory
from daemon.app.run_summary import summarize
from daemon.app.stop_request import StopRequest
from daemon.domain.reasons import PauseReason
from daemon.engine.inputs import PauseEnded, PauseRequested
from daemon.errors import PennydError
from daemon.ports import Clock
from daemon.report.run_report import RunReport
from daemon.runtime.frame_recorder import FrameRecorder
from daemon.runtime.supervisor import Supervisor

log = structlog.get_logger()

Screen: TypeAlias = Callable[[App], Awaitable[None]]
"""Shows a running app to a person until it is cancelled."""

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
                frames = _frame_recorder(settings, premises)
                app = _build(settings, clock, premises, frames, tasks)
                news.app = app
                with app.recorder or nullcontext(), frames or nullcontext():
                    await _live(app, premises, Supervisor(tasks), stop, screen)
        except BaseException as error:
            await _close_failed(premises, clock, _first(error))
            raise _first(error) from error
        wall_s = (time.monotonic_ns() - started_ns) / 1e9
        report = await summarize(
            app, premises.database, frames=frames, wall_s=wall_s, ended=stop.reason
        )
        await _close(premises, clock, summary=report, error=None)
        return report


def _frame_recorder(settings: Settings, premises: Premises) -> FrameRecorder | None:
    run_dir = settings.state_dir / "runs" / premises.run_id
    return frame_recorder_for(settings, premises.beginning.markets, premises.replies, run_dir)


def _build(
    settings: Settings,
    clock: Clock,
    premises: Premises,
    frames: FrameRecorder | None,
    tasks: asyncio.TaskGroup,
) -> App:
    beginning = premises.beginning
    neighbours = RealNeighbours(
        settings=settings,
        clock=clock,
        beginning=beginning,
        reach=premises.database.reach,
        frames=frames,
    )
    return App(
        settings=settings, clock=clock, beginning=beginning, neighbours=neighbours, tasks=tasks
    )


async def _live(
    app: App, premises: Premises, work: Supervisor, stop: StopRequest, screen: Screen | None
) -> None:
    notify = ServiceNotify.from_environment()

    def surround() -> None:
        _surround(app, premises, work, stop, screen)
        work.best_effort("service_notify", lambda: notify.run(lambda: _is_alive(app)))
        notify.ready()

    await live(app, work, stop, on_trading=surround, on_stopping=notify.stopping)


def _surround(
    app: App, premises: Premises, work: Supervisor, stop: StopRequest, screen: Screen | None
) -> None:
    """Start what a daemon has around its trading: lock, operator, health, screen."""
    work.critical("account_lock", premises.lock.hold)
    socket = OperatorSocket(socket_path(app.settings.state_dir), handlers_for(app, stop))
    work.best_effort("operator_socket", socket.run)
    if app.settings.http.is_enabled:
        work.best_effort("health_http", HealthHttp(app.settings.http, _health(app)).run)
    if screen is not None:
        work.best_effort("screen", lambda: screen(app))
    settle_memory()


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
            premises.run_id, at=clock.now(), summary=summary, error=text
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
