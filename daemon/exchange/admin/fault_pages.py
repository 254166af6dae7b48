"""Admin page of faults: something that happens to the market channel now, or a plan from now on."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from aiohttp import web

from daemon.errors import ConfigError
from daemon.exchange.admin.admin_body import read_body, refused
from daemon.exchange.doors import ADMIN_PREFIX
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer
from daemon.exchange.market_channel import MarketChannel
from daemon.exchange.opening import build_plan
from daemon.sim.exchange.faults.fault_file import PLAN_KEYS, parse_faults


class _SocketFaults(msgspec.Struct, forbid_unknown_fields=True):
    """What is to happen; `token` spares the connections that do not carry it."""

    token: str = ""
    cut: bool = False
    torn: bool = False
    silent_s: float = 0.0
    garble: int = 0
    half_open: bool = False
    oversize: bool = False


_SOCKET_HINT: Final = "cut, torn, silent_s, garble, half_open or oversize, and token for one market"
_HINT: Final = f"{_SOCKET_HINT}; or a plan of {', '.join(PLAN_KEYS)}"
_OBJECT: Final = msgspec.json.Decoder(dict[str, Any])
_SOCKET: Final = msgspec.json.Decoder(_SocketFaults)
_SOURCE: Final = "plan.json"


class FaultPages:
    """Handlers of /admin/faults.

    A body with a key of a plan is one, as a file of faults would say it in JSON, and replaces all
    rules that held so far; an empty list of faults ends them.
    """

    def __init__(self, floor: Floor, channel: MarketChannel) -> None:
        self._floor = floor
        self._channel = channel

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [
            web.get(f"{ADMIN_PREFIX}/faults", self._show),
            web.post(f"{ADMIN_PREFIX}/faults", self._take),
        ]

    async def _show(self, _request: web.Request) -> web.Response:
        return answer({"told": dict(self._floor.faults.counts)})

    async def _take(self, request: web.Request) -> web.Response:
        table: Mapping[str, Any] = await read_body(request, _OBJECT, _HINT)
        if not table.keys().isdisjoint(PLAN_KEYS):
            return await self._replace_plan(request)
        wanted = await read_body(request, _SOCKET, _HINT)
        if wanted.garble < 0 or not 0 <= wanted.silent_s < float("inf"):
            raise refused("garble and silent_s must not be negative")
        return answer({"ok": True, "connections": self._strike(wanted)})

    async def _replace_plan(self, request: web.Request) -> web.Response:
        try:
            faults = parse_faults((await request.read()).decode(), _SOURCE)
        except ConfigError as error:
            raise refused("; ".join(error.problems)) from None
        self._floor.faults = build_plan(faults, self._floor.now())
        return answer({"ok": True, "rules": len(faults.rules)})

    def _strike(self, wanted: _SocketFaults) -> int:
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
        return struck
