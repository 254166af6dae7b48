"""What a market frame costs the exchange when ten clients listen, and a recorded one that it matches.

Measured is the time of the thread that serves; the listeners drain their sockets in another one.
"""

import asyncio
import json
import selectors
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from random import Random
from typing import Final

import uvloop

from benchmarks.effort import Effort
from benchmarks.figure import Figure, bounded
from benchmarks.stopwatch import settled_memory
from daemon.domain.ids import ConditionId
from daemon.domain.units import Nanos
from daemon.exchange.channel_server import MARKET_PATH
from daemon.exchange.floor import Floor
from daemon.exchange.market_channel import MarketChannel
from daemon.exchange.tape_file import open_tape
from daemon.exchange.traffic import Traffic
from daemon.sim.exchange.auth.api_keys import ApiKeys
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.front.service_schedule import ServiceSchedule
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.outside.outside import Outside
from daemon.sim.exchange.tape.frame import Frame
from daemon.sim.exchange.tape.tape import TapeHeader
from daemon.sim.exchange.tape.tape_book import TapeBooks
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.named_chance import NamedChance

LISTENERS: Final = 10
FRAME_US_MAX: Final = 500
"""Two thousand frames a second on one core."""
TAPE: Final = "nhl"
FRAMES_AT_ONCE: Final = 4
"""Frames of one turn of the loop."""
READ_BYTES: Final = 1024 * 1024


def measure_fan_out(effort: Effort) -> list[Figure]:
    """Send the frames of a tape as they were recorded, then as the exchange matches them."""
    header, frames = open_tape(TAPE)
    taken = [frame for frame, _ in zip(frames, range(effort.changes // 4), strict=False)]
    figures: list[Figure] = []
    for name, is_touched in (("as recorded", False), ("matched", True)):
        with settled_memory():
            costs = [
                uvloop.run(_cost_us(header, taken, is_touched=is_touched))
                for _ in range(effort.repetitions)
            ]
        note = f"{len(taken)} frames to {LISTENERS} listeners"
        label = f"market frame {name}"
        figures.append(bounded(label, "µs", costs, bar=FRAME_US_MAX, by="median", note=note))
    return figures


async def _cost_us(header: TapeHeader, frames: list[Frame], *, is_touched: bool) -> float:
    now = Nanos(header.first_at)
    marketplace = Marketplace(Exchange(ExchangeOptions(), Random(1), now), now)
    for market in header.markets:
        marketplace.list_market(market)
    tape = TapeBooks(header)
    floor = Floor(
        marketplace=marketplace,
        books=DisplayedBooks(marketplace, tape),
        keys=ApiKeys(1),
        wallets={},
        faults=FaultPlan(chance=NamedChance(""), rules=(), start_at=now),
        service=ServiceSchedule(),
        clock=lambda: marketplace.now,
    )
    outside = Outside(marketplace, floor.books, tape)
    traffic = Traffic()
    channel = MarketChannel(floor, traffic)
    async with channel.open("127.0.0.1", 0) as port:
        with _listening(port, header.token_ids):
            while traffic.market_subscribed < LISTENERS:  # noqa: ASYNC110 — a count has no event
                await asyncio.sleep(0.001)
            for market in header.markets if is_touched else ():
                outside.touch(ConditionId(market.condition_id), now)
            started_ns = time.thread_time_ns()
            for start in range(0, len(frames), FRAMES_AT_ONCE):
                for frame in frames[start : start + FRAMES_AT_ONCE]:
                    tape.apply(frame.updates)
                    channel.add(outside.play(frame))
                channel.send([])
                await channel.drain()
            spent_ns = time.thread_time_ns() - started_ns
            channel.cut()
            await asyncio.sleep(0)
    return spent_ns / len(frames) / 1_000


@contextmanager
def _listening(port: int, tokens: tuple[str, ...]) -> Generator[None, None, None]:
    """Let a thread hold the subscribed sockets and throw away what they receive."""
    thread = threading.Thread(target=_drain, args=(port, tokens), daemon=True)
    thread.start()
    yield
    thread.join(timeout=10)


def _drain(port: int, tokens: tuple[str, ...]) -> None:
    selector = selectors.DefaultSelector()
    for _ in range(LISTENERS):
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(
            f"GET {MARKET_PATH} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode()
        )
        client.recv(4096)
        text = json.dumps({"type": "market", "assets_ids": tokens}).encode()
        # A client's frame is masked; a mask of zeros leaves the text as it is.
        client.sendall(b"\x81\xfe" + len(text).to_bytes(2, "big") + bytes(4) + text)
        selector.register(client, selectors.EVENT_READ)
    while selector.get_map():
        for key, _ in selector.select():
            client = key.fileobj
            assert isinstance(client, socket.socket)
            try:
                is_alive = bool(client.recv(READ_BYTES))
            except ConnectionError:
                is_alive = False
            if not is_alive:
                selector.unregister(client)
                client.close()
