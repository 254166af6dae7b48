"""Admin page of the clock where there is no tape: what time it is, and putting it forward."""

from typing import Final

import msgspec
from aiohttp import web

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
        return answer({"now": self._floor.now(), "slipped": self._clock.slipped})

    async def _step(self, request: web.Request) -> web.Response:
        hint = f"step_s, seconds to put the time forward, above 0 and at most {STEP_S_MAX}"
        wanted = await read_body(request, _STEP, hint)
        try:
            self._clock.step(wanted.step_s)
        except ValueError as error:
            raise refused(str(error)) from None
        return answer({"ok": True, "now": self._floor.now()})
