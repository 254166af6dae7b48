"""Ten listeners of the market channel in a process of their own; they count, and look at the clock.

`python -m benchmarks.frame_listeners ADDRESS TOKEN …` says `ready`, and at the end of its standard
input what each connection received.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import msgspec
import uvloop
from picows import (
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    ws_connect,  # pyright: ignore[reportUnknownVariableType] — keyword arguments without a type
)

LISTENERS: Final = 10
LOOK_EVERY: Final = 50
"""Frames from one look at the clock to the next."""
SETTLE_S: Final = 0.2
"""How long the last frames may take to arrive."""
STDIN_CHUNK_BYTES: Final = 4_096


class Heard(msgspec.Struct, frozen=True):
    """What one connection received; lags in ms from the exchange's time to the arrival."""

    frames: int
    is_open: bool
    lags_ms: list[float]
    last_lag_ms: float


class _Listener(WSListener):
    def __init__(self) -> None:
        self.frames = 0
        self.is_open = True
        self.lags_ms: list[float] = []
        self.last_lag_ms = 0.0

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:  # noqa: ARG002 — picows names it
        """Count a frame; now and then, and at the end, how late it is matters."""
        self.frames += 1
        if self.frames % LOOK_EVERY == 0:
            text = frame.get_payload_as_bytes()
            _, found, rest = text.rpartition(b'"timestamp":')
            digits = rest.strip().strip(b'"').partition(b'"')[0]
            if found and digits.isdigit():
                self.last_lag_ms = time.time() * 1_000 - int(digits)
                self.lags_ms.append(self.last_lag_ms)

    def on_ws_disconnected(self, transport: WSTransport) -> None:  # noqa: ARG002 — picows names it
        """Note a connection that was lost."""
        self.is_open = False

    def heard(self) -> Heard:
        """Return what was received."""
        return Heard(self.frames, self.is_open, self.lags_ms, self.last_lag_ms)


@dataclass(slots=True)
class Listening:
    """Filled when the listeners end."""

    heard: list[Heard] = field(default_factory=list[Heard])


@contextmanager
def listening(address: str, tokens: tuple[str, ...]) -> Generator[Listening]:
    """Have the listeners for the length of the block."""
    command = [sys.executable, "-m", "benchmarks.frame_listeners", address, *tokens]
    result = Listening()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n", "the listeners did not start"
        yield result
        said, _ = process.communicate()
        result.heard = msgspec.json.decode(said, type=list[Heard])


async def _listen(address: str, tokens: list[str]) -> None:
    text = msgspec.json.encode({"type": "market", "assets_ids": tokens, "initial_dump": False})
    listeners: list[_Listener] = []
    for _ in range(LISTENERS):
        listener = _Listener()
        listeners.append(listener)
        transport, _ = await ws_connect(_giving(listener), address)
        transport.send(WSMsgType.TEXT, text)
    await asyncio.sleep(SETTLE_S)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(_await_end)
    await asyncio.sleep(SETTLE_S)
    sys.stdout.write(msgspec.json.encode([listener.heard() for listener in listeners]).decode())


def _giving(listener: _Listener) -> Callable[[], _Listener]:
    return lambda: listener


def _await_end() -> None:
    while os.read(0, STDIN_CHUNK_BYTES):
        pass


if __name__ == "__main__":
    uvloop.run(_listen(sys.argv[1], sys.argv[2:]))
