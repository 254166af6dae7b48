"""The daemon that trades a recorded market: the real composition, for one life in virtual time."""

import asyncio
from typing import Final

from daemon.app.app import App
from daemon.app.beginning import begin_run
from daemon.app.life import END_OF_TAPE, live
from daemon.app.stop_request import StopRequest
from daemon.domain.ids import RunId
from daemon.domain.order import Order
from daemon.domain.reasons import PauseReason
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.engine.inputs import MarkRequested, PauseRequested
from daemon.runtime.supervisor import Supervisor
from daemon.sim.chance import Chance
from daemon.sim.exchange.trading.reply import SubmitReply
from daemon.sim.exchange.trading.venue_order import PostedOrder
from daemon.sim.memory_archive import MemoryArchive
from daemon.sim.virtual_clock import VirtualClock
from daemon.sim.virtual_loop import VirtualTimeLoop
from daemon.simulation.backtest.ground import Ground
from daemon.simulation.backtest.plan import latencies_of
from daemon.simulation.exchange_side import OWNER
from daemon.simulation.process_neighbours import ProcessNeighbours

RUN: Final = RunId("backtest")
LOOK_EVERY: Final = Nanos(NANOS_PER_S)
LOOKS_MAX: Final = 120
"""After the tape everything of ours is cancelled and final within so many looks."""


class Trader:
    """One daemon on one ground; `trade` once, then read."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.archive = MemoryArchive()
        self.idle_because = ""
        """Why it did not trade at the end of the tape; empty when it did."""
        self._ground, self._chance = ground, Chance(seed)
        self._stop = StopRequest()
        self._app: App | None = None
        self._looks = 0

    @property
    def app(self) -> App:
        """The app, once it is built."""
        assert self._app is not None
        return self._app

    def trade(self) -> None:
        """Live from the first frame of the tape until all that was traded after it is final."""
        outside = self._ground.side.outside
        loop = VirtualTimeLoop()
        outside.attach(loop)
        try:
            loop.run_until_complete(self._live(loop))
        finally:
            outside.detach()
            loop.close()
            if self._app is not None:
                self._app.decision_log.close()

    async def _live(self, loop: VirtualTimeLoop) -> None:
        ground, settings = self._ground, self._ground.settings
        clock = VirtualClock(loop, origin_at=ground.origin_at)
        beginning = await begin_run(
            self.archive,
            settings,
            run_id=RUN,
            markets=ground.markets,
            clock=clock,
            now=clock.now(),
        )
        neighbours = ProcessNeighbours(
            side=ground.side,
            archive=self.archive,
            settings=settings,
            latencies=latencies_of(settings.paper),
            clock=clock,
            run_id=RUN,
            chance=self._chance,
            watch=_Unwatched(),
            note=_say_nothing,
        )
        async with asyncio.TaskGroup() as tasks:
            self._app = app = App(
                settings=settings,
                clock=clock,
                beginning=beginning,
                neighbours=neighbours,
                tasks=tasks,
            )
            neighbours.open_user_stream(app.reconciler.request)
            ground.play.begin(self._end)
            await live(app, Supervisor(tasks), self._stop, on_trading=_go_on, on_stopping=_go_on)
        neighbours.close()
        await self.archive.close_run(RUN, at=clock.now(), summary=None, error=None)

    def _end(self) -> None:
        """Let nothing open any more: the books stand still. What was traded settles as ever."""
        self.idle_because = self.app.state.reasons.describe()
        self.app.inbox.put(MarkRequested())
        self.app.inbox.put(PauseRequested(reason=PauseReason.STOPPING))
        self._look(self._ground.side.outside.now())

    def _look(self, now: Nanos) -> None:
        """Stop when nothing of ours is open or unsettled any more."""
        self._looks += 1
        assert self._looks <= LOOKS_MAX, "an order or a trade of ours never became final"
        side = self._ground.side
        is_settled = all(trade.status.is_final for trade in side.exchange.trades(OWNER))
        if is_settled and not self.app.state.desk.open and not side.exchange.open_orders(OWNER):
            self._stop.ask(END_OF_TAPE)
        else:
            side.outside.schedule(Nanos(now + LOOK_EVERY), self._look)


class _Unwatched:
    """Nobody judges a backtest while it runs."""

    def sent(self, order: Order, at: Nanos) -> None:
        """Let it pass."""

    def lost(self, order: Order, at: Nanos) -> None:
        """Let it pass."""

    def arrived(self, posted: PostedOrder, reply: SubmitReply, at: Nanos) -> None:
        """Let it pass."""

    def cancel_sent(self, order: Order, at: Nanos) -> None:
        """Let it pass."""


def _say_nothing(text: str) -> None:
    """Nobody reads along."""
    del text


def _go_on() -> None:
    """Have nothing around the daemon."""
