"""The exchange's own pages below /admin: what it received, where the tape is, clock and faults.

Kept out of the venue's name space and out of the log of requests.
"""

import msgspec
from aiohttp import web

from daemon.exchange.json_answer import answer, refuse
from daemon.exchange.market_channel import MarketChannel
from daemon.exchange.tape_pump import TapePump
from daemon.exchange.traffic import Traffic
from daemon.sim.clock import SPEED_MAX
from daemon.sim.exchange.tape.tape_player import TapePlayer

PREFIX = "/admin"


class _ClockRequest(msgspec.Struct, forbid_unknown_fields=True):
    origin_at: int
    m0_ns: int
    speed: int


class _FaultRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What is to happen; `token` spares the connections that do not carry it."""

    token: str = ""
    cut: bool = False
    torn: bool = False
    silent_s: float = 0.0
    garble: int = 0
    half_open: bool = False
    oversize: bool = False


_FAULTS = "cut, torn, silent_s, garble, half_open or oversize, and token for one market"
_CLOCK = msgspec.json.Decoder(_ClockRequest)
_FAULT = msgspec.json.Decoder(_FaultRequest)


class Admin:
    """Handlers of the admin pages."""

    def __init__(
        self, *, player: TapePlayer, pump: TapePump, channel: MarketChannel, traffic: Traffic
    ) -> None:
        self._player = player
        self._pump = pump
        self._channel = channel
        self._traffic = traffic

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [
            web.get(f"{PREFIX}/requests", self._requests),
            web.get(f"{PREFIX}/connections", self._connections),
            web.get(f"{PREFIX}/tape", self._tape),
            web.post(f"{PREFIX}/clock", self._clock),
            web.post(f"{PREFIX}/faults", self._faults),
        ]

    async def _requests(self, _request: web.Request) -> web.Response:
        traffic = self._traffic
        return answer({"total": traffic.requests_total, "requests": list(traffic.requests)})

    async def _connections(self, _request: web.Request) -> web.Response:
        return answer(self._traffic.connections())

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
        try:
            wanted = _CLOCK.decode(await request.read())
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return refuse(400, f"{error}; give origin_at (ns), m0_ns and speed as integers")
        if not 0 <= wanted.speed <= SPEED_MAX:
            return refuse(400, f"speed {wanted.speed}: give 0 or 1 to {SPEED_MAX}")
        if not self._pump.set_clock(
            origin_at=wanted.origin_at, m0_ns=wanted.m0_ns, speed=wanted.speed
        ):
            return refuse(409, "the tape has started; set the clock before the first subscription")
        return answer({"ok": True})

    async def _faults(self, request: web.Request) -> web.Response:
        try:
            wanted = _FAULT.decode(await request.read())
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return refuse(400, f"{error}; give {_FAULTS}")
        if wanted.garble < 0 or not 0 <= wanted.silent_s < float("inf"):
            return refuse(400, "garble and silent_s must not be negative")
        channel, token, struck = self._channel, wanted.token, 0
        if wanted.garble:
            channel.garble(wanted.garble, token)
        if wanted.oversize:
            struck = max(struck, channel.send_oversize(token))
        if wanted.silent_s:
            struck = max(struck, channel.stay_silent(wanted.silent_s, token))
        if wanted.half_open:
            struck = max(struck, channel.go_half_open(token))
        if wanted.torn:
            struck = max(struck, channel.tear(token))
        if wanted.cut:
            struck = max(struck, channel.cut(token))
        return answer({"ok": True, "connections": struck})
