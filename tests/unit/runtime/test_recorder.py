"""Every step is recorded, and whatever goes wrong ends the recording and nothing else."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from daemon.domain.prepared import PreparedOrder
from daemon.domain.units import Nanos
from daemon.engine.inputs import Pulse
from daemon.engine.outcome import CancelAll, SubmitOrder
from daemon.runtime import disk_queue
from daemon.runtime.recorder import Recorder
from daemon.runtime.recording.codec import RecordedStep
from daemon.runtime.recording.packed_series import RecordingBounds
from daemon.runtime.recording.reader import RecordingReader
from daemon.runtime.recording.writer import RecordingWriter
from tests.builders import START
from tests.unit.runtime.told import Told

PLENTY = RecordingBounds(file_bytes_max=10**9, total_bytes_max=10**12)


class BrokenWriter(RecordingWriter):
    """A disk that takes so many writes and then says what the test wants."""

    def __init__(self, folder: Path, error: Exception, writes: int) -> None:
        super().__init__(folder, (), PLENTY)
        self._error, self._writes = error, writes

    def write(self, steps: Sequence[RecordedStep]) -> None:
        if not self._writes:
            raise self._error
        self._writes -= 1
        super().write(steps)


class HangingWriter(RecordingWriter):
    """A disk that answers when the test lets it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, (), PLENTY)
        self.may_go_on = threading.Event()

    def write(self, steps: Sequence[RecordedStep]) -> None:
        self.may_go_on.wait()
        super().write(steps)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_queue, "WRITE_EVERY_S", 0.001)


def take(recorder: Recorder, count: int) -> None:
    for _ in range(count):
        number = recorder.steps + 1
        recorder.take([Pulse()], Nanos(START + number))


def numbers(folder: Path) -> list[int]:
    return [step.number for step in RecordingReader(folder).steps()]


def test_every_step_is_recorded_with_its_time(tmp_path: Path) -> None:
    with Recorder(RecordingWriter(tmp_path / "r", (), PLENTY), steps_waiting_max=1_000) as recorder:
        take(recorder, 500)
    reader = RecordingReader(tmp_path / "r")
    found = list(reader.steps())
    assert [step.number for step in found] == [*range(1, 501)]
    assert [step.now for step in found] == [START + number for number in range(1, 501)]
    assert reader.index.is_ended
    assert (recorder.incomplete_from, recorder.steps_missed) == (None, 0)


def test_a_decision_is_recorded_with_the_names_its_orders_were_given(tmp_path: Path) -> None:
    told = Told()
    orders = [told.order(1), told.order(2)]
    submits = [SubmitOrder(PreparedOrder(order=order, payload=b"signed")) for order in orders]
    decided = told.step(effects=(submits[0], CancelAll(), submits[1])).outcome
    with Recorder(RecordingWriter(tmp_path / "r", (), PLENTY), steps_waiting_max=9) as recorder:
        take(recorder, 1)
        recorder.decided(b'{"step":1}\n', decided)
        take(recorder, 1)
    first, second = RecordingReader(tmp_path / "r").steps()
    assert (first.line, second.line) == (b'{"step":1}\n', None)
    assert first.venue_order_ids == tuple(order.venue_order_id for order in orders)


def test_the_step_that_fails_is_recorded_too(tmp_path: Path) -> None:
    recorder = Recorder(RecordingWriter(tmp_path / "r", (), PLENTY), steps_waiting_max=9)
    with pytest.raises(AssertionError, match="the step"), recorder:
        take(recorder, 3)
        raise AssertionError("the step failed")
    assert numbers(tmp_path / "r") == [1, 2, 3]


def test_a_disk_that_is_too_slow_ends_the_recording_at_the_step_that_found_no_room(
    tmp_path: Path,
) -> None:
    writer = HangingWriter(tmp_path / "r")
    with Recorder(writer, steps_waiting_max=40) as recorder:
        take(recorder, 1_000)
        writer.may_go_on.set()
    first_missing = recorder.incomplete_from
    assert first_missing == 41
    assert recorder.steps_missed == 1_000 - first_missing + 1
    assert numbers(tmp_path / "r") == [*range(1, first_missing)]
    index = RecordingReader(tmp_path / "r").index
    assert (index.incomplete_from, index.reason) == (
        first_missing,
        "more than 40 steps waited for the disk",
    )


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("odd")])
def test_a_disk_that_fails_ends_the_recording_and_nothing_else(
    tmp_path: Path, error: Exception
) -> None:
    writer = BrokenWriter(tmp_path / "r", error, writes=2)
    with Recorder(writer, steps_waiting_max=100_000) as recorder:
        take(recorder, 1_000)
    recorded = numbers(tmp_path / "r")
    assert recorder.incomplete_from == len(recorded) + 1
    index = RecordingReader(tmp_path / "r").index
    assert index.is_ended
    assert index.reason == str(error)


def test_the_bound_on_the_whole_ends_the_recording_and_says_so(tmp_path: Path) -> None:
    bounds = RecordingBounds(file_bytes_max=10**9, total_bytes_max=2_000)
    writer = RecordingWriter(tmp_path / "r", (), bounds)
    with Recorder(writer, steps_waiting_max=100_000) as recorder:
        take(recorder, 50_000)
    recorded = numbers(tmp_path / "r")
    assert recorder.incomplete_from == len(recorded) + 1 < 50_000
    index = RecordingReader(tmp_path / "r").index
    assert index.incomplete_from == recorder.incomplete_from
    assert "total_bytes_max" in index.reason


def test_a_disk_that_hangs_does_not_hold_up_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_queue, "CLOSE_WITHIN_S", 0.01)
    writer = HangingWriter(tmp_path / "r")
    with Recorder(writer, steps_waiting_max=40) as recorder:
        take(recorder, 3)
    assert not RecordingReader(tmp_path / "r").index.is_ended
    writer.may_go_on.set()
    recorder.queue._thread.join()
