"""A daemon that says what the test wants it to say, over a real socket: `FakeDaemon`, `daemon`."""

import asyncio
import threading
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.operator_socket import OperatorSocket, socket_path
from daemon.errors import PennydError

ORDER = {
    "order_id": "0x5e1f0000000000000000000000000000000000000000000000000000000000ab",
    "status": "open",
    "token_id": "7",
    "side": "BUY",
    "price": "0.45",
    "size": "5.00",
    "filled": "0.00",
    "timestamp": "2026-04-13T12:00:00.000000Z",
    "market": "a-market",
    "outcome": "Yes",
    "strategy": "top_bidder-buy:a-market:Yes",
}
POSITION = {
    "market": "a-market",
    "outcome": "Yes",
    "shares": "10.00",
    "avg_price": "0.44",
    "mark": "0.45",
    "realized_pnl": "0.00",
    "unrealized_pnl": "0.10",
}
BOOK = {
    "market": "a-market",
    "outcome": "Yes",
    "best_bid": "0.44",
    "best_ask": "0.46",
    "trust": "trusted",
    "age_ms": 12,
}


class FakeDaemon:
    """What a daemon would say; the test changes it."""

    def __init__(self) -> None:
        self.state, self.why = "active", ""
        self.markets: dict[str, str] = {}
        self.orders = [ORDER]
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.refusal = ""

    def status(self) -> dict[str, Any]:
        return {
            "mode": "paper",
            "run_id": "paper-1",
            "account": "paper",
            "status": "RUNNING" if self.state == "active" else "ERROR",
            "state": self.state,
            "why": self.why,
            "reasons": {"halts": {}, "pauses": {}, "markets": self.markets},
            "is_kill_switch_engaged": self.state == "halted",
            "books": [BOOK],
            "orders": self.orders,
            "positions": [POSITION],
            "parents": [],
            "pnl": {
                "realized": "0.00", "unrealized": "0.10", "total": "0.10", "fees": "0.00",
                "cash_free": "90.00",
            },
        }  # fmt: skip

    def handler(self, command: str, answer: Callable[[], Any]) -> Any:
        async def handle(fields: Mapping[str, Any]) -> Any:
            self.asked.append((command, dict(fields)))
            if self.refusal:
                raise PennydError(self.refusal)
            return answer()

        return handle

    def handlers(self) -> dict[str, Any]:
        answers: dict[str, Callable[[], Any]] = {
            "status": self.status,
            "orders": lambda: self.orders,
            "positions": lambda: [POSITION],
            "tick": lambda: [BOOK],
            "risk": lambda: {
                "state": self.state,
                "why": self.why,
                "limits": {"open_orders": {"unit": "orders", "used": "1", "limit": "10"}},
                "kill_switch": {"is_engaged": False, "files": ["/x/KILL_SWITCH"]},
            },
            "resume": self.status,
            "cancel_all": lambda: {"orders": 1},
            "halt": self.status,
            "stop": lambda: {"stopping": True},
        }
        return {name: self.handler(name, answer) for name, answer in answers.items()}


@pytest.fixture
def daemon(state_dir: Path) -> Generator[FakeDaemon]:
    """Return a daemon that answers from a thread of its own."""
    fake = FakeDaemon()
    loop = asyncio.new_event_loop()
    path = socket_path(state_dir)
    server = OperatorSocket(path, fake.handlers())
    started = threading.Event()

    async def serve() -> None:
        task = asyncio.ensure_future(server.run())
        while not path.exists():  # noqa: ASYNC110 - the socket announces nothing
            await asyncio.sleep(0.005)
        loop.call_soon(started.set)
        fake_stop.add_done_callback(lambda _: task.cancel())
        await asyncio.gather(task, return_exceptions=True)

    fake_stop: asyncio.Future[None] = loop.create_future()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert started.wait(5)
    yield fake
    loop.call_soon_threadsafe(fake_stop.set_result, None)
    thread.join(5)
    loop.close()
