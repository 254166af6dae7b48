"""Runs a recording again: the same engine, the same state, the same events, at the same times.

Nothing is sent, nothing is written: facts and effects become decision lines and are compared with
those of the recorded run, one by one.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from daemon.app.recording import read_start
from daemon.domain.ids import ClientOrderId, VenueOrderId
from daemon.domain.order_events import OrderCreated
from daemon.domain.prepared import PreparedOrder
from daemon.domain.units import Nanos
from daemon.engine.engine import Engine
from daemon.engine.outcome import Outcome
from daemon.engine.state import EngineState
from daemon.risk.approval import Approved, order_of
from daemon.runtime.decision_line import DecisionLines
from daemon.runtime.recording.codec import RecordedStep
from daemon.runtime.recording.reader import RecordingReader

UNRECORDED: Final = "unrecorded-"
"""Begins the venue id of an order that the recorded run did not create."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first step that came out differently; None stands for no decision."""

    step: int
    at: Nanos
    recorded: str | None
    replayed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay found."""

    run_id: str
    version: str
    """Of the program that recorded."""
    steps: int
    """Steps that were run."""
    decisions: int
    sha256: str
    """The digest of the replayed decision log."""
    recorded_sha256: str
    """The digest of the recorded decision lines of the same steps."""
    difference: Difference | None
    failure: str | None
    """What the last step raised, as it did in the run: nothing was recorded after it."""
    is_torn: bool
    """The recording was cut off by the end of its process."""
    incomplete_from: int | None
    reason: str
    """Why it is incomplete."""

    @property
    def is_equal(self) -> bool:
        """Tell whether every step that is there was decided as recorded."""
        return self.difference is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The step in which an order was created, with the state right after it."""

    step: RecordedStep
    state: EngineState


class _RecordedNames:
    """Makes orders ready under the venue ids they had: a signature cannot be made again."""

    def __init__(self) -> None:
        self._names: Iterator[VenueOrderId] = iter(())

    def expect(self, names: tuple[VenueOrderId, ...]) -> None:
        """Give out these names in the next step."""
        self._names = iter(names)

    def __call__(
        self, client_order_id: ClientOrderId, approved: Approved, now: Nanos
    ) -> PreparedOrder:
        name = next(self._names, VenueOrderId(f"{UNRECORDED}{client_order_id}"))
        return PreparedOrder(order=order_of(approved, client_order_id, name, now), payload=b"")


class _Replay:
    """A recording being run again."""

    def __init__(self, folder: Path) -> None:
        self.reader = RecordingReader(folder)
        start = read_start(self.reader)
        self.version, self.plan = start.version, start.plan
        self.state = self.plan.state(start.entries)
        self._names = _RecordedNames()
        self._engine: Engine = self.plan.engine(self.state, self._names)

    def step(self, step: RecordedStep) -> Outcome:
        """Run one step."""
        self._names.expect(step.venue_order_ids)
        return self._engine.step(step.events, step.now)


def replay_recording(folder: Path) -> Replayed:
    """Run a recording to its end or to the first difference; raises RecordingUnreadable."""
    run = _Replay(folder)
    lines = DecisionLines()
    replayed, recorded = hashlib.sha256(), hashlib.sha256()
    steps = decisions = 0
    difference: Difference | None = None
    failure: str | None = None
    for step in run.reader.steps():
        if failure is not None:  # The recorded run went on after a step that fails here.
            difference = Difference(step=steps, at=step.now, recorded=None, replayed=failure)
            break
        steps = step.number
        try:
            outcome = run.step(step)
        except Exception as error:  # noqa: BLE001 - whatever the engine raises is the finding
            failure = f"{type(error).__name__}: {error}"
            continue
        line = None
        if outcome.facts or outcome.effects:
            decisions += 1
            line = lines.line(decisions, outcome)
            replayed.update(line)
        recorded.update(step.line or b"")
        if line != step.line:
            difference = Difference(
                step=steps, at=step.now, recorded=_text(step.line), replayed=_text(line)
            )
            break
    index = run.reader.index
    return Replayed(
        run_id=run.plan.run_id,
        version=run.version,
        steps=steps,
        decisions=decisions,
        sha256=replayed.hexdigest(),
        recorded_sha256=recorded.hexdigest(),
        difference=difference,
        failure=failure,
        is_torn=run.reader.is_torn,
        incomplete_from=index.incomplete_from,
        reason=index.reason,
    )


def moment_of(folder: Path, client_order_id: str) -> Moment | None:
    """Return the step that created an order, None when the recording has none of that name.

    Raises RecordingUnreadable.
    """
    run = _Replay(folder)
    for step in run.reader.steps():
        try:
            outcome = run.step(step)
        except Exception:  # noqa: BLE001 - what failed created nothing, and nothing follows it
            return None
        for fact in outcome.facts:
            if isinstance(fact, OrderCreated) and fact.order.client_order_id == client_order_id:
                return Moment(step=step, state=run.state)
    return None


def _text(line: bytes | None) -> str | None:
    return None if line is None else line.decode().rstrip("\n")
