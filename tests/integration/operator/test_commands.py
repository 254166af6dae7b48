"""The commands that talk to a daemon, against a socket whose answers the test decides."""

import json
from pathlib import Path

import pytest

from daemon.cli import halt as halt_command
from daemon.cli.main import main
from daemon.runtime.kill_switch import FILE_NAME
from tests.integration.operator.fake_daemon import FakeDaemon, daemon

__all__ = ["daemon"]  # a fixture of these tests


def at(state_dir: Path, *arguments: str) -> list[str]:
    return [*arguments, "--state-dir", str(state_dir)]


def test_status_says_it_all_on_one_screen(
    daemon: FakeDaemon, state_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    daemon.state, daemon.why = "halted", "kill_switch (enough)"
    daemon.markets = {"btc-up-or-down": "settlement_failed (trade t was taken back)"}
    assert main(at(state_dir, "status")) == 0
    said = capsys.readouterr().out
    for words in (
        "PAPER",
        "ERROR (halted: kill_switch (enough))",
        "btc-up-or-down is paused: settlement_failed (trade t was taken back)",
        "0x5e1f00000...",
        "0.46",
        "10.00",
    ):
        assert words in said
    assert "pennyd resume --clear" in said


@pytest.mark.parametrize(
    "command, words",
    [
        ("orders", "a-market"),
        ("positions", "0.44"),
        ("tick", "trusted"),
        ("risk", "open_orders"),
    ],
)
def test_each_question_has_a_table_and_json(
    daemon: FakeDaemon,
    state_dir: Path,
    command: str,
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(at(state_dir, command)) == 0
    assert words in capsys.readouterr().out
    assert main(at(state_dir, command, "--json")) == 0
    assert json.loads(capsys.readouterr().out)


def test_halt_writes_the_file_and_tells_that_the_daemon_is_halted(
    daemon: FakeDaemon, state_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    daemon.state, daemon.why, daemon.orders = "halted", "kill_switch (too wild)", []
    assert main(at(state_dir, "halt", "too wild")) == 0
    assert (state_dir / FILE_NAME).read_text() == "too wild\n"
    assert "halted: kill_switch (too wild); nothing rests" in capsys.readouterr().out


def test_halt_that_is_not_confirmed_in_time_says_so(
    daemon: FakeDaemon,
    state_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(halt_command, "SEEN_WITHIN_S", 0.1)
    assert main(at(state_dir, "halt")) == 1
    said = capsys.readouterr()
    assert "not confirmed" in said.err
    assert (state_dir / FILE_NAME).exists()


def test_halt_counts_what_still_rests(
    daemon: FakeDaemon,
    state_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(halt_command, "SEEN_WITHIN_S", 0.1)
    daemon.state = "halted"
    assert main(at(state_dir, "halt", "--json")) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["state"], report["orders"]) == ("halted", 1)


def test_halt_tells_the_daemon_directly_when_the_disk_takes_no_file(
    daemon: FakeDaemon,
    state_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(halt_command, "engage", full)
    daemon.state = "halted"
    daemon.orders = []
    assert main(at(state_dir, "halt", "disk")) == 0
    assert ("halt", {"reason": "disk"}) in daemon.asked
    assert "the daemon was told directly" in capsys.readouterr().err


def test_halt_works_without_any_daemon(state_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(at(state_dir, "halt", "tonight")) == 0
    assert (state_dir / FILE_NAME).read_text() == "tonight\n"
    assert "the next start will be halted" in capsys.readouterr().out


def test_halt_that_can_reach_nobody_says_what_is_left_to_do(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(halt_command, "engage", full)
    assert main(at(state_dir, "halt")) == 1
    assert "end its process" in capsys.readouterr().err


def test_resume_passes_the_refusal_on(
    daemon: FakeDaemon, state_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    daemon.refusal = f"the kill file {state_dir / FILE_NAME} exists"
    assert main(at(state_dir, "resume")) == 1
    assert str(state_dir / FILE_NAME) in capsys.readouterr().err


def test_resume_asks_to_clear_only_when_told(daemon: FakeDaemon, state_dir: Path) -> None:
    assert main(at(state_dir, "resume")) == 0
    assert main(at(state_dir, "resume", "--clear")) == 0
    assert daemon.asked == [("resume", {"clear": False}), ("resume", {"clear": True})]


def test_resume_that_leaves_a_halt_is_no_success(
    daemon: FakeDaemon, state_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    daemon.state, daemon.why = "halted", "invariant_broken"
    assert main(at(state_dir, "resume")) == 1
    assert "still halted: invariant_broken" in capsys.readouterr().err


def test_resume_without_a_daemon_removes_the_file_only_with_clear(
    state_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(at(state_dir, "halt"))
    assert main(at(state_dir, "resume")) == 1
    assert (state_dir / FILE_NAME).exists()
    assert main(at(state_dir, "resume", "--clear")) == 1
    assert not (state_dir / FILE_NAME).exists()
    assert "removed" in capsys.readouterr().err


def test_cancel_all_says_that_strategies_go_on(
    daemon: FakeDaemon, state_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(at(state_dir, "cancel-all")) == 0
    assert daemon.asked == [("cancel_all", {})]
    assert "use `pennyd halt` to stop" in capsys.readouterr().out


def test_stop_that_takes_too_long_says_how_to_hurry(
    daemon: FakeDaemon, state_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(at(state_dir, "stop", "--within", "1")) == 1
    assert "`pennyd stop` again to hurry" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["orders", "tick", "risk", "cancel-all", "stop", "resume"])
def test_commands_that_need_a_daemon_say_that_none_runs(
    state_dir: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(at(state_dir, command)) == 1
    assert f"no pennyd runs on state folder {state_dir}" in capsys.readouterr().err


def test_status_of_nothing_is_stopped_and_mentions_a_kill_file(
    state_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (state_dir / FILE_NAME).write_text("old news\n")
    assert main(at(state_dir, "status", "--json")) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "STOPPED"
    assert answer["kill_file"] == str(state_dir / FILE_NAME)
    assert main(at(state_dir, "status")) == 1
    assert "old news" in capsys.readouterr().out
