"""What every private request passes before its desk looks at it: who asks, is it served, how fast.

The order is the venue's: proof of the key, then the restrictions of the moment, then the signer's rate
limit; shape, signature and money come later, at the desk.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from daemon.domain.units import Nanos
from daemon.exchange.floor import Floor
from daemon.exchange.request_faults import FAULT, Handler
from daemon.exchange.venue_response import respond, respond_refusal, with_headers
from daemon.sim.exchange.auth.api_keys import ApiKey
from daemon.sim.exchange.auth.l2_request import check_l2
from daemon.sim.exchange.faults.fault import Fault
from daemon.sim.exchange.front.service_gate import RequestKind, service_refusal
from daemon.sim.exchange.front.signer_limiter import RateVerdict, SignerLimiter
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.account_ids import Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateRequest:
    """A request whose sender has proved the key."""

    key: ApiKey
    now: Nanos
    body: bytes
    query: Mapping[str, str]
    path: Mapping[str, str]
    """The variable parts of the path."""
    fault: Fault | None
    """What is wrong with the page that is asked for."""

    @property
    def owner(self) -> Owner:
        """Who sees and cancels what: the key, not its address."""
        return Owner(self.key.id)


PrivateHandler = Callable[[PrivateRequest], Awaitable[web.Response]]


class Gateway:
    """Lets requests in; the signer of a rate limit is the address of the key."""

    def __init__(self, floor: Floor, limiter: SignerLimiter) -> None:
        self._floor = floor
        self.limiter = limiter

    def private(self, handler: PrivateHandler) -> Handler:
        """Return a handler that asks for the proof of a key first."""

        async def handle(request: web.Request) -> web.Response:
            body = await request.read()
            now = self._floor.now()
            key = check_l2(
                request.headers,
                self._floor.keys,
                now,
                method=request.method,
                path=request.rel_url.raw_path,
                body=body,
            )
            if isinstance(key, Refusal):
                return respond_refusal(key)
            return await handler(
                PrivateRequest(
                    key=key,
                    now=now,
                    body=body,
                    query=request.query,
                    path=request.match_info,
                    fault=request.get(FAULT),
                )
            )

        return handle

    def bar(self, kind: RequestKind, now: Nanos) -> web.Response | None:
        """Return the refusal of the moment, None while such requests are served."""
        refused = service_refusal(self._floor.service.phase_at(now), kind, now)
        return None if refused is None else respond(refused)

    async def charge(
        self,
        kind: RequestKind,
        asked: PrivateRequest,
        limit: Callable[[], RateVerdict],
        carry_out: Callable[[], Awaitable[web.Response]],
    ) -> web.Response:
        """Carry out what is served now and within the signer's limit; its headers go along."""
        barred = self.bar(kind, asked.now)
        if barred is not None:
            return barred
        verdict = limit()
        if verdict.refusal is not None:
            return respond(verdict.refusal)
        return with_headers(await carry_out(), verdict.headers)
