"""What a scenario has planned, done when its time has come; at the end it sees to it that all is calm."""

from functools import partial
from typing import Final

from daemon.domain.ids import VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_S, ONE, Nanos
from daemon.runtime.kill_switch import FILE_NAME, clear, engage
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder
from daemon.simulation.chronicle import Chronicle
from daemon.simulation.exchange_side import OWNER, WALLET
from daemon.simulation.process import Process
from daemon.simulation.scenario import OperatorWish, PlannedCrash, PlannedWish, StrangerOrder
from daemon.simulation.surroundings import Surroundings

ATTEND_EVERY: Final = Nanos(5 * NANOS_PER_S)
"""In the calm a person looks so often whether the daemon needs one."""
LOOK_EVERY: Final = Nanos(NANOS_PER_S // 10)
"""How often somebody looks whether something is broken; then the world need not go on."""
KILLED_NS: Final = 10 * NANOS_PER_S
"""How long the kill switch stays engaged at the end."""


class Timeline:
    """Plans of one world; `process` is the one that lives now."""

    def __init__(self, world: Surroundings, chronicle: Chronicle) -> None:
        self.process: Process | None = None
        self.clock_error_ns = 0
        """By how much the machine's clock was set wrong."""
        self._world, self._chronicle = world, chronicle
        self._state_dir = world.settings.state_dir

    def begin(self) -> None:
        """Plan everything."""
        scenario, at = self._world.scenario, self._world.at
        schedule = self._world.outside.schedule
        for crash in scenario.crashes:
            schedule(at(crash.at_ns), partial(self._crash, crash))
        for wish in scenario.wishes:
            schedule(at(wish.at_ns), partial(self._wish, wish))
        for step in scenario.clock_steps:
            schedule(at(step.at_ns), lambda _, by_ns=step.by_ns: self._step_clock(by_ns))
        for outage in scenario.outages:
            schedule(at(outage.at_ns), lambda _: self._world.archive.go_away("out of order"))
            schedule(at(outage.until_ns), lambda _: self._world.archive.come_back())
        for change in scenario.tick_changes:
            market = scenario.markets[change.market].market.condition_id
            schedule(
                at(change.at_ns),
                lambda now, market=market, tick=change.tick: (
                    self._world.outside.marketplace.publish(
                        self._world.exchange.change_tick(market, tick, now)
                    )
                ),
            )
        for stranger in scenario.strangers:
            schedule(at(stranger.at_ns), partial(self._trade_by_hand, stranger))
        schedule(at(0), self._look)
        schedule(at(scenario.calm_from_ns), self._calm_down)
        schedule(at(scenario.span_ns), lambda _: self._stop("over"))

    def _crash(self, crash: PlannedCrash, now: Nanos) -> None:
        if self.process is not None:
            self._chronicle.note(now, f"crash {crash.kind} armed")
            self.process.arm(crash)

    def _wish(self, wish: PlannedWish, now: Nanos) -> None:
        self._chronicle.note(now, f"operator {wish.wish}")
        match wish.wish:
            case OperatorWish.HALT:
                self._ask("halt")
            case OperatorWish.KILL:
                self._engage(now)
            case OperatorWish.CANCEL_ALL:
                self._ask("cancel_all")
                return
            case OperatorWish.STOP:
                self._stop("operator")
                return
            case OperatorWish.RESUME:
                pass
        self._world.outside.schedule(self._world.at(wish.until_ns), self._resume)

    def _resume(self, now: Nanos) -> None:
        self._disengage(now)
        self._ask("resume")

    def _trade_by_hand(self, stranger: StrangerOrder, now: Nanos) -> None:
        """Submit an order of our account that the daemon knows nothing of."""
        planned = self._world.scenario.markets[stranger.market]
        posted = PostedOrder(
            order_id=VenueOrderId(f"0xby-hand-{stranger.at_ns}"),
            owner=OWNER,
            wallet=WALLET,
            token=planned.market.tokens[stranger.outcome],
            side=Side.BUY,
            maker_amount=stranger.price * stranger.shares // ONE,
            taker_amount=stranger.shares,
            order_type=OrderType.GTC,
        )
        turn = self._world.exchange.submit(posted, now)
        self._chronicle.note(now, f"by hand {turn.reply!r}")
        self._world.outside.marketplace.publish(turn.events)

    def _look(self, now: Nanos) -> None:
        if self._chronicle.is_broken:
            if self.process is not None:
                self.process.end()
            return
        self._world.outside.schedule(Nanos(now + LOOK_EVERY), self._look)

    def _step_clock(self, by_ns: int) -> None:
        self.clock_error_ns += by_ns
        if self.process is not None:
            self.process.step_clock(by_ns)

    def _calm_down(self, now: Nanos) -> None:
        """End every trouble."""
        self._step_clock(-self.clock_error_ns)
        self._world.archive.come_back()
        self._disengage(now)
        if self.process is not None:
            self.process.disarm()
        self._chronicle.faults_ended(now)
        self._attend(now)
        if self._world.scenario.ends_killed:
            at = self._world.at(self._world.scenario.span_ns - KILLED_NS)
            self._world.outside.schedule(at, self._engage)

    def _attend(self, now: Nanos) -> None:
        """Resume what needs a person, unless the kill switch says no."""
        is_killed = (self._state_dir / FILE_NAME).exists()
        if self.process is not None and self.process.needs_a_person and not is_killed:
            self._ask("resume")
        self._world.outside.schedule(Nanos(now + ATTEND_EVERY), self._attend)

    def _engage(self, now: Nanos) -> None:
        engage(self._state_dir, "simulated")
        self._chronicle.kill_switch(True, now)

    def _disengage(self, now: Nanos) -> None:
        if clear([self._state_dir / FILE_NAME]):
            self._chronicle.kill_switch(False, now)

    def _stop(self, reason: str) -> None:
        if self.process is not None:
            self.process.stop(reason)

    def _ask(self, command: str) -> None:
        if self.process is not None:
            self.process.ask(command)
