"""Where everything of an embedded server is, decided once per start.

Who runs it, from which binaries, on which data, with its sockets where. Starts nothing.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from daemon.adapters.postgres.binaries import Binaries, reachable_binaries
from daemon.adapters.postgres.data_folder import (
    choose_data_dir,
    make_state_dir,
    possible_data_dirs,
)
from daemon.adapters.postgres.server_user import ServerUser, choose_server_user
from daemon.adapters.runtime_folder import claim_runtime_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """The places of one embedded server; `doctor` prints them."""

    user: ServerUser
    binaries: Binaries
    data: Path
    socket_dir: Path
    log: Path

    @property
    def note(self) -> str:
        """What a person should know; empty when all is well."""
        return self.user.note

    def with_runtime_folder(self, state_dir: Path) -> "Whereabouts":
        """Return the same places with a runtime folder that exists."""
        folder = claim_runtime_folder(state_dir, uid=self.user.uid, gid=self.user.gid)
        return replace(self, socket_dir=folder)


def find_whereabouts(state_dir: Path, system_root: Path) -> Whereabouts:
    """Decide where everything is; makes the state folder and the runtime folder when missing.

    Blocks (asks the kernel what the server's user can reach, may copy binaries once); call it in a
    thread. Raises JournalUnavailable or ConfigError with one line that says what to do.
    """
    make_state_dir(state_dir)
    user = choose_server_user(state_dir, possible_data_dirs(state_dir, system_root))
    return Whereabouts(
        user=user,
        binaries=reachable_binaries(user, system_root),
        data=choose_data_dir(state_dir, user, system_root),
        socket_dir=claim_runtime_folder(state_dir, uid=user.uid, gid=user.gid),
        log=state_dir / "postgres.log",
    )
