"""What a daemon did is done again from its recording alone: the same decisions, byte for byte."""

import json
import shutil
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from daemon.cli.main import main
from daemon.domain.feed import BookSnapshot
from daemon.runtime.recording.codec import RecordedStep
from daemon.runtime.recording.packed_file import packed_lines
from daemon.runtime.recording.packed_series import RecordingBounds
from daemon.runtime.recording.reader import RecordingReader
from daemon.runtime.recording.writer import RecordingWriter
from tests.acceptance.ledger import query
from tests.acceptance.paper_daemon import eventually
from tests.acceptance.pennyd_process import run, start
from tests.acceptance.throwaway_secrets import SECRETS
from tests.roomy_folder import make_test_folder

BOUNDS = RecordingBounds(file_bytes_max=10**9, total_bytes_max=10**12)
ENOUGH_BYTES = 20_000
"""Compressed; some hundred steps."""


@dataclass(frozen=True)
class Played:
    """A demo at speed 0 that was recorded, and its report."""

    state: Path
    report: dict[str, Any]

    @property
    def recording(self) -> Path:
        return Path(self.report["recording"]["path"])


@pytest.fixture(scope="module")
def played() -> Generator[Played]:
    folder = make_test_folder()
    state = folder / "state"
    demo = ["demo", "--speed", "0", "--minutes", "1", "--state-dir", str(state)]
    ended = run([*demo, "--record", "--json", "report.json"], cwd=folder, env=SECRETS)
    assert ended.code == 0, ended.err[-4000:]
    assert "Recording: " in ended.out
    yield Played(state, json.loads((folder / "report.json").read_text()))
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder with nothing of the developer's environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)


