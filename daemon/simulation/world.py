"""Runs one scenario: process after process, until its time is over and everything is final."""

from typing import Final, cast

from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.errors import JournalUnavailable
from daemon.sim.virtual_loop import Crash, VirtualTimeLoop
from daemon.simulation.chronicle import Chronicle
from daemon.simulation.exchange_side import OWNER
from daemon.simulation.process import Process
from daemon.simulation.surroundings import Surroundings
from daemon.simulation.timeline import Timeline

LIVES_MAX: Final = 100
RESTART_NS: Final = 500 * NANOS_PER_MS
"""How long the service manager waits after a process that ended by itself."""
SETTLE_TURN_NS: Final = 2 * NANOS_PER_S
SETTLE_TURNS_MAX: Final = 60
"""After the last process the exchange goes on until every trade of ours is final, at most so long."""


class World:
    """One world that can be run once."""

    def __init__(self, surroundings: Surroundings, chronicle: Chronicle) -> None:
        self._world, self._chronicle = surroundings, chronicle
        self._timeline = Timeline(surroundings, chronicle)
        surroundings.outside.marketplace.watch(chronicle.happened)

    def run(self) -> None:
        """Live to the end, or until something is broken: the chronicle's witness knows what."""
        outside, scenario = self._world.outside, self._world.scenario
        self._timeline.begin()
        for number in range(1, LIVES_MAX + 1):
            down_ns = self._live(number)
            if self._chronicle.is_broken:
                return
            if down_ns is None or outside.elapsed_ns >= scenario.span_ns:
                break
            outside.pass_to(Nanos(outside.now() + down_ns))
        self._settle()
        self._world.exchange.audit()
        self._chronicle.ended(outside.now())

    def _settle(self) -> None:
        outside = self._world.outside
        for _ in range(SETTLE_TURNS_MAX):
            outside.pass_to(Nanos(outside.now() + SETTLE_TURN_NS))
            if all(trade.status.is_final for trade in self._world.exchange.trades(OWNER)):
                return
        raise AssertionError("a trade never became final")

    def _live(self, number: int) -> int | None:
        """Live once; return how long nobody lives after it, None when nobody will any more."""
        world, outside = self._world, self._world.outside
        loop = VirtualTimeLoop(start_ns=outside.elapsed_ns)
        process = Process(
            world, self._chronicle, loop, number=number, error_ns=self._timeline.clock_error_ns
        )
        outside.attach(loop)
        self._timeline.process = process
        is_crash, down_ns = False, RESTART_NS
        try:
            loop.run_until_complete(process.run())
        except Crash:
            is_crash = True
            down_ns = None if process.crash is None else process.crash.down_ns
        except JournalUnavailable as error:
            self._chronicle.note(outside.now(), f"gave up {error}")
        except BaseException as error:  # Whatever it is, it is what the simulation looks for.
            first = _first(error)
            if isinstance(first, KeyboardInterrupt):
                raise
            self._chronicle.step_failed(first, outside.now())
            down_ns = None
        finally:
            self._timeline.process = None
            process.cut()
            outside.detach()
            if process.has_begun:
                self._chronicle.life_ended(
                    number, process.digest, is_crash=is_crash, at=outside.now()
                )
            loop.close()
        return down_ns


def _first(error: BaseException) -> BaseException:
    """Return what really happened: the first leaf of an exception group."""
    if isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        return _first(group.exceptions[0])
    return error
