"""What the replay says to people about recordings that are not whole."""

from pathlib import Path

import pytest

from config.recording_settings import RecordingSettings
from daemon.app.beginning import Beginning
from daemon.app.recording import recorder_for
from daemon.app.replay import Moment, moment_of
from daemon.cli.main import main
from daemon.cli.moment import moment_lines, moment_record
from daemon.ports import RunRecord
from daemon.runtime.recording.index import Index, read_index
from daemon.runtime.recording.reader import RecordingReader
from daemon.runtime.recording.writer import RecordingWriter
from tests.builders import START, YES
from tests.unit.app.recorded_run import BOUNDS, PLAN, RUN, record_run, script
from tests.unit.runtime.every_event import EVERY_EVENT

WHOLE = "Every step was decided as recorded"


def said(folder: Path, capfd: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["replay", str(folder)]) == 0
    return [line for line in capfd.readouterr().out.splitlines() if "recording.begun" not in line]


def test_a_whole_recording_is_told_in_three_lines(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = record_run(tmp_path / "r")
    assert said(tmp_path / "r", capfd) == [
        f"Run {RUN}, recorded by pennyd 0.1.0: {len(script())} steps, {log.steps} decisions",
        WHOLE,
        f"Decisions sha256: {log.digest}",
    ]


def test_a_recording_that_ended_early_says_from_which_step_on(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    record_run(tmp_path / "r")
    reader = RecordingReader(tmp_path / "r")
    lines = [line + b"\n" for line in reader.start_lines()]
    writer = RecordingWriter(tmp_path / "c", lines, BOUNDS)
    writer.write([step for step in reader.steps() if step.number < 3])
    writer.close(incomplete_from=3, reason="no space left")
    told = said(tmp_path / "c", capfd)
    assert told[1:3] == ["Incomplete from step 3: no space left", WHOLE]


def test_a_run_that_failed_is_told_with_what_it_raised(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    record_run(tmp_path / "r", is_failing=True)
    last = len(script()) + 1
    assert said(tmp_path / "r", capfd)[1].startswith(f"Step {last} fails, and is the last one")


def test_every_event_of_a_moment_can_be_read_and_is_whole_in_the_record(tmp_path: Path) -> None:
    record_run(tmp_path / "r")
    found = moment_of(tmp_path / "r", f"{PLAN.run_id}-1")
    assert found is not None
    step = type(found.step)(
        number=1, now=found.step.now, events=EVERY_EVENT, line=None, venue_order_ids=()
    )
    moment = Moment(step=step, state=found.state)
    text = "\n".join(moment_lines(moment, YES))
    for words in (
        "book change: bid 0.49 has 7.00 now (best 0.49/0.52)",
        "book change: ask 0.60 has 0.00 now",
        "book snapshot: 1 bids, 1 asks",
        "trade: 3.00 at 0.50",
        "fill of a1...: 3.00 at 0.50",
        "cancel of a1...: market closed",
        "Pulse",
        "KillSwitchChanged: is_engaged True, text Emergency stop",
        "  bids 100.00 at 0.48",
        "  asks 100.00 at 0.52",
    ):
        assert words in text
    record = moment_record(moment, YES)
    assert [event["event"] for event in record["events"]] == [
        type(event).__name__ for event in EVERY_EVENT
    ]
    assert record["events"][2]["price"] == 500_000


BEGINNING = Beginning(
    run=RunRecord(
        run_id=PLAN.run_id, mode="paper", account="purse", predecessor=None, started_at=START
    ),
    markets=PLAN.markets,
    history=[],
)


def test_nothing_is_recorded_unless_wanted(tmp_path: Path) -> None:
    assert recorder_for(RecordingSettings(), PLAN, BEGINNING, tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_the_start_costs_the_recording_and_not_the_run(tmp_path: Path) -> None:
    wanted = RecordingSettings(is_enabled=True)
    (tmp_path / "file").write_text("in the way")
    assert recorder_for(wanted, PLAN, BEGINNING, tmp_path / "file") is None
    recorder = recorder_for(wanted, PLAN, BEGINNING, tmp_path)
    assert recorder is not None
    assert not read_index(recorder.folder, Index).is_ended
