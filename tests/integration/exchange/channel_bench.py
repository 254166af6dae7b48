"""Both channels on real sockets over markets that the exchange matches; time moves when told."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from daemon.domain.units import Nanos
from daemon.exchange.channel_server import MARKET_PATH, USER_PATH
from daemon.exchange.floor import Floor
from daemon.exchange.market_channel import MarketChannel
from daemon.exchange.traffic import Traffic
from daemon.exchange.user_channel import UserChannel
from daemon.sim.exchange.auth.api_keys import ApiKey, ApiKeys
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.exchange.front.service_schedule import ServiceSchedule
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.named_chance import NamedChance
from tests.unit.exchange.key_bench import made_key
from tests.unit.exchange.market_bench import MarketBench

SECOND = 1_000_000_000
ORIGIN = Nanos(1_780_000_000 * SECOND)
SILENCE_S = 0.05
"""How long a test listens for what must not come."""


class Listener:
    """One connection as a test sees it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def send(self, body: object) -> None:
        await self.socket.send(json.dumps(body))

    async def text(self) -> str:
        async with asyncio.timeout(5):
            text = await self.socket.recv()
        assert isinstance(text, str)
        return text

    async def json(self) -> Any:
        return json.loads(await self.text())

    async def kinds(self, count: int) -> list[str]:
        return [(await self.json())["event_type"] for _ in range(count)]

    async def rest(self) -> list[Any]:
        """Everything that was sent so far: it ends with the answer to a ping."""
        await self.socket.send("PING")
        seen: list[Any] = []
        while (text := await self.text()) != "PONG":
            seen.append(json.loads(text))
        return seen


class ChannelBench:
    """A floor with one market, two accounts that are called by their keys, and open channels."""

    def __init__(self, record: TapeMarket, rules: Sequence[FaultRule] = ()) -> None:
        self.bench = MarketBench(ORIGIN)
        self.marketplace = self.bench.marketplace
        self.floor = Floor(
            marketplace=self.marketplace,
            books=DisplayedBooks(self.marketplace),
            keys=ApiKeys(1),
            wallets={},
            faults=FaultPlan(chance=NamedChance("7"), rules=rules, start_at=ORIGIN),
            service=ServiceSchedule(),
            clock=lambda: self.marketplace.now,
        )
        self.record = record
        self.marketplace.list_market(record)
        self.mia, self.tom = made_key(self.floor.keys, 1), made_key(self.floor.keys, 2)
        for key in (self.mia, self.tom):
            self.bench.open_account(key.id, record.condition_id)
        self.traffic = Traffic()
        self.market = MarketChannel(self.floor, self.traffic)
        self.user = UserChannel(self.floor, self.traffic)
        self.ports: tuple[int, int] = (0, 0)

    @asynccontextmanager
    async def listen(self, *assets: str, custom: bool = False) -> AsyncGenerator[Listener, None]:
        async with self.connect(f"ws://127.0.0.1:{self.ports[0]}{MARKET_PATH}") as client:
            if assets:
                await client.send(
                    {"type": "market", "assets_ids": assets, "custom_feature_enabled": custom}
                )
                await client.json()
            yield client

    @asynccontextmanager
    async def listen_as(self, key: ApiKey, **changes: str) -> AsyncGenerator[Listener, None]:
        async with self.connect(f"ws://127.0.0.1:{self.ports[1]}{USER_PATH}") as client:
            auth = {"apiKey": key.id, "secret": key.secret, "passphrase": key.passphrase}
            await client.send({"type": "user", "auth": auth | changes})
            if not changes:
                assert await client.rest() == []
            yield client

    @asynccontextmanager
    async def connect(self, address: str) -> AsyncGenerator[Listener, None]:
        async with connect(
            address, ping_interval=None, compression=None, max_size=None, close_timeout=1
        ) as socket:
            try:
                yield Listener(socket)
            finally:
                with suppress(AttributeError):  # asyncio forgets the loop of a lost transport
                    socket.transport.abort()  # unread frames would hold up a polite goodbye


@asynccontextmanager
async def open_bench(
    record: TapeMarket, rules: Sequence[FaultRule] = ()
) -> AsyncGenerator[ChannelBench, None]:
    bench = ChannelBench(record, rules)
    async with bench.market.open("127.0.0.1", 0) as market, bench.user.open("127.0.0.1", 0) as user:
        bench.ports = (market, user)
        yield bench
