"""Admin page of the clock where there is no tape: what time it is, and putting it forward.

It says, too, by how much the exchange is behind its clock at this moment, and how much time the clock
has given up so far because the machine could not keep the pace; both in ms of the venue.
"""

import asyncio
from typing import Final

import msgspec
from aiohttp import web

from daemon.domain.units import NANOS_PER_MS
from daemon.exchange.admin.admin_body import read_body, refused
from daemon.exchange.doors import ADMIN_PREFIX
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer
from daemon.exchange.venue_clock import STEP_S_MAX, VenueClock


class _StepRequest(msgspec.Struct, forbid_unknown_fields=True):
    step_s: float


_STEP: Final = msgspec.json.Decoder(_StepRequest)


class ClockPages:
    """Handlers of /admin/clock."""

    def __init__(self, floor: Floor, clock: VenueClock) -> None:
        self._floor = floor
        self._clock = clock

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [
            web.get(f"{ADMIN_PREFIX}/clock", self._show),
            web.post(f"{ADMIN_PREFIX}/clock", self._step),
        ]

    async def _show(self, _request: web.Request) -> web.Response:
        now = self._floor.now()
        return answer(
            {
                "now": now,
                "behind_ms": max(0, self._clock.now() - now) // NANOS_PER_MS,
                "given_up_ms": self._clock.given_up // NANOS_PER_MS,
            }
        )

    async def _step(self, request: web.Request) -> web.Response:
        hint = f"step_s, seconds to put the time forward, above 0 and at most {STEP_S_MAX}"
        wanted = await read_body(request, _STEP, hint)
        try:
            self._clock.step(wanted.step_s)
        except ValueError as error:
            raise refused(str(error)) from None
        wanted_at = self._clock.now()
        while (now := self._floor.now()) < wanted_at:  # noqa: ASYNC110 — it comes by asking for it
            await asyncio.sleep(0)  # all that happens meanwhile happens in pieces
        return answer({"ok": True, "now": now})
