"""The lock that keeps a second daemon off an account on this machine, whatever its database.

A locked file in a folder that all users and services of the machine share and that a reboot
empties. The kernel drops the lock when its holder dies. Knows nothing about Postgres.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from daemon.adapters.postgres.file_lock import FileLock
from daemon.adapters.postgres.lock_key import AccountKey, Holder, held_by
from daemon.errors import ConfigError, LockHeld

SHARED_FOLDERS = (Path("/dev/shm"), Path("/tmp"))  # noqa: S108 - files are checked by FileLock
"""The first is seen from services with a private /tmp as well; the second is for macOS."""
DIGEST_CHARS = 16


class HostLock:
    """The right to work on one account on this machine."""

    def __init__(self, key: AccountKey, *, folder: Path | None = None) -> None:
        self._key = key
        place = _shared_folder() if folder is None else folder
        self._file = FileLock(place / f"pennyd-account-{key.digest.hex()[:DIGEST_CHARS]}.lock")

    @property
    def path(self) -> Path:
        """The locked file."""
        return self._file.path

    def acquire(self, holder: Holder) -> None:
        """Take the lock and write into it who we are; raises LockHeld naming the holder."""
        try:
            is_ours = self._file.try_lock()
        except ConfigError as error:
            # Not ours to open: another user's daemon, alive or dead. Refusing is the safe side.
            raise LockHeld(f"{self._key} may be in use: {error}") from error
        if not is_ours:
            raise LockHeld(
                held_by(self._key, _describe(self._file.read()), _since(self._file.path))
            )
        self._file.write(json.dumps({"pid": holder.pid, "host": holder.host, "run": holder.run}))

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        self._file.unlock(remove=True)


def _shared_folder() -> Path:
    for folder in SHARED_FOLDERS:
        if folder.is_dir():
            return folder
    raise ConfigError(
        f"none of {', '.join(map(str, SHARED_FOLDERS))} exists: make /tmp (mode 1777)"
    )


def _describe(text: str) -> str:
    try:
        content = cast("dict[str, Any]", json.loads(text))
        return str(Holder(pid=content["pid"], host=content["host"], run=content["run"]))
    except (ValueError, KeyError, TypeError):
        return "a process that has not said who it is"


def _since(path: Path) -> str:
    try:
        return datetime.fromtimestamp(int(path.stat().st_mtime), UTC).isoformat()
    except OSError:
        return ""
