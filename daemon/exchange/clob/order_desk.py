"""Takes orders: `POST /order` and, up to 15 at once, `POST /orders`."""

from collections.abc import Sequence

from aiohttp import web

from daemon.exchange.clob.gateway import Gateway, PrivateRequest
from daemon.exchange.clob.held_replies import FinalReply, HeldReplies
from daemon.exchange.clob.order_admission import OrderAdmission
from daemon.exchange.json_answer import answer
from daemon.exchange.request_faults import RequestFaults
from daemon.exchange.venue_response import respond_refusal
from daemon.sim.exchange.auth.posted_order import PostedOrder, parse_order, parse_orders
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.front.service_gate import RequestKind
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.records.post_record import build_accepted, build_refused
from daemon.sim.exchange.refusal import Refusal

Parsed = PostedOrder | Refusal


class OrderDesk:
    """Orders of a batch are taken one after the other, each for itself; none waits for another."""

    def __init__(
        self,
        marketplace: Marketplace,
        gateway: Gateway,
        admission: OrderAdmission,
        faults: RequestFaults,
    ) -> None:
        self._marketplace = marketplace
        self._gateway = gateway
        self._admission = admission
        self._faults = faults
        self._held = HeldReplies()
        marketplace.watch(self._held.watch)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        private, wrap = self._gateway.private, self._faults.wrap
        return [
            web.post("/order", wrap(FaultPoint.SUBMIT, private(self._post_order))),
            web.post("/orders", wrap(FaultPoint.SUBMIT, private(self._post_orders))),
        ]

    async def _post_order(self, asked: PrivateRequest) -> web.Response:
        parsed = parse_order(asked.body)

        async def carry_out() -> web.Response:
            reply = await self._held.final(self._take(parsed, asked))
            if isinstance(reply, Refusal):
                return respond_refusal(reply)
            return answer(build_accepted(reply))

        return await self._gateway.charge(
            _kind([parsed]),
            asked,
            lambda: self._gateway.limiter.submit(asked.key.address, 1, asked.now),
            carry_out,
        )

    async def _post_orders(self, asked: PrivateRequest) -> web.Response:
        batch = parse_orders(asked.body)
        parsed = [batch] if isinstance(batch, Refusal) else batch

        async def carry_out() -> web.Response:
            if isinstance(batch, Refusal):
                return respond_refusal(batch)
            taken = [self._take(one, asked) for one in batch]
            replies = [await self._held.final(one) for one in taken]
            return answer(
                [
                    build_refused(reply.error)
                    if isinstance(reply, Refusal)
                    else build_accepted(reply)
                    for reply in replies
                ]
            )

        return await self._gateway.charge(
            _kind(parsed),
            asked,
            lambda: self._gateway.limiter.submit(asked.key.address, len(parsed), asked.now),
            carry_out,
        )

    def _take(self, parsed: Parsed, asked: PrivateRequest) -> FinalReply:
        if isinstance(parsed, Refusal):
            return parsed
        admitted = self._admission.admit(parsed, asked)
        if isinstance(admitted, Refusal):
            return admitted
        return self._held.expect(self._marketplace.submit(admitted, asked.now))


def _kind(parsed: Sequence[Parsed]) -> RequestKind:
    """Return what a restriction asks about: only a batch without any other order is post-only."""
    is_post_only = all(isinstance(one, PostedOrder) and one.is_post_only for one in parsed)
    return RequestKind.SUBMIT_POST_ONLY if is_post_only else RequestKind.SUBMIT
