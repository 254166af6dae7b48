"""What an account lock is about and who holds it; values only.

One account, one daemon: the key is the account and the mode, both opaque labels here (a wallet, or
in paper the state folder).
"""

import hashlib
import os
import socket
from dataclasses import dataclass

HOST_CHARS_MAX = 20
WALLET_PREFIX = "0x"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKey:
    """An account in a mode."""

    account: str
    mode: str

    @property
    def digest(self) -> bytes:
        """The same 32 bytes on every machine; the letters of a wallet may be of any case."""
        is_wallet = self.account.lower().startswith(WALLET_PREFIX)
        account = self.account.lower() if is_wallet else self.account
        return hashlib.sha256(f"pennyd account lock\n{self.mode}\n{account}".encode()).digest()

    @property
    def number(self) -> int:
        """The key as the signed 64-bit number of an advisory lock."""
        return int.from_bytes(self.digest[:8], "big", signed=True)

    def __str__(self) -> str:
        return f"account {self.account} in mode {self.mode}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A process that holds a lock, as it calls itself."""

    pid: int
    host: str
    run: str

    @classmethod
    def this_process(cls, run: str) -> "Holder":
        """Return ourselves."""
        return cls(pid=os.getpid(), host=socket.gethostname()[:HOST_CHARS_MAX], run=run)

    @property
    def application(self) -> str:
        """The application name of the session that holds the lock; others read it."""
        return f"pennyd lock {self.pid}@{self.host} {self.run}"

    @classmethod
    def parse_application(cls, name: str) -> "Holder | None":
        """Read an application name back, or return None when it is not ours."""
        parts = name.removeprefix("pennyd lock ").split(" ", 1)
        pid, _, host = parts[0].partition("@")
        if not name.startswith("pennyd lock ") or not pid.isdigit():
            return None
        return cls(pid=int(pid), host=host, run=parts[1] if len(parts) > 1 else "")

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, run {self.run}"


def held_by(key: AccountKey, holder: str, since: str) -> str:
    """Say in one line that the lock is taken, by whom, and what to do."""
    when = f", since {since}" if since else ""
    return (
        f"another pennyd works on {key}: {holder}{when}; end it first (`pennyd stop`), or use another "
        "account or state folder"
    )