def asked(capfd: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    """Return the JSON answer of a command."""
    assert main([*arguments, "--json"]) == code
    return json.loads(capfd.readouterr().out)


def copy_changed(source: Path, target: Path, number: int) -> None:
    """Copy a recording; in one step every book on the market is another one."""
    reader = RecordingReader(source)
    writer = RecordingWriter(target, [line + b"\n" for line in reader.start_lines()], BOUNDS)
    for step in reader.steps():
        writer.write([emptied(step) if step.number == number else step])
    writer.close()


def emptied(step: RecordedStep) -> RecordedStep:
    assert any(isinstance(event, BookSnapshot) for event in step.events)
    events = [
        event._replace(bids={}) if isinstance(event, BookSnapshot) else event
        for event in step.events
    ]
    return replace(step, events=events)


def test_two_replays_of_a_recording_decide_as_the_run_did(
    played: Played, capfd: pytest.CaptureFixture[str]
) -> None:
    first = asked(capfd, "replay", str(played.recording))
    second = asked(capfd, "replay", str(played.recording))
    assert first == second
    assert first["is_equal"]
    assert first["sha256"] == played.report["decision_log"]["sha256"]
    assert first["steps"] == played.report["steps"] == played.report["recording"]["steps"]
    assert first["decisions"] > 100
    assert main(["replay", str(played.recording)]) == 0
    assert first["sha256"] in capfd.readouterr().out


def test_a_changed_event_is_found_in_its_step_with_both_lines(
    played: Played, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    steps = RecordingReader(played.recording).steps()
    planted = next(
        step
        for step in steps
        if step.venue_order_ids and any(isinstance(event, BookSnapshot) for event in step.events)
    )
    copy_changed(played.recording, tmp_path / "copy", planted.number)
    found = asked(capfd, "replay", str(tmp_path / "copy"), code=1)
    assert found["difference"]["step"] == planted.number
    assert json.loads(found["difference"]["recorded"]) == json.loads(planted.line or b"")
    assert found["difference"]["replayed"] != found["difference"]["recorded"]
    assert main(["replay", str(tmp_path / "copy")]) == 1
    assert f"DIFFERENT in step {planted.number}" in capfd.readouterr().out


def test_a_recording_holds_no_secret(played: Played) -> None:
    texts = [text.removeprefix("0x") for name, text in SECRETS.items() if "POLYMARKET" in name]
    files = [path for path in played.recording.rglob("*") if path.suffix == ".gz"]
    assert len(files) >= 4
    for path in files:
        for line in packed_lines(path, may_be_torn=False):
            assert [text for text in texts if text.encode() in line] == []


def test_the_frames_of_a_run_are_recorded_beside_its_steps_and_make_a_tape(
    played: Played, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    recorded = played.report["recording"]["frames"]
    assert (recorded["missed"], recorded["incomplete_from"]) == (0, None)
    made = asked(capfd, "tape", str(played.recording), str(tmp_path / "mine.tape.gz"))
    assert made["frames"] == played.report["frames_received"] <= recorded["frames"]
    assert main(["report", "--state-dir", str(played.state)]) == 0
    assert "as received" in capfd.readouterr().out


@pytest.mark.parametrize("planted", ["foreign folder", "garbled file", "no folder"])
def test_what_cannot_be_replayed_is_one_clear_message_and_exit_2(
    played: Played, tmp_path: Path, planted: str, capfd: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    if planted == "foreign folder":
        copy.mkdir()
    elif planted == "garbled file":
        shutil.copytree(played.recording, copy)
        (copy / "steps-000001.jsonl.gz").write_bytes(b"not ours")
    assert main(["replay", str(copy)]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith("pennyd: ")
    assert said.err.count("\n") == 1


@pytest.mark.requirement("S3-031")
def test_why_tells_the_chain_of_an_order_with_event_and_book(
    played: Played, capfd: pytest.CaptureFixture[str]
) -> None:
    place = ("--state-dir", str(played.state))
    (row,) = query(
        played.state,
        "select o.* from orders o join fills f using (client_order_id)"
        " where o.replaces is not null order by o.created_at, o.client_order_id limit 1",
    )
    story = asked(capfd, "why", row["venue_order_id"], *place)
    assert story["order"]["client_order_id"] == row["client_order_id"]
    names = [event["event"] for event in story["events"]]
    assert names[:3] == ["order.created", "order.sent", "order.accepted"]
    assert "order.filled" in names
    assert story["replaced"]["order"]["client_order_id"] == row["replaces"]
    assert story["position"] is not None
    with_book = asked(capfd, "why", "--last", *place, "--recording", str(played.recording))
    moment = with_book["moment"]
    assert moment["events"]
    assert moment["bids"]
    assert moment["asks"]
    assert main(["why", "--last", *place, "--recording", str(played.recording)]) == 0
    text = capfd.readouterr().out
    assert f"Decided in step {moment['step']} of the recording" in text
    assert "approved and created" in text


def test_why_of_an_unknown_order_is_exit_1_and_a_clear_line(
    played: Played, capfd: pytest.CaptureFixture[str]
) -> None:
    place = ("--state-dir", str(played.state))
    assert main(["why", "0xdeadbeef", *place]) == 1
    assert "no order 0xdeadbeef in the database" in capfd.readouterr().err
    assert main(["why", *place]) == 2
    assert main(["why", "0xdeadbeef", "--last", *place]) == 2


def test_a_killed_run_is_replayed_up_to_its_last_whole_step_and_its_successor_with_its_past(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    demo = ["demo", "--minutes", "2", "--state-dir", str(folder / "state"), "--record"]
    process = start([*demo, "--speed", "20"], cwd=folder)
    runs = folder / "state" / "runs"
    steps = eventually(lambda: [*runs.glob("*/recording/steps-*")], "steps are recorded")[0]
    eventually(lambda: steps.stat().st_size > ENOUGH_BYTES, "enough steps are recorded")
    process.kill_now()
    killed = steps.parent.parent
    found = asked(capfd, "replay", str(killed / "recording"))
    assert (found["is_equal"], found["is_torn"]) == (True, True)
    assert found["decisions"] > 0
    assert main(["replay", str(killed / "recording")]) == 0
    assert "cut off" in capfd.readouterr().out

    report = folder / "report.json"
    ended = start([*demo, "--speed", "60", "--json", str(report)], cwd=folder).end()
    assert ended.code == 0, ended.err[-4000:]
    successor = json.loads(report.read_text())
    assert successor["predecessor"] == killed.name
    found = asked(capfd, "replay", successor["recording"]["path"])
    assert found["is_equal"]
    assert found["sha256"] == successor["decision_log"]["sha256"]
    assert len([*RecordingReader(Path(successor["recording"]["path"])).start_lines()]) > 2
