"""Waiting for a time of the venue: it has come when the marketplace says so."""

import asyncio

from daemon.domain.units import Nanos
from daemon.sim.exchange.marketplace.marketplace import Marketplace


async def wait_until(marketplace: Marketplace, at: Nanos) -> None:
    """Wait until the marketplace has come to a time; as long as it stands still, so does this."""
    came: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def come(_now: Nanos) -> None:
        if not came.done():
            came.set_result(None)

    marketplace.schedule(at, come)
    await came
