"""The short private folder that holds the Unix sockets of one state folder.

A socket path may have 107 bytes, a state folder may be anywhere; so sockets live in
`pennyd-<uid>-<hash of the state folder>` under a runtime folder of the machine. The folder is 0700
and ours, and that is checked at every use, so that nobody else can plant it. Knows nothing about
what listens there.
"""

import os
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from daemon.adapters.folder_hash import folder_hash
from daemon.errors import ConfigError

SOCKET_PATH_BYTES_MAX = 103 if sys.platform == "darwin" else 107
SOCKET_NAME_BYTES_MAX = 16
"""Room kept for the name of a socket in the folder; Postgres needs 13."""


def claim_runtime_folder(
    state_dir: Path,
    *,
    uid: int | None = None,
    gid: int | None = None,
    roots: Sequence[Path] | None = None,
) -> Path:
    """Return the runtime folder of this state folder, made if need be and owned by `uid`.

    An existing one is kept, wherever it is, so that all processes meet in the same place.
    Raises ConfigError, naming each place and what is wrong with it.
    """
    owner = os.geteuid() if uid is None else uid
    complaints: list[str] = []
    candidates = _candidates(state_dir, owner, roots)
    for folder in candidates:
        if _complaint(folder, owner) is None:
            return folder
    for folder in candidates:
        complaint = _make(folder, owner, os.getegid() if gid is None else gid)
        if complaint is None:
            return folder
        complaints.append(complaint)
    raise ConfigError(
        "no folder for sockets: "
        + "; ".join(complaints)
        + "; set XDG_RUNTIME_DIR to a short folder that only you can enter"
    )


def find_runtime_folder(
    state_dir: Path, *, uid: int | None = None, roots: Sequence[Path] | None = None
) -> Path | None:
    """Return the runtime folder a running daemon of this state folder uses, or None."""
    owner = os.geteuid() if uid is None else uid
    for folder in _candidates(state_dir, owner, roots):
        if _complaint(folder, owner) is None:
            return folder
    return None


def release_runtime_folder(folder: Path) -> None:
    """Remove a runtime folder that nothing lives in any more; harmless while something does."""
    with suppress(OSError):
        folder.rmdir()


def _candidates(state_dir: Path, owner: int, roots: Sequence[Path] | None) -> list[Path]:
    name = f"pennyd-{owner}-{folder_hash(state_dir)}"
    return [root / name for root in (_roots() if roots is None else roots)]


def _roots() -> list[Path]:
    if os.geteuid() == 0:
        # Not root's own runtime folder: an unprivileged server could not pass through it.
        return [Path("/run"), Path("/tmp")]  # noqa: S108 - ownership and mode are checked
    places = [Path(f"/run/user/{os.geteuid()}"), Path("/tmp")]  # noqa: S108 - as above
    named = os.environ.get("XDG_RUNTIME_DIR")
    if named and Path(named) not in places:
        places.insert(0, Path(named))
    return places


def _make(folder: Path, owner: int, gid: int) -> str | None:
    longest = len(os.fsencode(folder)) + 1 + SOCKET_NAME_BYTES_MAX
    if longest > SOCKET_PATH_BYTES_MAX:
        return f"{folder} is too long for a socket ({longest} of {SOCKET_PATH_BYTES_MAX} bytes)"
    try:
        folder.mkdir(mode=0o700)
        if owner != os.geteuid():
            os.chown(folder, owner, gid, follow_symlinks=False)
    except FileExistsError:
        pass
    except OSError as error:
        return f"{folder} cannot be made ({error.strerror})"
    return _complaint(folder, owner)


def _complaint(folder: Path, owner: int) -> str | None:
    try:
        seen = folder.lstat()
    except OSError as error:
        return f"{folder} cannot be read ({error.strerror})"
    if not stat.S_ISDIR(seen.st_mode):
        return f"{folder} is not a folder"
    if seen.st_uid != owner:
        return f"{folder} belongs to user {seen.st_uid}, not {owner}"
    if stat.S_IMODE(seen.st_mode) & 0o077:
        return f"{folder} can be entered by others (mode {stat.S_IMODE(seen.st_mode):04o})"
    return None
