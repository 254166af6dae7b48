"""The admin pages of the exchange in a box, as a client: what its parent process sets."""

from collections.abc import Mapping
from typing import Final

import aiohttp

from daemon.errors import VenueError

REQUEST_WITHIN_S: Final = 5.0
_OK: Final = 200


async def set_exchange_clock(base: str, numbers: Mapping[str, int]) -> None:
    """Give the exchange its clock (`origin_at`, `m0_ns`, `speed`) before anybody subscribes."""
    timeout = aiohttp.ClientTimeout(total=REQUEST_WITHIN_S)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.post(f"{base}/admin/clock", json=dict(numbers)) as reply,
    ):
        if reply.status != _OK:
            raise VenueError(f"the exchange at {base} refused its clock: {await reply.text()}")
