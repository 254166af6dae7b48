"""One process of the daemon in a world: the real composition, wired to simulated neighbours."""

import asyncio
from collections.abc import Sequence
from typing import Any

from daemon.app.app import App
from daemon.app.beginning import begin_run
from daemon.app.life import live
from daemon.app.operator import handlers_for
from daemon.app.stop_request import StopRequest
from daemon.domain.ids import RunId
from daemon.errors import PennydError
from daemon.ports import Entry
from daemon.runtime.loop import Step
from daemon.runtime.supervisor import Supervisor
from daemon.sim.memory_store import CommitPoint
from daemon.sim.virtual_clock import VirtualClock
from daemon.sim.virtual_loop import VirtualTimeLoop
from daemon.simulation.chronicle import Chronicle
from daemon.simulation.process_neighbours import ProcessNeighbours
from daemon.simulation.scenario import CrashKind, PlannedCrash
from daemon.simulation.surroundings import ORIGIN_AT, Surroundings


class Process:
    """Born, lived, ended; `cut` it when it is gone."""

    def __init__(
        self,
        world: Surroundings,
        chronicle: Chronicle,
        loop: VirtualTimeLoop,
        *,
        number: int,
        error_ns: int,
    ) -> None:
        """`error_ns`: by how much the machine's clock is wrong."""
        self.number = number
        self.crash: PlannedCrash | None = None
        """What ends it, once armed."""
        self._world, self._chronicle, self._loop = world, chronicle, loop
        self._clock = VirtualClock(loop, origin_at=ORIGIN_AT, drift_ppm=world.scenario.drift_ppm)
        self._clock.step(error_ns)
        self._skip = 0
        self._app: App | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._stop: StopRequest | None = None
        self._neighbours: ProcessNeighbours | None = None
        self._is_trading = False

    @property
    def has_begun(self) -> bool:
        """Tell whether it came so far that it had a state."""
        return self._app is not None

    @property
    def digest(self) -> str:
        """The digest of all it decided."""
        return "" if self._app is None else self._app.decision_log.digest

    async def run(self) -> None:
        """Live until stopped; raises what ends a daemon."""
        world, number = self._world, self.number
        self._stop = stop = StopRequest()
        beginning = await begin_run(
            world.archive,
            world.settings,
            run_id=RunId(f"sim-{number}"),
            markets=tuple(planned.market for planned in world.scenario.markets),
            clock=self._clock,
            now=self._clock.now(),
        )
        durable = [entry for _, entries in beginning.history for entry in entries]
        self._neighbours = ProcessNeighbours(
            side=world.side,
            archive=world.archive,
            settings=world.settings,
            latencies=world.scenario.latencies,
            clock=self._clock,
            run_id=beginning.run.run_id,
            chance=world.chance.branch(f"life {number}"),
            watch=self._chronicle,
            note=self._note,
            at_commit=self._at_commit,
        )
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            self._app = app = App(
                settings=world.settings,
                clock=self._clock,
                beginning=beginning,
                neighbours=self._neighbours,
                tasks=tasks,
            )
            app.loop.observe(self._decided)
            self._chronicle.life_began(number, app.state, durable, world.outside.now())
            self._neighbours.open_user_stream(app.reconciler.request)
            await live(
                app,
                Supervisor(tasks),
                stop,
                on_trading=self._note_trading,
                on_stopping=self._note_stopping,
            )
        self._neighbours.close()
        await world.archive.close_run(
            beginning.run.run_id, at=self._clock.now(), summary=None, error=None
        )

    def cut(self) -> None:
        """Let nothing of the outside reach it any more."""
        self._is_trading = False
        if self._neighbours is not None:
            self._neighbours.close()
        if self._app is not None:
            self._app.decision_log.close()  # As the operating system does for the dead.

    def arm(self, crash: PlannedCrash) -> None:
        """End at a callback or commit from now on."""
        self.crash, self._skip = crash, crash.skip
        if crash.kind is CrashKind.CALLBACK:
            self._loop.crash_before = self._loop.callbacks_run + crash.skip

    def end(self) -> None:
        """End before the next callback, with nobody to follow."""
        self.crash, self._loop.crash_before = None, self._loop.callbacks_run

    def disarm(self) -> None:
        """Live on."""
        self.crash = self._loop.crash_before = None

    def step_clock(self, by_ns: int) -> None:
        """Set the machine's clock."""
        self._clock.step(by_ns)

    def stop(self, reason: str) -> None:
        """Ask it to end in order."""
        if self._stop is not None and not self._stop.is_asked:
            self._stop.ask(reason)

    def ask(self, command: str, **fields: Any) -> None:
        """Let the operator ask for something; nobody listens unless it trades."""
        if self._is_trading:
            assert self._tasks is not None
            self._tasks.create_task(self._ask(command, fields), name=f"operator {command}")

    @property
    def needs_a_person(self) -> bool:
        """Tell whether something is halted, or a market paused, until somebody resumes."""
        if self._app is None or not self._is_trading:
            return False
        reasons = self._app.state.reasons
        return bool(reasons.halts or reasons.markets)

    async def _ask(self, command: str, fields: dict[str, Any]) -> None:
        assert self._app is not None
        assert self._stop is not None
        try:
            await handlers_for(self._app, self._stop)[command](fields)
        except PennydError as error:
            self._note(f"operator refused {error}")

    def _note(self, text: str) -> None:
        self._chronicle.note(self._world.outside.now(), text)

    def _decided(self, step: Step) -> None:
        assert self._app is not None
        self._chronicle.decided(step, self._app.state, self._world.outside.now())

    def _at_commit(self, point: CommitPoint, entries: Sequence[Entry]) -> None:
        if point is CommitPoint.AFTER:
            self._chronicle.committed(entries, self._world.outside.now())
        wanted = CrashKind.BEFORE_COMMIT if point is CommitPoint.BEFORE else CrashKind.AFTER_COMMIT
        if self.crash is None or self.crash.kind is not wanted:
            return
        if self._skip == 0:
            self._loop.crash()
        self._skip -= 1

    def _note_trading(self) -> None:
        self._is_trading = True

    def _note_stopping(self) -> None:
        self._is_trading = False
