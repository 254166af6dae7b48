"""An exchange that has more to do than its machine allows: it says so, stretches time, and serves on."""

import asyncio
import logging
import time

import aiohttp
import pytest

from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.exchange import floor_pump
from daemon.exchange.box import ExchangeBox
from daemon.exchange.floor import INSTANTS_MAX
from daemon.exchange.floor_pump import FloorPump
from daemon.exchange.options import BoxOptions
from daemon.exchange.venue_clock import VenueClock
from daemon.sim.clock import ScaledClock, SteppedClock
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from tests.integration.exchange.box_client import ORIGIN, BoxClient, quiet_box


def keep_busy(marketplace: Marketplace, every: int, cost_s: float = 0) -> list[Nanos]:
    """Let something be due again and again; return when it happened."""
    happened: list[Nanos] = []

    def happen(now: Nanos) -> None:
        happened.append(now)
        time.sleep(cost_s)
        marketplace.schedule(Nanos(now + every), happen)

    marketplace.schedule(Nanos(marketplace.now + every), happen)
    return happened


def test_a_floor_lets_no_more_happen_at_once_than_its_bound() -> None:
    clock = SteppedClock(ORIGIN)
    floor = quiet_box().floor
    floor.clock = clock.now
    happened = keep_busy(floor.marketplace, NANOS_PER_MS)
    clock.move_to(ORIGIN + NANOS_PER_S)
    assert floor.now() == happened[-1] == ORIGIN + INSTANTS_MAX * NANOS_PER_MS
    assert floor.is_behind
    while floor.is_behind:
        floor.now()
    assert floor.now() == ORIGIN + NANOS_PER_S
    assert len(happened) == 1000


def test_time_stretches_after_a_while_and_the_log_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pace = SteppedClock(ORIGIN)
    clock = VenueClock(pace)
    floor = quiet_box().floor
    floor.clock = clock.now
    keep_busy(floor.marketplace, NANOS_PER_MS)
    pump = FloorPump(floor, speed=60, clock=clock)
    with caplog.at_level(logging.WARNING):
        for second in range(8):
            pace.move_to(ORIGIN + second * 60 * NANOS_PER_S)
            floor.now()
            pump._keep_pace(clock, float(second))
    assert len(caplog.records) == 1
    assert "venue time stretches" in caplog.text
    assert clock.given_up > 2 * 60 * NANOS_PER_S
    assert clock.late(floor.marketplace.now) < 3 * 60 * NANOS_PER_S


def test_an_exchange_that_catches_up_in_time_gives_nothing_up() -> None:
    pace = SteppedClock(ORIGIN)
    clock = VenueClock(pace)
    floor = quiet_box().floor
    floor.clock = clock.now
    keep_busy(floor.marketplace, NANOS_PER_MS)
    pump = FloorPump(floor, speed=1, clock=clock)
    for second in (0.0, 1.5, 3.0, 4.5):
        pace.move_to(ORIGIN + round(second * NANOS_PER_S))
        floor.now()
        pump._keep_pace(clock, second)  # behind
        while floor.is_behind:
            floor.now()
        pump._keep_pace(clock, second + 0.5)  # and not any more
    assert clock.given_up == 0


async def test_who_asks_an_overloaded_exchange_is_served_and_told_how_late_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(floor_pump, "BEHIND_S_MAX", 0.05)
    clock = ScaledClock(origin_at=ORIGIN, m0_ns=time.monotonic_ns(), speed=60)
    box = ExchangeBox(BoxOptions(is_quiet=True, speed=60), clock=clock)
    keep_busy(box.floor.marketplace, NANOS_PER_MS, cost_s=0.0001)
    async with box, aiohttp.ClientSession() as session, asyncio.timeout(10):
        client, told = BoxClient(box, session), {"given_up_ms": 0}
        while not told["given_up_ms"]:
            status, told = await client.get("/admin/clock")
            assert status == 200
    assert told["now"] < clock.now()
