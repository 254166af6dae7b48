"""A running exchange, small tapes for it, and a client that reads frames."""

import gzip
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect

from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from daemon.sim.exchange.tape.tape import (
    FORMAT,
    ChangeEntry,
    TapeFee,
    TapeHeader,
    TapeLine,
    TapeMarket,
)
from tests.integration.exchange.box_client import BoxClient, quiet_box

SECOND = 1_000_000_000
ORIGIN = 1_780_000_000 * SECOND
FRAME_SIZE_MAX = 2 * 1024 * 1024


class Client:
    """One market-channel connection as a test sees it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def subscribe(self, *tokens: str) -> None:
        await self.socket.send(json.dumps({"type": "market", "assets_ids": tokens}))

    async def text(self) -> str:
        text = await self.socket.recv()
        assert isinstance(text, str)
        return text

    async def json(self) -> Any:
        return json.loads(await self.text())


@asynccontextmanager
async def client_of(box: ExchangeBox) -> AsyncGenerator[Client, None]:
    async with connect(
        box.ready.market_ws, max_size=FRAME_SIZE_MAX, ping_interval=None, compression=None
    ) as socket:
        try:
            yield Client(socket)
        finally:
            socket.transport.abort()  # unread frames would hold up a polite goodbye


class Admin:
    """The admin pages as a test sees them."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self._base = base
        self._session = session

    async def get(self, page: str) -> Any:
        async with self._session.get(f"{self._base}/admin/{page}") as reply:
            assert reply.status == 200
            return await reply.json()

    async def post(self, page: str, body: object) -> tuple[int, Any]:
        async with self._session.post(f"{self._base}/admin/{page}", json=body) as reply:
            return reply.status, await reply.json()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def connect_to() -> Callable[[ExchangeBox], Any]:
    return client_of


@pytest.fixture
def admin_of(session: aiohttp.ClientSession) -> Callable[[ExchangeBox], Admin]:
    return lambda box: Admin(box.ready.clob, session)


def small_market(number: int) -> TapeMarket:
    return TapeMarket(
        id=str(number),
        condition_id=f"0x{number:064x}",
        slug=f"market-{number}",
        question="Will it?",
        token_ids=(f"{number}1", f"{number}2"),
        outcomes=("Yes", "No"),
        tick_size="0.01",
        min_order_size="5",
        fee=TapeFee(rate="0.05", rebate_rate="0.15", fee_type="sports_fees_v2"),
        listed="2026-01-01T00:00:00Z",
        event_start="2026-05-28T00:00:00Z",
        end="2026-05-28T20:00:00Z",
        end_at=ORIGIN + 3600 * SECOND,
        event_slug="event",
        event_title="An event",
        constructed=True,
        constructed_note="made up for a test",
    )


@pytest.fixture
def record_of() -> Callable[[int], TapeMarket]:
    return small_market


def small_line(number: int) -> TapeLine:
    """One frame a second, alternating between the two markets; the size tells which it is."""
    first = number % 2 * 2
    entries: tuple[ChangeEntry, ...] = (
        (first, "BUY", "0.4", str(number + 1), "0.4", "1"),
        (first + 1, "SELL", "0.6", str(number + 1), "0", "0.6"),
    )
    return TapeLine(at=ORIGIN + number * SECOND, rebuilt=True, change=entries)


@pytest.fixture
def small_tape(tmp_path: Path) -> Callable[[int], str]:
    """Write a tape of so many frames and return its path."""

    def write(frames: int) -> str:
        header = TapeHeader(
            format=FORMAT,
            name="small",
            title="A small tape",
            licence="none",
            attribution="nobody",
            source="nowhere",
            first_at=ORIGIN,
            last_at=ORIGIN + (frames - 1) * SECOND,
            frames=frames,
            markets=(small_market(1), small_market(2)),
        )
        path = tmp_path / f"small-{frames}.tape.gz"
        lines = [header, *map(small_line, range(frames))]
        path.write_bytes(gzip.compress(b"\n".join(map(msgspec.json.encode, lines)), mtime=0))
        return str(path)

    return write


@pytest.fixture
def fast_box(small_tape: Callable[[int], str]) -> Callable[[int], ExchangeBox]:
    """Return a box that plays so many small frames without pacing."""
    return lambda frames: ExchangeBox(BoxOptions(tape=small_tape(frames), speed=0))


@pytest.fixture
async def quiet(session: aiohttp.ClientSession) -> AsyncIterator[BoxClient]:
    async with quiet_box() as box:
        yield BoxClient(box, session)
