"""Who the embedded server runs as.

Postgres refuses to run as root, so a daemon that is root hands its server to an unprivileged user:
the owner of the data or of the state folder when that is somebody else, the system user `pennyd`
(made when missing), or as a last resort the shared `nobody`. Everybody else runs it as himself.
Never changes permissions of anything.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from daemon.errors import JournalUnavailable

SYSTEM_USER = "pennyd"
LAST_RESORT_USER = "nobody"
COMMAND_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerUser:
    """The user of the server's processes and the owner of its data."""

    name: str
    uid: int
    gid: int
    note: str = ""
    """What a person should know about this choice; empty when all is well."""

    @property
    def is_self(self) -> bool:
        """Does the server run as the daemon's own user?"""
        return self.uid == os.geteuid()

    def run(self, argv: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a command as this user to its end; blocks, so call it in a thread."""
        return subprocess.run(  # noqa: S603 - our own binaries, no shell
            argv,
            check=False,
            cwd="/",
            env=server_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=COMMAND_WITHIN_S,
            user=None if self.is_self else self.uid,
            group=None if self.is_self else self.gid,
            extra_groups=None if self.is_self else [],
        )

    def launch(self, argv: Sequence[str | Path], *, log: IO[bytes]) -> "subprocess.Popen[bytes]":
        """Start a command as this user in a session of its own, so that Ctrl-C passes it by."""
        return subprocess.Popen(  # noqa: S603 - our own binaries, no shell
            argv,
            cwd="/",
            env=server_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=None if self.is_self else self.uid,
            group=None if self.is_self else self.gid,
            extra_groups=None if self.is_self else [],
        )

    def can_enter(self, folder: Path) -> bool:
        """Can this user pass through `folder`? Asked of the kernel, so that ACLs count too."""
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]).returncode == 0

    def can_run(self, program: Path) -> bool:
        """Can this user start `program`, with all the libraries it needs?"""
        try:
            return self.run([program, "--version"]).returncode == 0
        except OSError:
            return False


def server_environment() -> dict[str, str]:
    """Return all the server may know of our environment: no key, no PG* variable, no locale."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def choose_server_user(state_dir: Path, data_dirs: Sequence[Path]) -> ServerUser:
    """Say who runs the server of this state folder.

    `data_dirs` are the places where its data may already be; their owner is kept.
    """
    if os.geteuid() != 0:
        return user_of(os.geteuid())
    for folder in (*data_dirs, state_dir):
        if folder.exists():
            owner = folder.stat().st_uid
            if owner != 0:
                return user_of(owner)
    return _system_user()


def user_of(uid: int) -> ServerUser:
    """Return the user with this number; raises JournalUnavailable when nobody has it."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise JournalUnavailable(
            f"user {uid} has no entry in the password file, which the embedded Postgres needs; "
            "add one (in a container: useradd) or point DATABASE_URL at a server"
        ) from None
    return ServerUser(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _system_user() -> ServerUser:
    found = _find(SYSTEM_USER)
    if found is not None:
        return found
    reason = _add_system_user()
    found = _find(SYSTEM_USER)
    if found is not None:
        return found
    shared = _find(LAST_RESORT_USER)
    if shared is None:
        raise JournalUnavailable(
            f"Postgres does not run as root and the user {SYSTEM_USER} could not be made ({reason}); "
            "run pennyd as an ordinary user or point DATABASE_URL at a server"
        )
    return ServerUser(
        name=shared.name,
        uid=shared.uid,
        gid=shared.gid,
        note=f"the user {SYSTEM_USER} could not be made ({reason}), so the database belongs to the "
        f"shared user {LAST_RESORT_USER}; add a system user named {SYSTEM_USER} before real money",
    )


def _find(name: str) -> ServerUser | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    if entry.pw_uid == 0:
        return None
    return ServerUser(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _add_system_user() -> str:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return "no useradd here"
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
        [program, *options, "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        check=False,
        capture_output=True,
        text=True,
        timeout=COMMAND_WITHIN_S,
    )
    return done.stderr.strip().replace("\n", "; ") or f"useradd ended with {done.returncode}"
