"""What the doctor says about the state folder, kill files and files with secrets."""

from pathlib import Path

import pytest

from daemon.doctor.check import Verdict
from daemon.doctor.state_folder import check_kill_files, check_secret_files, check_state_folder


@pytest.mark.parametrize(
    "mode, verdict",
    [(0o700, Verdict.OK), (0o711, Verdict.OK), (0o755, Verdict.WARN), (0o777, Verdict.FAIL)],
)
def test_the_folder_must_be_ours_alone(tmp_path: Path, mode: int, verdict: Verdict) -> None:
    tmp_path.chmod(mode)
    assert check_state_folder(tmp_path).verdict is verdict
    tmp_path.chmod(0o700)


def test_a_folder_that_is_not_there_yet_is_fine(tmp_path: Path) -> None:
    assert check_state_folder(tmp_path / "new").verdict is Verdict.OK


def test_a_file_in_its_place_is_not(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert check_state_folder(tmp_path / "file").verdict is Verdict.FAIL


def test_a_kill_file_is_shown_with_its_reason(tmp_path: Path) -> None:
    assert check_kill_files([tmp_path]).verdict is Verdict.OK
    (tmp_path / "KILL_SWITCH").write_text("election night\n")
    check = check_kill_files([tmp_path / "..", tmp_path])
    assert check.verdict is Verdict.WARN
    assert "election night" in check.finding
    assert "resume --clear" in check.advice


def test_a_kill_file_that_points_nowhere_counts(tmp_path: Path) -> None:
    (tmp_path / "KILL_SWITCH").symlink_to(tmp_path / "nowhere")
    assert check_kill_files([tmp_path]).verdict is Verdict.WARN


def test_secret_files_that_others_can_read_are_named(tmp_path: Path) -> None:
    assert check_secret_files(tmp_path).verdict is Verdict.OK
    file = tmp_path / ".env.local"
    file.write_text("POLYMARKET_PRIVATE_KEY=0x\n")
    file.chmod(0o600)
    assert check_secret_files(tmp_path).verdict is Verdict.OK
    file.chmod(0o644)
    check = check_secret_files(tmp_path)
    assert check.verdict is Verdict.WARN
    assert check.advice == f"chmod 600 {file}"
