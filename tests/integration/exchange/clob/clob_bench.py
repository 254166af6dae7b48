"""The private order-book API on a loopback port, with markets, two accounts and a clock that tests move."""

import asyncio
import json
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

import aiohttp
from aiohttp import web

from daemon.domain.units import MICRO, NANOS_PER_MS, NANOS_PER_S, Cash, Nanos
from daemon.exchange.clob.clob_desk import ClobDesk
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer, answer_text
from daemon.exchange.request_faults import RequestFaults
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.api_keys import ApiKey, ApiKeys
from daemon.sim.exchange.auth.l1_request import L1Request, l1_digest
from daemon.sim.exchange.auth.signed_order import (
    NEG_RISK,
    STANDARD,
    V3,
    SignatureType,
)
from daemon.sim.exchange.auth.wallet import Wallet
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.exchange.front.service_gate import AccountStanding
from daemon.sim.exchange.front.service_schedule import ServicePhase, ServiceSchedule
from daemon.sim.exchange.front.signer_limiter import SignerLimiter
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.trading.account_ids import Wallet as WalletName
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.exchange.trading.settlement import SettlementOptions
from daemon.sim.named_chance import NamedChance
from tests.integration.exchange.clob.bench_markets import MARKETS
from tests.integration.exchange.clob.trader import Trader
from tests.unit.exchange.auth.signing_bench import (
    DEPOSIT,
    KEY,
    OTHER_KEY,
    address_of,
    sign,
)

START = Nanos(1_790_000_000 * NANOS_PER_S)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def error(self) -> str:
        return self.json["error"]


@dataclass(slots=True)
class ClobBench:
    """A served desk; `ann` trades for herself, `bob` for a deposit wallet."""

    session: aiohttp.ClientSession = field(init=False)
    base: str = field(init=False)
    time: Nanos = START
    limiter: SignerLimiter = field(default_factory=SignerLimiter)
    standings: dict[Address, AccountStanding] = field(default_factory=dict[Address, Any])
    book: str = "{}"
    balance_lag: Nanos = Nanos(0)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    floor: Floor = field(init=False)
    ann: Trader = field(init=False)
    bob: Trader = field(init=False)

    def __post_init__(self) -> None:
        settlement = SettlementOptions(seen_ms_max=20, mined_ms=(100, 100), confirmed_ms=(300, 300))
        options = ExchangeOptions(settlement=settlement, balance_lag=self.balance_lag)
        marketplace = Marketplace(Exchange(options, Random(1), START), START)
        for market in MARKETS:
            marketplace.list_market(market)
        self.floor = Floor(
            marketplace=marketplace,
            books=cast("Any", None),
            keys=ApiKeys(1),
            wallets={},
            faults=FaultPlan(chance=NamedChance("1"), rules=(), start_at=START),
            service=ServiceSchedule(),
            clock=lambda: self.time,
        )
        self.ann = self.trader(OTHER_KEY, address_of(OTHER_KEY), SignatureType.EOA)
        self.bob = self.trader(KEY, DEPOSIT, SignatureType.POLY_1271)

    def trader(self, private_key: bytes, wallet: Address, kind: SignatureType) -> Trader:
        """Open an account with $1000 and 100 shares of everything, all approved."""
        owner = address_of(private_key)
        key = self.floor.keys.create(L1Request(address=owner, nonce=0))
        assert isinstance(key, ApiKey)
        self.floor.wallets[wallet] = Wallet(address=wallet, signature_type=kind, owner=owner)
        exchange, name = self.floor.marketplace.exchange, WalletName(wallet)
        exchange.fund(name, Cash(1_500 * MICRO), START)
        for domain in (STANDARD, NEG_RISK, V3):
            exchange.approve(name, str(domain.verifying_contract), START)
        for condition in self.floor.marketplace.records:
            exchange.split(name, condition, Cash(100 * MICRO), START)
        return Trader(private_key=private_key, api_key=key, wallet=wallet, kind=kind)

    async def ask(
        self,
        trader: Trader,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        change: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a signed request; `change` replaces headers, their POLY_ left out."""
        sent = raw if raw is not None else b""
        if raw is None and body is not None:
            sent = json.dumps(body, separators=(",", ":")).encode()
        headers = trader.headers(self.time, method, path.partition("?")[0], sent)
        headers |= {f"POLY_{name}": value for name, value in (change or {}).items()}
        return await self.send(method, path, headers, sent)

    async def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Reply:
        async with self.session.request(
            method, self.base + path, headers=headers, data=body or None
        ) as got:
            return Reply(got.status, await got.text(), dict(got.headers))

    async def post(self, trader: Trader, body: dict[str, Any]) -> Reply:
        return await self.ask(trader, "POST", "/order", body)

    async def accept(self, trader: Trader, body: dict[str, Any]) -> dict[str, Any]:
        """Post what must be accepted."""
        reply = await self.post(trader, body)
        assert reply.status == 200, reply
        return reply.json

    async def get(self, trader: Trader, path: str) -> Any:
        reply = await self.ask(trader, "GET", path)
        assert reply.status == 200, reply
        return reply.json

    def pass_ms(self, milliseconds: int) -> None:
        """Let the venue's time pass."""
        self.time = Nanos(self.time + milliseconds * NANOS_PER_MS)
        self.floor.now()

    async def start(self, request: Coroutine[Any, Any, Reply]) -> asyncio.Task[Reply]:
        """Send a request and go on when it has arrived, answered or not."""
        self.arrived.clear()
        task = asyncio.create_task(request)
        await self.arrived.wait()
        await asyncio.sleep(0)
        return task

    def go_wrong(
        self, kind: FaultKind, point: FaultPoint, *, amount: int | None = None, **more: Any
    ) -> None:
        """Let the next request of every client meet a fault."""
        values = () if amount is None else (amount,)
        rule = FaultRule(kind=kind, points=(point,), nth=frozenset({1}), values=values, **more)
        self.floor.faults = FaultPlan(chance=NamedChance("1"), rules=(rule,), start_at=self.time)

    def enter_phase(self, phase: ServicePhase) -> None:
        self.floor.service = ServiceSchedule((phase,))

    def l1_headers(self, private_key: bytes, nonce: int = 0) -> dict[str, str]:
        address, timestamp = address_of(private_key), str(self.time // NANOS_PER_S)
        digest = l1_digest(address, timestamp, nonce)
        return {
            "POLY_ADDRESS": address,
            "POLY_TIMESTAMP": timestamp,
            "POLY_NONCE": str(nonce),
            "POLY_SIGNATURE": "0x" + sign(private_key, digest).hex(),
        }

    @asynccontextmanager
    async def serve(self) -> AsyncGenerator["ClobBench", None]:
        faults = RequestFaults(self.floor)
        desk = ClobDesk(
            self.floor, faults, limiter=self.limiter, standings=self.standings, seed="1"
        )

        @web.middleware
        async def count(request: web.Request, handler: Any) -> web.StreamResponse:
            await request.read()
            self.arrived.set()
            return await handler(request)

        async def clock(_request: web.Request) -> web.Response:
            return answer(self.floor.now() // NANOS_PER_S)

        async def book(_request: web.Request) -> web.Response:
            return answer_text(self.book)

        app = web.Application(middlewares=[count])
        app.add_routes(desk.routes())
        app.add_routes(
            [
                web.get("/time", faults.wrap(FaultPoint.CLOCK, clock)),
                web.get("/book", faults.wrap(FaultPoint.BOOK, book)),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession() as self.session:
            self.session._retry_connection = False  # it would send a cancel once more by itself
            yield self
        await runner.cleanup()
