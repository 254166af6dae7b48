"""The local Unix socket through which the command line talks to a running daemon.

One JSON line in, one JSON line out, for the daemon's own user (and root) only. Everything is
bounded: clients, length of a line, time to ask and time to answer. Knows the handlers' names and
nothing of what they do.
"""

import asyncio
import os
import socket
import stat
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

import msgspec
import structlog

from daemon.adapters.operator_client import SOCKET_NAME
from daemon.adapters.runtime_folder import claim_runtime_folder, release_runtime_folder
from daemon.errors import ConfigError, LockHeld, PennydError

log = structlog.get_logger()

REQUEST_BYTES_MAX: Final = 16_384
CLIENTS_MAX: Final = 16
REQUEST_WITHIN_S: Final = 10.0
ANSWER_WITHIN_S: Final = 30.0
PROBE_WITHIN_S: Final = 1.0
BACKLOG: Final = 16

Handler: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[Any]]
"""Takes the request's fields; what it returns must be expressible as JSON."""


def socket_path(state_dir: Path) -> Path:
    """Return where the daemon of this state folder listens; makes the folder for it."""
    return claim_runtime_folder(state_dir) / SOCKET_NAME


class OperatorSocket:
    """Serves the handlers by name until it is cancelled."""

    def __init__(self, path: Path, handlers: Mapping[str, Handler]) -> None:
        self.path = path
        self._handlers = handlers
        self._clients = 0

    async def run(self) -> None:
        """Listen and answer; raises LockHeld when another daemon answers on the same path."""
        listening = await self._bind()
        ours = self.path.lstat().st_ino
        try:
            async with asyncio.TaskGroup() as tasks:

                def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                    tasks.create_task(self._attend(reader, writer), name="operator client")

                server = await asyncio.start_unix_server(
                    welcome, sock=listening, limit=REQUEST_BYTES_MAX
                )
                try:
                    await asyncio.get_running_loop().create_future()
                finally:
                    server.close()
        finally:
            listening.close()
            self._remove(ours)

    async def _bind(self) -> socket.socket:
        if await self._is_answered():
            raise LockHeld(
                f"another pennyd answers on {self.path}: end it first (`pennyd stop`), or use "
                "another state folder"
            )
        self._remove_stale()
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listening.setblocking(False)
            listening.bind(str(self.path))
            self.path.chmod(0o600)
            listening.listen(BACKLOG)
        except BaseException:
            listening.close()
            raise
        return listening

    async def _is_answered(self) -> bool:
        """Tell whether somebody accepts connections here; a full house is an answer too."""
        try:
            async with asyncio.timeout(PROBE_WITHIN_S):
                _, writer = await asyncio.open_unix_connection(self.path)
        except TimeoutError:
            return True
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        writer.close()
        return True

    def _remove_stale(self) -> None:
        try:
            seen = self.path.lstat()
        except FileNotFoundError:
            return
        if not stat.S_ISSOCK(seen.st_mode):
            raise ConfigError(f"{self.path} is no socket: look who made it, then remove it")
        self.path.unlink()

    def _remove(self, inode: int) -> None:
        """Remove our socket unless another one has taken its name."""
        with suppress(OSError):
            if self.path.lstat().st_ino == inode:
                self.path.unlink()
        release_runtime_folder(self.path.parent)

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one client, one after the other, until he leaves."""
        self._clients += 1
        try:
            if not _is_welcome(writer):
                await _say(writer, _failure("only the user of the daemon and root may ask"))
            elif self._clients > CLIENTS_MAX:
                await _say(writer, _failure(f"{CLIENTS_MAX} clients ask already: try again"))
            else:
                while await self._exchange(reader, writer):
                    pass
        except (OSError, TimeoutError):
            pass  # He left, or fell silent; there is nobody to tell.
        finally:
            self._clients -= 1
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return False when there is none, or none that can be read."""
        try:
            async with asyncio.timeout(REQUEST_WITHIN_S):
                line = await reader.readline()
        except ValueError:
            limit = _failure(f"a request has at most {REQUEST_BYTES_MAX} bytes")
            await _say(writer, limit)
            return False
        if not line:
            return False
        await _say(writer, await self._answer(line))
        return True

    async def _answer(self, line: bytes) -> bytes:
        try:
            request = msgspec.json.decode(line)  # Refuses texts that could not be written down.
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return _failure('a request is one line of JSON like {"command": "status"}')
        if not isinstance(request, dict):
            return _failure("a request is a JSON object with the key command")
        fields = cast("dict[str, Any]", request)
        command = fields.pop("command", None)
        handler = self._handlers.get(command) if isinstance(command, str) else None
        if handler is None:
            known = ", ".join(sorted(self._handlers))
            return _failure(f"command {command!r} is not known here; known: {known}")
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return _success(await handler(fields))
        except TimeoutError:
            return _failure(f"{command} took longer than {ANSWER_WITHIN_S:.0f} s: see the log")
        except PennydError as error:
            return _failure(str(error))
        except Exception as error:  # a question may not end the one who answers
            log.exception("operator.failed", command=command, error=repr(error))
            return _failure(f"{command} failed inside the daemon ({error!r}): see its log")


def _success(result: Any) -> bytes:
    reply = {"ok": True, "result": result, "pid": os.getpid()}
    return msgspec.json.encode(reply, enc_hook=str) + b"\n"


def _failure(words: str) -> bytes:
    return msgspec.json.encode({"ok": False, "error": words, "pid": os.getpid()}) + b"\n"


async def _say(writer: asyncio.StreamWriter, reply: bytes) -> None:
    async with asyncio.timeout(ANSWER_WITHIN_S):
        writer.write(reply)
        await writer.drain()


def _is_welcome(writer: asyncio.StreamWriter) -> bool:
    """Ask the kernel who is there; where it cannot say, the folder's permissions must do."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return True
    peer = cast("socket.socket", writer.get_extra_info("socket"))
    _, uid, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, option, 12))
    return uid in {0, os.geteuid()}
