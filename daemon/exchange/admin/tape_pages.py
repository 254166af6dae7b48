"""Admin pages of a tape: where it is, and the clock that a parent process gives it."""

from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web

from daemon.exchange.admin.admin_body import read_body, refused
from daemon.exchange.doors import ADMIN_PREFIX
from daemon.exchange.json_answer import Refused, answer
from daemon.exchange.tape_pump import TapePump
from daemon.sim.clock import SPEED_MAX
from daemon.sim.exchange.tape.tape_player import TapePlayer


class _ClockRequest(msgspec.Struct, forbid_unknown_fields=True):
    origin_at: int
    m0_ns: int
    speed: int


_CLOCK: Final = msgspec.json.Decoder(_ClockRequest)


class TapePages:
    """Handlers of /admin/tape and of /admin/clock where there is a tape."""

    def __init__(self, player: TapePlayer, pump: TapePump) -> None:
        self._player = player
        self._pump = pump

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [
            web.get(f"{ADMIN_PREFIX}/tape", self._tape),
            web.post(f"{ADMIN_PREFIX}/clock", self._clock),
        ]

    async def _tape(self, _request: web.Request) -> web.Response:
        player = self._player
        return answer(
            {
                "sent": player.sent,
                "total": player.total,
                "done": player.is_done,
                "at": player.at,
                "ends_at": player.ends_at,
                "started": self._pump.is_started,
            }
        )

    async def _clock(self, request: web.Request) -> web.Response:
        hint = "origin_at (ns), m0_ns and speed as integers"
        wanted = await read_body(request, _CLOCK, hint)
        if not 0 <= wanted.speed <= SPEED_MAX:
            raise refused(f"speed {wanted.speed}: give 0 or 1 to {SPEED_MAX}")
        if not self._pump.set_clock(
            origin_at=wanted.origin_at, m0_ns=wanted.m0_ns, speed=wanted.speed
        ):
            raise Refused(
                HTTPStatus.CONFLICT,
                "the tape has started; set the clock before the first subscription",
            )
        return answer({"ok": True})
