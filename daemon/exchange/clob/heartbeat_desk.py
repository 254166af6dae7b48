"""The dead-man switch over REST, and the sweep that carries it out."""

from typing import Final

import msgspec
from aiohttp import web

from daemon.domain.units import Nanos
from daemon.exchange.clob.gateway import Gateway, PrivateRequest
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer, refuse
from daemon.exchange.request_faults import RequestFaults
from daemon.exchange.venue_response import respond
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.front.heartbeats import Heartbeats
from daemon.sim.exchange.front.service_gate import RequestKind
from daemon.sim.exchange.front.service_schedule import ServiceState
from daemon.sim.exchange.trading.account_ids import Owner

_DEAF: Final = frozenset({ServiceState.RESTARTING, ServiceState.DISABLED})
"""States in which no heartbeat is taken."""


class _Beat(msgspec.Struct):
    heartbeat_id: str | None = None


_BEAT = msgspec.json.Decoder(_Beat)


class HeartbeatDesk:
    """Takes heartbeats; keys that fell silent lose their open orders at the next sweep.

    While the venue takes no heartbeats nobody is silent: silence counts from the end of that time.
    """

    def __init__(self, floor: Floor, gateway: Gateway, faults: RequestFaults, seed: str) -> None:
        self._floor = floor
        self._gateway = gateway
        self._faults = faults
        self._heartbeats = Heartbeats(seed=seed, now=floor.marketplace.now)
        self._heard_from: Nanos | None = None
        """When the phase ends in which nobody is heard."""
        floor.marketplace.schedule(self._heartbeats.sweep_at, self._sweep)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served; the older path answers and watches over nothing."""
        private, wrap = self._gateway.private, self._faults.wrap
        return [
            web.post("/v1/heartbeats", wrap(FaultPoint.HEARTBEAT, private(self._beat))),
            web.post("/heartbeats", wrap(FaultPoint.HEARTBEAT, private(self._old_beat))),
        ]

    async def _beat(self, asked: PrivateRequest) -> web.Response:
        try:
            beat = _BEAT.decode(asked.body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return refuse(400, "Invalid payload")
        barred = self._gateway.bar(RequestKind.HEARTBEAT, asked.now)
        if barred is not None:
            return barred
        return respond(self._heartbeats.beat(asked.key.id, beat.heartbeat_id or "", asked.now))

    async def _old_beat(self, asked: PrivateRequest) -> web.Response:
        barred = self._gateway.bar(RequestKind.HEARTBEAT, asked.now)
        return answer({"status": "ok"}) if barred is None else barred

    def _sweep(self, now: Nanos) -> None:
        marketplace, phase = self._floor.marketplace, self._floor.service.phase_at(now)
        if phase is not None and phase.state in _DEAF:
            self._heartbeats.forgive(now)
            if self._heard_from != phase.end_at:
                self._heard_from = phase.end_at
                marketplace.schedule(phase.end_at, self._heartbeats.forgive)
        for key_id in self._heartbeats.sweep(now):
            marketplace.take(marketplace.exchange.cancel_all(Owner(key_id), now))
        marketplace.schedule(self._heartbeats.sweep_at, self._sweep)
