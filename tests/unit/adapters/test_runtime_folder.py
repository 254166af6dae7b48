"""The private folder for sockets: found again, checked, never believed when others could plant it."""

import os
import stat
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from daemon.adapters.runtime_folder import (
    SOCKET_NAME_BYTES_MAX,
    SOCKET_PATH_BYTES_MAX,
    claim_runtime_folder,
    find_runtime_folder,
    release_runtime_folder,
)
from daemon.errors import ConfigError


@pytest.fixture
def root() -> Generator[Path]:
    """Return a short place for runtime folders."""
    with tempfile.TemporaryDirectory(prefix="pennyd-test-", dir="/tmp") as folder:
        yield Path(folder)


def test_the_folder_is_private_and_found_again(root: Path, tmp_path: Path) -> None:
    assert find_runtime_folder(tmp_path, roots=[root]) is None
    folder = claim_runtime_folder(tmp_path, roots=[root])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert claim_runtime_folder(tmp_path, roots=[root]) == folder
    assert find_runtime_folder(tmp_path, roots=[root]) == folder


def test_other_state_folders_get_other_folders(root: Path, tmp_path: Path) -> None:
    one = claim_runtime_folder(tmp_path / "one", roots=[root])
    assert claim_runtime_folder(tmp_path / "two", roots=[root]) != one


def test_two_spellings_of_one_state_folder_meet(root: Path, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "state")
    one = claim_runtime_folder(tmp_path / "state", roots=[root])
    assert claim_runtime_folder(tmp_path / "link", roots=[root]) == one
    assert claim_runtime_folder(tmp_path / "state" / ".." / "state", roots=[root]) == one


def test_an_existing_folder_wins_over_a_better_place(root: Path, tmp_path: Path) -> None:
    better = tmp_path / "better"
    folder = claim_runtime_folder(tmp_path, roots=[better, root])  # better does not exist yet
    better.mkdir()
    assert claim_runtime_folder(tmp_path, roots=[better, root]) == folder


def test_the_longest_socket_path_fits(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * (SOCKET_PATH_BYTES_MAX - SOCKET_NAME_BYTES_MAX))
    deep.mkdir()
    with pytest.raises(ConfigError, match=r"too long for a socket.*XDG_RUNTIME_DIR"):
        claim_runtime_folder(tmp_path, roots=[deep])


def test_a_folder_others_can_enter_is_refused(root: Path, tmp_path: Path) -> None:
    folder = claim_runtime_folder(tmp_path, roots=[root])
    folder.chmod(0o750)
    with pytest.raises(ConfigError, match="can be entered by others"):
        claim_runtime_folder(tmp_path, roots=[root])
    assert find_runtime_folder(tmp_path, roots=[root]) is None


def test_a_link_or_a_file_in_its_place_is_refused(root: Path, tmp_path: Path) -> None:
    folder = claim_runtime_folder(tmp_path, roots=[root])
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(ConfigError, match="is not a folder"):
        claim_runtime_folder(tmp_path, roots=[root])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another user's folder")
def test_a_folder_of_another_user_is_refused(root: Path, tmp_path: Path) -> None:
    folder = claim_runtime_folder(tmp_path, roots=[root])
    os.chown(folder, 65534, 65534)
    with pytest.raises(ConfigError, match="belongs to user 65534, not 0"):
        claim_runtime_folder(tmp_path, roots=[root])


def test_only_an_empty_folder_is_removed(root: Path, tmp_path: Path) -> None:
    folder = claim_runtime_folder(tmp_path, roots=[root])
    _ = (folder / "socket").write_text("")
    release_runtime_folder(folder)
    assert folder.exists()
    (folder / "socket").unlink()
    release_runtime_folder(folder)
    assert not folder.exists()
    release_runtime_folder(folder)
