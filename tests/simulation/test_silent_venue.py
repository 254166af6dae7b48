"""A venue that answers no question keeps the start waiting; it keeps no kill file waiting."""

import asyncio
from pathlib import Path
from typing import Any

from daemon.domain.complete import Complete
from daemon.domain.facts import TradingHalted
from daemon.domain.open_order import OpenOrder
from daemon.domain.order import Order
from daemon.domain.order_events import OrderCreated
from daemon.domain.reasons import HaltReason
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.domain.venue_reports import FillReported
from daemon.ports import OrderLookup
from daemon.runtime.kill_switch import engage
from tests.builders import START
from tests.simulation.paper_world import PaperWorld


class SilentAccount:
    """Never answers; somebody pulls the kill switch while it is first asked."""

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir

    async def open_orders(self) -> Complete[OpenOrder]:
        engage(self._state_dir, "enough")
        return await self._silence()

    async def lookup(self, order: Order) -> OrderLookup:
        return await self._silence()

    async def trades(self, since: Nanos) -> Complete[FillReported]:
        return await self._silence()

    async def _silence(self) -> Any:
        await asyncio.Event().wait()


def test_a_kill_file_is_seen_within_a_second_while_the_start_waits_for_the_venue(
    tmp_path: Path,
) -> None:
    world = PaperWorld(1, tmp_path, seconds=60, account=SilentAccount(tmp_path))
    life = world.live()
    (run,) = world.archive.runs.values()
    halted_at = [
        at
        for at, fact in run.facts.values()
        if isinstance(fact, TradingHalted) and fact.reason is HaltReason.KILL_SWITCH
    ]
    assert halted_at
    assert halted_at[0] - START < NANOS_PER_S
    assert not any(isinstance(fact, OrderCreated) for fact in life.facts)
