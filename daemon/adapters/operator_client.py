"""Asks a running daemon something over its Unix socket; the command line's half of it.

Plain blocking calls and the standard library only, so that `pennyd halt` starts fast. Finds the
socket by the state folder; starts nothing.
"""

import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from daemon.adapters.runtime_folder import find_runtime_folder
from daemon.errors import PennydError

SOCKET_NAME: Final = "operator"
REPLY_BYTES_MAX: Final = 64_000_000
READ_BYTES: Final = 65_536
CONNECT_WITHIN_S: Final = 2.0
ANSWER_WITHIN_S: Final = 35.0
"""A little more than the daemon takes before it gives up itself."""


class NobodyRuns(PennydError):
    """No daemon answers for this state folder."""


class Refused(PennydError):
    """The daemon answered, and said no."""


class Hung(PennydError):
    """A daemon is there and does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a daemon said, and which process it is."""

    result: Any
    pid: int


def ask(
    state_dir: Path, command: str, *, within_s: float = ANSWER_WITHIN_S, **fields: object
) -> Answer:
    """Put one question to the daemon of this state folder and return its answer.

    Raises NobodyRuns, Hung when it keeps silent for `within_s`, Refused with the daemon's words.
    """
    with _connect(state_dir) as connection:
        connection.settimeout(within_s)
        try:
            connection.sendall(json.dumps({"command": command, **fields}).encode() + b"\n")
            line = _read_line(connection)
        except TimeoutError:
            raise Hung(
                f"pennyd runs on state folder {state_dir} but did not answer within "
                f"{within_s:.0f} s: see its log; `pennyd halt` works without an answer"
            ) from None
        except OSError as error:
            raise Hung(
                f"pennyd on state folder {state_dir} broke off while answering ({error.strerror}): "
                "see its log"
            ) from error
    return _parse(line, state_dir)


def _connect(state_dir: Path) -> socket.socket:
    path = _find(state_dir)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(CONNECT_WITHIN_S)
    try:
        connection.connect(str(path))
    except TimeoutError:
        connection.close()
        raise Hung(
            f"pennyd runs on state folder {state_dir} but takes no questions: see its log"
        ) from None
    except OSError:
        connection.close()
        raise _nobody(state_dir) from None
    return connection


def _find(state_dir: Path) -> Path:
    """Look in our own runtime folder, then (as root) in that of the state folder's owner."""
    own = os.geteuid()
    for user in dict.fromkeys((own, _owner(state_dir)) if own == 0 else (own,)):
        folder = find_runtime_folder(state_dir, uid=user)
        if folder is not None and (folder / SOCKET_NAME).exists():
            return folder / SOCKET_NAME
    raise _nobody(state_dir)


def _owner(state_dir: Path) -> int:
    try:
        return state_dir.stat().st_uid
    except OSError:
        return os.geteuid()


def _nobody(state_dir: Path) -> NobodyRuns:
    owner = _owner(state_dir)
    if owner != os.geteuid():
        return NobodyRuns(
            f"no pennyd of yours runs on state folder {state_dir}, which belongs to user {owner}: "
            "ask as that user (for the service: deploy/pennyd-service …)"
        )
    return NobodyRuns(f"no pennyd runs on state folder {state_dir}: start one with `pennyd run`")


def _read_line(connection: socket.socket) -> bytes:
    line = bytearray()
    while not line.endswith(b"\n"):
        part = connection.recv(READ_BYTES)
        if not part or len(line) > REPLY_BYTES_MAX:
            break
        line += part
    return bytes(line)


def _parse(line: bytes, state_dir: Path) -> Answer:
    try:
        reply = cast("dict[str, Any]", json.loads(line))
        if reply["ok"]:
            return Answer(result=reply["result"], pid=reply["pid"])
        words = str(reply["error"])
    except (ValueError, KeyError, TypeError) as error:
        raise Hung(
            f"pennyd on state folder {state_dir} broke off while answering: see its log"
        ) from error
    raise Refused(words)
