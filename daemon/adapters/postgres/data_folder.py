"""The data folder of the embedded server: where it is, and making it once.

In the state folder, unless the daemon is root and the server's user cannot get there: then below
`/var/lib/pennyd/<hash of the state folder>`. A folder that exists is kept, never replaced by an
empty one. Folders of others are neither opened nor changed.
"""

import os
import shutil
import stat
from pathlib import Path

from daemon.adapters.folder_hash import folder_hash
from daemon.adapters.postgres.binaries import MAJOR, Binaries
from daemon.adapters.postgres.server_user import ServerUser
from daemon.adapters.postgres.start_failure import disk_full, is_disk_full, read_start_failure
from daemon.errors import JournalUnavailable

SYSTEM_ROOT = Path("/var/lib/pennyd")
FOLDER = "postgres"
SUPERUSER = "pennyd"
PASSABLE = 0o011


def possible_data_dirs(state_dir: Path, system_root: Path) -> tuple[Path, Path]:
    """Return where the data may be: in the state folder, or in the system's own place."""
    return state_dir / FOLDER, system_root / folder_hash(state_dir) / FOLDER


def make_state_dir(state_dir: Path) -> None:
    """Make the state folder when it is missing: private, but root's can be passed through."""
    try:
        state_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        if is_disk_full(error):
            raise JournalUnavailable(disk_full(state_dir)) from error
        raise JournalUnavailable(
            f"the state folder {state_dir} cannot be made ({error.strerror}): "
            "choose another one with --state-dir"
        ) from error


def choose_data_dir(state_dir: Path, user: ServerUser, system_root: Path) -> Path:
    """Say where the data is or shall be; raises JournalUnavailable when it is out of reach."""
    local, remote = possible_data_dirs(state_dir, system_root)
    if user.is_self:
        _check_owner(local)
        return local
    if state_dir == system_root:
        _make_passable(system_root)
    is_near = user.can_enter(state_dir)
    if is_cluster(local):
        if not is_near:
            raise JournalUnavailable(
                f"the database in {local} is out of reach for its user {user.name}: allow him to "
                f"pass through the folders above it (chmod o+x), as when it was made"
            )
        return local
    return local if is_near and not is_cluster(remote) else remote


def is_cluster(data: Path) -> bool:
    """Is there a database in this folder?"""
    return (data / "PG_VERSION").is_file()


def ensure_cluster(data: Path, user: ServerUser, binaries: Binaries, *, log: Path) -> None:
    """Make the database unless it is there; blocks for half a second, so call it in a thread.

    Raises JournalUnavailable when it cannot be made or was made by another major version.
    """
    if is_cluster(data):
        _check_major(data)
        return
    try:
        _make_cluster(data, user, binaries, log=log)
    except OSError as error:
        if is_disk_full(error):
            raise JournalUnavailable(disk_full(data)) from error
        raise JournalUnavailable(
            f"the database folder {data} cannot be made ({error.strerror or error}): "
            "choose another state folder with --state-dir"
        ) from error


def _make_cluster(data: Path, user: ServerUser, binaries: Binaries, *, log: Path) -> None:
    """Make it aside and move it into place: a crash half-way leaves nothing that looks whole."""
    if data.is_dir() and any(data.iterdir()):
        raise JournalUnavailable(
            f"{data} holds files but no database: move them away, or choose another state folder "
            "with --state-dir"
        )
    if not user.is_self and not data.parent.exists():
        data.parent.parent.mkdir(parents=True, exist_ok=True)
        _make_passable(data.parent.parent)
        data.parent.mkdir()
        data.parent.chmod(0o711)
    aside = data.with_name(f"{data.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    if not user.is_self:
        os.chown(aside, user.uid, user.gid, follow_symlinks=False)
    common = ["-D", aside, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync"]
    done = user.run([binaries.initdb, *common, "--locale=C.UTF-8", "--no-instructions"])
    if done.returncode != 0 and "locale" in done.stderr:
        # A machine without C.UTF-8 (old macOS): plain C sorts by code point just the same.
        done = user.run([binaries.initdb, *common, "--locale=C", "--no-instructions"])
    if done.returncode != 0:
        shutil.rmtree(aside, ignore_errors=True)
        raise JournalUnavailable(read_start_failure(done.stderr, data=data, log=log).message)
    aside.rename(data)


def _check_owner(data: Path) -> None:
    try:
        owner = data.stat().st_uid
    except OSError:
        return  # not there yet; whatever else is wrong shows when it is made
    if owner != os.geteuid():
        raise JournalUnavailable(
            f"the database in {data} belongs to user {owner}: run pennyd as that user or as root, "
            "or choose another state folder with --state-dir"
        )


def _check_major(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise JournalUnavailable(
            f"the database in {data} was made by Postgres {found}, this pennyd brings {MAJOR}: "
            f"dump it with the pennyd that made it and load it here, point DATABASE_URL at a "
            f"Postgres {found}, or choose another state folder with --state-dir"
        )


def _make_passable(folder: Path) -> None:
    """Let others pass through a folder that is ours (never look into it)."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if folder.stat().st_uid == os.geteuid() and mode & PASSABLE != PASSABLE:
        folder.chmod(mode | PASSABLE)
