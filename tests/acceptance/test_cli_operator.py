"""A person steers a running daemon: looks, halts, resumes, cancels, stops."""

import contextlib
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from daemon.cli.main import main
from tests.acceptance.pennyd_process import Ended, Pennyd, run, start

HAPPENS_WITHIN_S = 20.0


@pytest.fixture
def daemon(folder: Path) -> Generator[Pennyd]:
    """Return a daemon that plays the tape at ten times its speed."""
    process = start(["demo", "--speed", "10", "--state-dir", str(folder / "state")], cwd=folder)
    yield process
    if process.process.poll() is None:
        process.process.terminate()  # in order: a killed one would leave its database behind
        process.end()


def ask(folder: Path, *arguments: str) -> Ended:
    """Run a command in this process, which saves starting an interpreter each time."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*arguments, "--state-dir", str(folder / "state")])
    return Ended(code, out.getvalue(), err.getvalue())


def eventually(folder: Path, is_so: Callable[[Any], bool]) -> Any:
    """Return the first status for which something is so."""
    deadline = time.monotonic() + HAPPENS_WITHIN_S
    while time.monotonic() < deadline:
        answer = ask(folder, "status", "--json")
        if answer.code == 0 and is_so(answer.json):
            return answer.json
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


@pytest.mark.requirement("S3-037", "S3-096", "S3-097", "S3-098", "S3-102")
def test_a_person_looks_halts_resumes_cancels_and_stops(folder: Path, daemon: Pennyd) -> None:
    status = eventually(folder, lambda s: s["state"] == "active" and s["orders"])
    assert status["pid"] == daemon.process.pid
    assert status["mode"] == "paper"

    books = ask(folder, "tick", "--json").json
    assert len(books) == 12
    assert {"market", "best_bid", "best_ask", "age_ms", "trust"} <= set(books[0])
    risk = ask(folder, "risk", "--json").json
    assert risk["limits"]["open_orders"]["limit"] == "10"
    assert not risk["kill_switch"]["is_engaged"]

    second = run(["demo", "--state-dir", str(folder / "state")], cwd=folder)
    assert second.code == 3
    assert f"process {daemon.process.pid}" in second.err

    halted = ask(folder, "halt", "too wild")
    assert halted.code == 0, halted.err
    assert "halted: kill_switch (too wild); nothing rests" in halted.out
    refused = ask(folder, "resume")
    assert refused.code == 1
    assert str(folder / "state" / "KILL_SWITCH") in refused.err
    doctor = ask(folder, "doctor")
    assert "too wild" in doctor.out
    (folder / "state" / "KILL_SWITCH").unlink()
    assert ask(folder, "status", "--json").json["state"] == "halted"
    assert ask(folder, "resume", "--clear").code == 0
    eventually(folder, lambda s: s["state"] == "active" and s["orders"])

    assert ask(folder, "cancel-all").code == 0
    eventually(folder, lambda s: s["state"] == "active" and s["orders"])

    stopped = ask(folder, "stop")
    assert stopped.code == 0, stopped.err
    ended = daemon.end()
    assert ended.code == 0, ended.err
    assert "ORDER EXECUTION STATS" in ended.out
    assert ask(folder, "orders").code == 1
    assert ask(folder, "report", "--json").json["exit"]["reason"] == "operator"


@pytest.mark.requirement("S3-040")
def test_a_kill_file_in_the_working_directory_halts_and_its_text_is_the_reason(
    folder: Path, daemon: Pennyd
) -> None:
    eventually(folder, lambda s: s["state"] == "active")
    (folder / "KILL_SWITCH").write_text("Emergency stop\n")
    status = eventually(folder, lambda s: s["state"] == "halted")
    assert status["why"] == "kill_switch (Emergency stop)"
    assert ask(folder, "resume", "--clear").code == 0
    assert not (folder / "KILL_SWITCH").exists()
    (folder / "KILL_SWITCH").touch()
    status = eventually(folder, lambda s: s["state"] == "halted")
    assert status["why"] == "kill_switch (no reason given)"
    log = (folder / "state" / "logs" / "trading.log").read_text().splitlines()
    halts = [line for line in map(json.loads, log) if line["event"] == "trading.halted"]
    assert any("Emergency stop" in json.dumps(line) for line in halts if "alert" not in line)
    assert any("Emergency stop" in line["text"] for line in halts if line.get("alert"))


def test_a_stray_config_in_the_working_directory_is_named_before_anything_runs(
    folder: Path,
) -> None:
    (folder / "config.py").write_text("raise SystemExit('the stray one ran')\n")
    command = (
        "import sys; sys.path.insert(0, ''); from daemon.cli.main import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", command, "version"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert str(folder / "config.py") in done.stderr
    assert "the stray one ran" not in done.stdout + done.stderr
