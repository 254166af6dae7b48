"""Logs what happened, from the facts: the log and the journal cannot disagree.

The loop's observer. Whatever goes wrong here is counted and never reaches the loop: a log that fails
must not stop trading.
"""

import logging
from collections import Counter, deque
from contextlib import suppress
from typing import Final

import structlog
from structlog.typing import FilteringBoundLogger

from daemon.domain.facts import BookDistrusted, BookResynced, Fact, TargetDenied
from daemon.domain.ids import RunId
from daemon.engine.outcome import (
    CancelAll,
    CancelOrder,
    CancelStranger,
    Outcome,
    Resync,
    SubmitOrder,
)
from daemon.engine.state import EngineState
from daemon.report.figures import instant
from daemon.runtime.fact_events import FactEvents, LogEvent
from daemon.runtime.log_events import LOG_EVENTS
from daemon.runtime.loop import Step

RECENT_MAX: Final = 50
"""Events kept for screens."""
_NUMBERS: Final = logging.getLevelNamesMapping()
_LEVELS: Final = {name: _NUMBERS[kind.level.upper()] for name, kind in LOG_EVENTS.items()}
_QUIET: Final = (BookDistrusted, BookResynced)
"""Facts that are many and say little one by one: counted, formatted only when asked for."""


class FactLog:
    """Writes one event per fact and one line per decision."""

    def __init__(self, *, run_id: RunId, state: EngineState) -> None:
        """Build it after recovery and after logging was set up; `state` is read, never changed."""
        self._log: FilteringBoundLogger = structlog.get_logger("pennyd").bind(run=run_id)
        self._facts = FactEvents(state)
        self._is_verbose = self._log.is_enabled_for(logging.DEBUG)
        self.counts: Counter[str] = Counter()
        """Events by name, those below the level included."""
        self.recent: deque[LogEvent] = deque(maxlen=RECENT_MAX)
        """The latest events a person may care about, oldest first."""
        self.replacements = 0
        """Orders that took the place of another one."""
        self.failures = 0
        """Steps that could not be logged in full."""

    def observe(self, step: Step) -> None:
        """Log a step; never raises."""
        try:
            self._observe(step)
        except Exception:
            self.failures += 1
            if self.failures == 1:
                with suppress(Exception):  # It may be the log itself that fails.
                    self._log.exception("log.failed", seq=step.outcome.seq)

    def _observe(self, step: Step) -> None:
        outcome = step.outcome
        at = instant(outcome.at)
        if outcome.effects:
            self._decision(step, at)
        if not self._is_verbose and all(isinstance(fact, _QUIET) for fact in outcome.facts):
            self._count(outcome.facts)
            return
        for index, (name, keys) in self._facts.events(outcome.facts):
            self.counts[name] += 1
            self.replacements += "replaces" in keys
            level = _LEVELS[name]
            if level > logging.DEBUG:
                self.recent.append((name, keys))
            elif not self._is_verbose:
                continue
            self._log.log(level, name, seq=outcome.seq + index, at=at, **keys)

    def _count(self, facts: tuple[Fact, ...]) -> None:
        for fact in facts:
            name = "book.distrusted" if isinstance(fact, BookDistrusted) else "book.resynced"
            self.counts[name] += 1

    def _decision(self, step: Step, at: str) -> None:
        self.counts["decision.made"] += 1
        kinds = Counter(type(event).__name__ for event in step.events)
        self._log.info(
            "decision.made",
            seq=step.outcome.seq,
            at=at,
            cause=dict(kinds),
            duration_us=step.duration_ns // 1000,
            **_effects(step.outcome),
        )


def _effects(outcome: Outcome) -> dict[str, int]:
    submits = cancels = resyncs = 0
    for effect in outcome.effects:
        if isinstance(effect, SubmitOrder):
            submits += 1
        elif isinstance(effect, CancelOrder | CancelStranger | CancelAll):
            cancels += 1
        elif isinstance(effect, Resync):
            resyncs += 1
    denials = sum(isinstance(fact, TargetDenied) for fact in outcome.facts)
    return {"submits": submits, "cancels": cancels, "denials": denials, "resyncs": resyncs}
