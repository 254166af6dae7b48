"""Memory of the exchange with windows and participants at speed 60, and whether it keeps that speed.

One listener follows every window that comes, so that everything is also told. Takes a second for every
venue minute, so it is measured only when it is asked for by name.
"""

import asyncio
import time
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

from benchmarks.box_process import BoxProcess, running_box
from benchmarks.effort import Effort
from benchmarks.figure import Figure, bounded, reported
from benchmarks.memory import MIB, slope
from daemon.domain.units import NANOS_PER_S

SPEED: Final = 60
SAMPLE_EVERY_S: Final = 5.0
WARM_UP: Final = 0.25
"""The part of a run after which memory should have found its size: windows stay for an hour."""
LATE_MAX: Final = 3
"""So many times the time that it should take is waited for a run."""
SLOPE_KIB_MAX: Final = 1024
"""Growth in an hour of the venue: a gigabyte in six weeks of venue time."""
NANOS_PER_HOUR: Final = 3_600 * NANOS_PER_S


class _News(msgspec.Struct, frozen=True):
    assets_ids: tuple[str, ...]


_NEWS: Final = msgspec.json.Decoder(_News)
_COMES: Final = b'{"event_type":"new_market"'
_GOES: Final = b'{"event_type":"market_resolved"'


class _Follower(WSListener):
    """Subscribes to every market that comes and lets go of those that are decided."""

    def __init__(self) -> None:
        self.frames = 0
        self.is_open = True

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Count a frame, and act on what concerns the subscription."""
        self.frames += 1
        payload = frame.get_payload_as_bytes()
        for head, operation in ((_COMES, "subscribe"), (_GOES, "unsubscribe")):
            if payload.startswith(head):
                tokens = _NEWS.decode(payload).assets_ids
                wish = {"operation": operation, "assets_ids": tokens}
                transport.send(WSMsgType.TEXT, msgspec.json.encode(wish))

    def on_ws_disconnected(self, transport: WSTransport) -> None:  # noqa: ARG002 — picows names it
        """Note that the exchange has cut it off."""
        self.is_open = False


@dataclass(slots=True)
class _Life:
    """What was seen of an exchange."""

    hours: list[float] = field(default_factory=list[float])
    """Venue time since the start, at each look."""
    sizes: list[float] = field(default_factory=list[float])
    """Resident memory in MiB."""
    frames: int = 0
    is_heard: bool = True
    took_s: float = 0.0
    cpu_s: float = 0.0
    given_up_ms: int = 0


def measure_box_memory(effort: Effort) -> list[Figure]:
    """Let the exchange live for so many venue minutes; return its size, growth, pace and cost."""
    with running_box("--speed", str(SPEED)) as box:
        life = uvloop.run(_watch(box, effort.venue_minutes))
    settled = int(len(life.sizes) * WARM_UP)
    hours, sizes = life.hours[settled:], life.sizes[settled:]
    per_hour = slope(sizes) * (len(hours) - 1) / (hours[-1] - hours[0]) * 1024
    heard = f"{life.frames} frames heard" + ("" if life.is_heard else ", listener cut off")
    return [
        reported(
            "box memory at speed 60",
            "MiB",
            sizes,
            f"{life.hours[-1]:.1f} venue hours: first look {life.sizes[0]:.1f},"
            f" after warm-up {sizes[0]:.1f}, last {sizes[-1]:.1f}; {heard}",
        ),
        bounded(
            "box memory slope after warm-up",
            "KiB/venue h",
            [per_hour],
            bar=SLOPE_KIB_MAX,
            by="median",
            note=f"over {hours[-1] - hours[0]:.1f} venue hours",
        ),
        reported(
            "box speed kept",
            "x",
            [life.hours[-1] * 3_600 / life.took_s],
            f"{life.given_up_ms / 60_000:.1f} venue minutes given up",
        ),
        bounded(
            "box CPU per venue minute, one listener",
            "ms",
            [life.cpu_s * 1_000 / (life.hours[-1] * 60)],
            bar=60 / SPEED * 1_000,
            by="median",
            note="one core at speed 60",
        ),
    ]


async def _watch(box: BoxProcess, venue_minutes: int) -> _Life:
    follower = _Follower()
    transport, _ = await ws_connect(lambda: follower, box.ready.market_ws)
    tokens = [token for market in box.ready.markets for token in market.token_ids]
    wish = {"type": "market", "assets_ids": tokens, "custom_feature_enabled": True}
    transport.send(WSMsgType.TEXT, msgspec.json.encode(wish))
    life, began, cpu_s = _Life(), time.perf_counter(), box.cpu_s
    ends = began + LATE_MAX * venue_minutes * 60 / SPEED
    while not life.hours or life.hours[-1] * 60 < venue_minutes:
        await asyncio.sleep(min(SAMPLE_EVERY_S, venue_minutes / 10))
        clock = await asyncio.to_thread(box.ask, "/admin/clock")
        life.hours.append((clock["now"] - box.ready.origin_at) / NANOS_PER_HOUR)
        life.sizes.append(box.rss_bytes / MIB)
        life.given_up_ms = clock["given_up_ms"]
        if time.perf_counter() > ends:
            break
    life.took_s = time.perf_counter() - began
    life.cpu_s = box.cpu_s - cpu_s
    life.frames, life.is_heard = follower.frames, follower.is_open
    transport.disconnect()
    return life
