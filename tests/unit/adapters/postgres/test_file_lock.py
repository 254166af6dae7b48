"""A locked file: exclusive or shared, told by its holder, never planted."""

import os
from pathlib import Path

import pytest

from daemon.adapters.postgres.file_lock import FileLock
from daemon.errors import ConfigError


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.try_lock()
    assert first.try_lock()  # has it already
    assert not second.try_lock()
    first.unlock()
    assert second.try_lock()
    second.unlock()


def test_many_share_and_only_the_last_can_have_it_alone(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.try_lock(shared=True)
    assert second.try_lock(shared=True)
    assert not first.try_sole()
    assert not first.is_held
    assert second.try_sole()
    assert not first.try_lock(shared=True)
    second.unlock()


def test_the_holder_is_read_by_others_and_the_file_is_private(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    assert lock.try_lock()
    lock.write("a long first text")
    lock.write("me")
    assert FileLock(tmp_path / "lock").read() == "me"
    assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600
    lock.unlock(remove=True)
    assert not (tmp_path / "lock").exists()
    assert FileLock(tmp_path / "lock").read() == ""


def test_a_file_removed_by_its_holder_meanwhile_is_not_locked_in_vain(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    assert lock.try_lock()
    waiting = os.open(tmp_path / "lock", os.O_RDWR)
    lock.unlock(remove=True)
    after = FileLock(tmp_path / "lock")
    assert after.try_lock()
    assert not FileLock(tmp_path / "lock").try_lock()
    os.close(waiting)
    after.unlock()


@pytest.mark.parametrize("kind", ["symlink", "hardlink", "folder"])
def test_what_was_planted_is_refused(tmp_path: Path, kind: str) -> None:
    victim = tmp_path / "victim"
    _ = victim.write_text("mine")
    path = tmp_path / "lock"
    if kind == "symlink":
        path.symlink_to(victim)
    elif kind == "hardlink":
        path.hardlink_to(victim)
    else:
        path.mkdir()
    with pytest.raises(ConfigError, match="the lock file"):
        FileLock(path).try_lock()
    assert victim.read_text() == "mine"
