"""Admin page of the service: restarts and restricted phases, from now on."""

from typing import Final, Literal

import msgspec
from aiohttp import web

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.errors import ConfigError
from daemon.exchange.admin.admin_body import read_body, refused
from daemon.exchange.doors import ADMIN_PREFIX
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer
from daemon.sim.exchange.front.service_schedule import ServicePhase, ServiceSchedule, ServiceState

PHASES_MAX: Final = 1_000
SECONDS_MAX: Final = 10**9


class _Phase(msgspec.Struct, forbid_unknown_fields=True):
    """Seconds count from now."""

    state: Literal["restarting", "post_only", "cancel_only", "disabled"]
    until_s: float
    from_s: float = 0.0
    has_retry_after: bool = True
    takes_cancels: bool = True


class _ServiceRequest(msgspec.Struct, forbid_unknown_fields=True):
    phases: tuple[_Phase, ...]


_SERVICE: Final = msgspec.json.Decoder(_ServiceRequest)
_HINT: Final = (
    "phases, a list of state (restarting, post_only, cancel_only or disabled), from_s, until_s,"
    " has_retry_after and takes_cancels"
)


class ServicePages:
    """Handlers of /admin/service: a list of phases replaces all there were, an empty one ends them."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [
            web.get(f"{ADMIN_PREFIX}/service", self._show),
            web.post(f"{ADMIN_PREFIX}/service", self._replace),
        ]

    async def _show(self, _request: web.Request) -> web.Response:
        now = self._floor.now()
        return answer({"now": now, "state": self._floor.service.state_at(now)})

    async def _replace(self, request: web.Request) -> web.Response:
        wanted = await read_body(request, _SERVICE, _HINT)
        if len(wanted.phases) > PHASES_MAX:
            raise refused(f"{len(wanted.phases)} phases are more than {PHASES_MAX}")
        if any(
            not 0 <= each <= SECONDS_MAX for p in wanted.phases for each in (p.from_s, p.until_s)
        ):
            raise refused(f"from_s and until_s are between 0 and {SECONDS_MAX}")
        now = self._floor.now()
        try:
            self._floor.service = ServiceSchedule(_build(phase, now) for phase in wanted.phases)
        except ConfigError as error:
            raise refused("; ".join(error.problems)) from None
        return answer({"ok": True, "state": self._floor.service.state_at(now)})


def _build(phase: _Phase, now: Nanos) -> ServicePhase:
    return ServicePhase(
        state=ServiceState(phase.state),
        start_at=Nanos(now + round(phase.from_s * NANOS_PER_S)),
        end_at=Nanos(now + round(phase.until_s * NANOS_PER_S)),
        has_retry_after=phase.has_retry_after,
        takes_cancels=phase.takes_cancels,
    )
