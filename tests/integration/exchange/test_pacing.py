"""The pace of a tape: an injected clock decides when frames leave, a lost client loses nothing."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from daemon.sim.clock import SteppedClock
from tests.integration.exchange.conductor import Conductor, until_sent

SECOND = 1_000_000_000
ORIGIN = 1_780_000_000 * SECOND

Connect = Callable[[ExchangeBox], Any]
AdminOf = Callable[[ExchangeBox], Any]


@pytest.fixture
def conductor() -> Conductor:
    return Conductor(SteppedClock(ORIGIN))


@pytest.fixture
async def box(small_tape: Callable[[int], str], conductor: Conductor) -> AsyncIterator[ExchangeBox]:
    options = BoxOptions(tape=small_tape(100), speed=10)
    async with ExchangeBox(options, clock=conductor.clock) as box:
        yield box


async def subscribe(client: Any) -> Any:
    await client.subscribe("11", "21")
    return await client.json()


async def test_no_frame_leaves_before_its_time(
    box: ExchangeBox, conductor: Conductor, connect_to: Connect
) -> None:
    async with connect_to(box) as client:
        await subscribe(client)
        await until_sent(box, 1)
        await conductor.advance(0.5)
        assert box.player.sent == 1
        await conductor.advance(9.5)
        await until_sent(box, 11)
        assert box.player.sent == 11
        sizes = [(await client.json())["price_changes"][0]["size"] for _ in range(11)]
        assert sizes == [str(number) for number in range(1, 12)]


async def test_a_lost_client_comes_again_to_the_current_book_and_misses_nothing_after(
    box: ExchangeBox, conductor: Conductor, connect_to: Connect
) -> None:
    async with connect_to(box) as client:
        await subscribe(client)
        await conductor.advance(5)
        await until_sent(box, 6)
    await conductor.advance(20)
    await asyncio.sleep(0.05)
    assert box.player.sent <= 7, "the tape stands while nobody listens"
    sent = box.player.sent
    async with connect_to(box) as client:
        books = await subscribe(client)
        assert {book["bids"][0]["size"] for book in books} == {str(sent), str(sent - 1)}
        await conductor.advance(1)
        await until_sent(box, 27)
        sizes = [(await client.json())["price_changes"][0]["size"] for _ in range(sent, 27)]
        assert sizes == [str(number) for number in range(sent + 1, 28)], "late, but in order"


async def test_subscribing_more_on_the_way_shows_the_book_of_that_moment(
    box: ExchangeBox, conductor: Conductor, connect_to: Connect
) -> None:
    async with connect_to(box) as client:
        await client.subscribe("11")
        await client.text()
        await until_sent(box, 1)
        await conductor.advance(3)
        assert [(await client.json())["price_changes"][0]["size"] for _ in range(2)] == ["1", "3"]
        await client.socket.send('{"operation": "subscribe", "assets_ids": ["21"]}')
        (book,) = await client.json()
        assert (book["asset_id"], book["bids"]) == ("21", [{"price": "0.4", "size": "4"}])
        await conductor.advance(1)
        assert (await client.json())["price_changes"][0]["size"] == "5"


async def test_tape_time_is_the_clock_of_the_tape(
    box: ExchangeBox, conductor: Conductor, connect_to: Connect, session: Any
) -> None:
    async with connect_to(box) as client:
        await subscribe(client)
        await conductor.advance(42)
        async with session.get(f"{box.ready.clob}/time") as reply:
            assert await reply.json() == 1_780_000_042


async def test_the_parent_sets_the_clock_before_the_first_subscription_only(
    small_tape: Callable[[int], str], connect_to: Connect, admin_of: AdminOf
) -> None:
    async with ExchangeBox(BoxOptions(tape=small_tape(10))) as box, connect_to(box) as client:
        admin = admin_of(box)
        m0_ns = time.monotonic_ns() - 4 * SECOND // 60
        clock = {"origin_at": ORIGIN, "m0_ns": m0_ns, "speed": 60}
        assert (await admin.post("clock", clock))[0] == 200
        await subscribe(client)
        for _ in range(10):  # 9 s of tape in 0.15 s; at speed 1 this would take 9 s
            async with asyncio.timeout(2):
                await client.json()
        status, body = await admin.post("clock", clock)
        assert status == 409
        assert "started" in body["error"]


@pytest.mark.parametrize(
    "body", [{}, {"origin_at": 1, "m0_ns": 1, "speed": 61}, {"origin_at": "x"}, []]
)
async def test_a_clock_that_cannot_work_is_refused(
    box: ExchangeBox, admin_of: AdminOf, body: object
) -> None:
    status, answer = await admin_of(box).post("clock", body)
    assert status == 400
    assert "speed" in answer["error"]
