"""The life of an app from recovery to goodbye, whoever its neighbours are."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from daemon.app.app import App
from daemon.app.status_log import log_status
from daemon.app.stop_request import StopRequest
from daemon.engine.inputs import MarkRequested
from daemon.errors import EndOfFeed
from daemon.runtime.feed_keeper import FeedKeeper
from daemon.runtime.supervisor import Supervisor

log = structlog.get_logger()

MARK_EVERY_S: Final = 10.0
"""Venue time between two valuations of the positions in the tables."""
END_OF_TAPE: Final = "end of tape"


async def live(
    app: App,
    work: Supervisor,
    stop: StopRequest,
    *,
    on_trading: Callable[[], None],
    on_stopping: Callable[[], None],
) -> None:
    """Recover, trade until somebody asks to stop, say goodbye.

    `on_trading` is called when the app trades, `on_stopping` when it was asked to stop.
    """
    work.critical("engine", app.loop.run)
    work.critical("journal", app.journal.run)
    work.critical("kill_switch", app.kill_switch.run)  # A venue may keep the start waiting.
    await app.start()
    work.critical("reconciler", app.reconciler.run)
    feeding = [
        work.critical(f"market_feed[{number}]", lambda keeper=keeper: _feed(app, keeper, stop))
        for number, keeper in enumerate(app.keepers)
    ]
    if app.lockstep is not None:
        feeding.append(work.critical("lockstep", app.lockstep.run))
    work.best_effort("marks", lambda: _mark_regularly(app))
    work.best_effort("status_log", lambda: log_status(app))
    on_trading()
    reason = await stop.wait()
    log.info("goodbye.begun", reason=reason)
    on_stopping()
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
