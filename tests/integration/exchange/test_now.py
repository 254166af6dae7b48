"""A venue of today: the tape's times are the wall clock's, and it waits for nobody."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from daemon.adapters.polymarket.lookups import PolymarketLookup
from daemon.adapters.system_clock import SystemClock
from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from daemon.sim.clock import SteppedClock
from daemon.sim.exchange.tape.tape import TapeHeader

Connect = Callable[[ExchangeBox], Any]
AdminOf = Callable[[ExchangeBox], Any]

SECOND = 1_000_000_000
MS = 1_000_000
FRESH_MS = 5_000
NOW = 1_800_000_000 * SECOND + 123_456_789


@pytest.mark.parametrize("tape", ["nhl", "btc5m"])
async def test_a_client_on_the_wall_clock_finds_open_markets_and_fresh_frames(
    tape: str, connect_to: Connect, session: Any
) -> None:
    async with ExchangeBox(BoxOptions(tape=tape, is_now=True)) as box:
        ready = box.ready
        assert abs(time.time_ns() - ready.origin_at) < FRESH_MS * MS
        async with session.get(f"{ready.clob}/time") as reply:
            assert abs(await reply.json() - time.time()) < FRESH_MS / 1000
        async with PolymarketLookup(
            gamma_base=ready.gamma, clob_base=ready.clob, clock=SystemClock()
        ) as lookup:
            markets = [await lookup.resolve(market.slug) for market in ready.markets]
        assert all(market.ends_at and market.ends_at > time.time_ns() for market in markets)
        async with connect_to(box) as client:
            tokens = [token for market in markets for token in market.tokens]
            await client.subscribe(*tokens)
            snapshot = await client.json()
            assert {book["asset_id"] for book in snapshot} == set(tokens)
            for _ in range(20):
                frame = await client.json()
                assert abs(time.time_ns() // MS - int(frame["timestamp"])) < FRESH_MS


async def test_the_tape_goes_on_while_nobody_listens_and_a_newcomer_gets_the_book_of_that_moment(
    small_tape: Callable[[int], str], connect_to: Connect, admin_of: AdminOf
) -> None:
    clock = SteppedClock(NOW)
    box = ExchangeBox(BoxOptions(tape=small_tape(100), is_now=True), clock=clock)
    async with box:
        admin = admin_of(box)
        assert (await admin.post("clock", {"origin_at": 0, "m0_ns": 0, "speed": 1}))[0] == 409
        await play(box, clock, frames=10)
        async with connect_to(box) as client:
            await client.subscribe("11")
            (book,) = await client.json()
            assert book["bids"] == [{"price": "0.4", "size": "9"}], "that of the ninth frame"
            assert book["timestamp"] == str(NOW // MS + 8_000)
            await play(box, clock, frames=11)
            frame = await client.json()
            assert frame["price_changes"][0]["size"] == "11"
            assert frame["timestamp"] == str(NOW // MS + 10_000)
        assert (await admin.get("tape"))["sent"] == 11


async def play(box: ExchangeBox, clock: SteppedClock, *, frames: int) -> None:
    """Move the clock, one timer at a time, until so many frames were played."""
    async with asyncio.timeout(10):
        while box.player.sent < frames:
            if clock.next_due() is not None:
                clock.fire_next()
            await asyncio.sleep(0.001)


async def test_a_start_within_the_tape_is_now_too(small_tape: Callable[[int], str]) -> None:
    tape = small_tape(100)
    recorded = ExchangeBox(BoxOptions(tape=tape)).player.origin_at
    options = BoxOptions(tape=tape, is_now=True, start_at=recorded + 50 * SECOND, minutes=0.5)
    player = ExchangeBox(options, clock=SteppedClock(NOW)).player
    assert player.origin_at == NOW // MS * MS
    assert player.books.by_token["11"].bids == {400_000: "49"}
    assert player.ends_at == player.origin_at + 30 * SECOND
    header: TapeHeader = player.header
    assert header.first_at == player.origin_at - 50 * SECOND
