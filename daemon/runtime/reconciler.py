"""Keeps us honest: compares our orders and trades with the venue's, at start and regularly after.

Nothing opens before the first complete comparison, nor after several in a row have failed.
"""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from daemon.domain import order_events as ev
from daemon.domain.facts import FeedWentUp
from daemon.domain.reasons import PauseReason
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.engine.inputs import Event, PauseEnded, PauseRequested
from daemon.engine.state import EngineState
from daemon.errors import VenueError
from daemon.ports import Account, Clock
from daemon.runtime.comparison import Comparison
from daemon.runtime.doubts import is_unresolved
from daemon.runtime.loop import Step
from daemon.runtime.reconcile_options import ReconcileOptions
from daemon.runtime.reconnect import Jitter, backoff_s

log = structlog.get_logger()

COMPARE_WITHIN_S: Final = 30.0
"""Machine time for one comparison; one that takes longer has failed."""
RETRY_MS_MAX: Final = 10_000
"""The longest wait before a failed comparison is tried again."""
DOUBT_EVERY_S: Final = 2.0
"""While an order is in doubt the venue is asked this often."""
APART: Final = Nanos(NANOS_PER_S)
"""Comparisons on demand begin at least this long after one another."""
FAILURES_BEFORE_PAUSE: Final = 3
"""Failed comparisons in a row after which nothing opens any more."""

_ALARMING: Final = (FeedWentUp, ev.OrderUnknown, ev.CancelRejected)
"""Facts after which we compare at once: something may have been missed."""


class Reconciler:
    """Decides when to compare, and whether one may trade on what came out."""

    def __init__(
        self,
        *,
        account: Account,
        state: EngineState,
        clock: Clock,
        put: Callable[[Event], None],
        options: ReconcileOptions,
        read_to: Nanos,
        jitter: Jitter,
    ) -> None:
        """`read_to`: up to then an earlier run has written down what happened."""
        self._state, self._clock, self._put = state, clock, put
        self._every_s = options.every_s
        self._comparison = Comparison(
            account=account, state=state, clock=clock, put=put, options=options, read_to=read_to
        )
        self._wanted = asyncio.Event()
        self._is_requested = False
        self._began_at = Nanos(0)
        self._failures = 0
        self._jitter = jitter
        self._retries = backoff_s(RETRY_MS_MAX, jitter)
        self._pauses = {PauseReason.STARTING}
        """Pauses that the next complete comparison lifts."""

    async def run(self) -> None:
        """Compare regularly, sooner while something is in doubt, has failed or was asked for."""
        while True:
            await self._wait(self._wait_s())
            await self.reconcile()

    def observe(self, step: Step) -> None:
        """Compare soon when a step says that something may have been missed."""
        if any(isinstance(fact, _ALARMING) for fact in step.outcome.facts):
            self.request()

    def request(self) -> None:
        """Compare soon; many wishes make one comparison."""
        if not self._is_requested:
            self._is_requested = True
            at = Nanos(max(self._clock.now(), self._began_at + APART))
            self._clock.call_at(at, self._grant)

    async def reconcile(self) -> bool:
        """Compare once; tell whether everything could be asked."""
        self._began_at = self._clock.now()
        try:
            async with asyncio.timeout(COMPARE_WITHIN_S):
                is_complete = await self._comparison.make()
            reason = "an order could not be looked up"
        except VenueError as error:
            is_complete, reason = False, str(error)
        except TimeoutError:
            is_complete, reason = False, f"not done within {COMPARE_WITHIN_S:.0f} s"
        if is_complete:
            self._note_success()
        else:
            self._note_failure(reason)
        return is_complete

    def _note_success(self) -> None:
        if self._failures:
            log.info("reconciliation.recovered", failures=self._failures)
        self._failures = 0
        self._retries = backoff_s(RETRY_MS_MAX, self._jitter)
        for reason in sorted(self._pauses):
            self._put(PauseEnded(reason=reason))
        self._pauses.clear()

    def _note_failure(self, reason: str) -> None:
        self._failures += 1
        log.warning("reconciliation.failed", failures=self._failures, reason=reason)
        if self._failures == FAILURES_BEFORE_PAUSE:
            self._pauses.add(PauseReason.RECONCILING)
            detail = f"{FAILURES_BEFORE_PAUSE} comparisons with the venue failed: {reason}"
            self._put(PauseRequested(reason=PauseReason.RECONCILING, detail=detail))

    def _grant(self) -> None:
        self._is_requested = False
        self._wanted.set()

    def _wait_s(self) -> float:
        if self._failures:
            return next(self._retries)
        is_in_doubt = any(is_unresolved(order) for order in self._state.desk.live())
        return min(self._every_s, DOUBT_EVERY_S) if is_in_doubt else self._every_s

    async def _wait(self, seconds: float) -> None:
        """Wait, by venue time, or until a comparison is wanted."""
        when = Nanos(self._clock.now() + round(seconds * NANOS_PER_S))
        timer = self._clock.call_at(when, self._wanted.set)
        try:
            await self._wanted.wait()
        finally:
            timer.cancel()
        self._wanted.clear()


async def until(condition: Callable[[], bool], *, within_s: float, poll_s: float = 0.01) -> bool:
    """Wait by machine time until a condition holds; tell whether it came to hold in time."""
    try:
        async with asyncio.timeout(within_s):
            while not condition():
                await asyncio.sleep(poll_s)
    except TimeoutError:
        return False
    return True
