"""A lock on a file that the kernel drops when its holder dies, and what the holder wrote in it.

The file is opened without following links and must be a plain file of ours with one name, so that
nothing planted in a shared folder is ever written to. Knows nothing about what is locked.
"""

import fcntl
import os
import stat
from pathlib import Path

from daemon.errors import ConfigError

TEXT_BYTES_MAX = 4096
REOPEN_MAX = 8


class FileLock:
    """An advisory lock on one path, exclusive or shared."""

    def __init__(self, path: Path, *, owner: tuple[int, int] | None = None) -> None:
        """`owner` (uid, gid) gets the file when it is made; default: whoever makes it."""
        self.path = path
        self._owner = owner
        self._fd: int | None = None

    @property
    def is_held(self) -> bool:
        """Is the file open and locked by this object?"""
        return self._fd is not None

    def try_lock(self, *, shared: bool = False) -> bool:
        """Take the lock, or return False when somebody else has it; raises ConfigError."""
        if self._fd is not None:
            return True
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        for _ in range(REOPEN_MAX):
            fd = self._open()
            try:
                fcntl.flock(fd, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(fd)
                return False
            except BaseException:
                os.close(fd)
                raise
            if self._is_still_named(fd):
                self._fd = fd
                return True
            os.close(fd)  # the holder before us removed this file; the next one counts
        return False

    def try_sole(self) -> bool:
        """Turn a shared lock into an exclusive one; on False nothing is held any more."""
        assert self._fd is not None
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.unlock()
            return False
        return True

    def unlock(self, *, remove: bool = False) -> None:
        """Let go; with `remove` (only for an exclusive lock) the file disappears first."""
        if self._fd is None:
            return
        if remove:
            self.path.unlink(missing_ok=True)
        os.close(self._fd)
        self._fd = None

    def write(self, text: str) -> None:
        """Replace what the file says; only while the lock is held."""
        assert self._fd is not None
        os.ftruncate(self._fd, 0)
        _ = os.pwrite(self._fd, text.encode()[:TEXT_BYTES_MAX], 0)

    def read(self) -> str:
        """Return what its holder wrote, empty when nothing can be read."""
        try:
            with self.path.open("rb") as file:
                return file.read(TEXT_BYTES_MAX).decode(errors="replace")
        except OSError:
            return ""

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            try:
                fd = os.open(self.path, flags)
            except FileNotFoundError:
                fd = self._make(flags)
        except OSError as error:
            raise ConfigError(self._refusal(error)) from error
        seen = os.fstat(fd)
        if not stat.S_ISREG(seen.st_mode) or seen.st_nlink > 1:
            os.close(fd)
            raise ConfigError(
                f"the lock file {self.path} is not a plain file: look who made it, then remove it"
            )
        return fd

    def _make(self, flags: int) -> int:
        try:
            fd = os.open(self.path, flags | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return os.open(self.path, flags)
        if self._owner is not None and self._owner[0] != os.geteuid():
            os.fchown(fd, *self._owner)
        return fd

    def _refusal(self, error: OSError) -> str:
        try:
            owner = f"it belongs to user {self.path.lstat().st_uid}"
        except OSError:
            owner = "check its folder"
        return (
            f"the lock file {self.path} cannot be opened ({error.strerror}; {owner}): run as that "
            "user, or remove the file when no daemon runs"
        )

    def _is_still_named(self, fd: int) -> bool:
        try:
            named = self.path.lstat()
        except OSError:
            return False
        ours = os.fstat(fd)
        return (named.st_dev, named.st_ino) == (ours.st_dev, ours.st_ino)
