"""Cancels orders: one, several, those of a market or a token, all."""

from collections.abc import Callable
from typing import Final

import msgspec
from aiohttp import web

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId
from daemon.exchange.clob.gateway import Gateway, PrivateRequest
from daemon.exchange.clob.order_names import parse_condition, parse_order_id, parse_token
from daemon.exchange.json_answer import answer
from daemon.exchange.request_faults import RequestFaults
from daemon.exchange.venue_response import respond_refusal
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.front.service_gate import RequestKind
from daemon.sim.exchange.front.signer_limiter import RateVerdict
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.refusal import INVALID_PAYLOAD, INVALID_TOKEN, Refusal
from daemon.sim.exchange.trading.exchange import Turn
from daemon.sim.exchange.trading.reply import CancelReply

IDS_MAX: Final = 1_000
"""Most orders of one call."""

INVALID_ORDER_ID: Final = Refusal(400, "Invalid orderID")
INVALID_MARKET: Final = Refusal(400, "Invalid market")
TOO_MANY: Final = Refusal(400, f"Too many orders in payload, max allowed: {IDS_MAX}")


class _One(msgspec.Struct):
    order_id: str = msgspec.field(name="orderID")


class _Market(msgspec.Struct):
    market: str | None = None
    asset_id: str | None = None


_ONE = msgspec.json.Decoder(_One)
_MANY = msgspec.json.Decoder(list[str])
_MARKET = msgspec.json.Decoder(_Market)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

_Ids = list[VenueOrderId] | Refusal
_Scope = tuple[ConditionId | None, TokenId | None] | Refusal


class CancelCounter:
    """The four ways to cancel; each says which orders are gone and why others are not."""

    def __init__(self, marketplace: Marketplace, gateway: Gateway, faults: RequestFaults) -> None:
        self._marketplace = marketplace
        self._gateway = gateway
        self._faults = faults

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        private, wrap = self._gateway.private, self._faults.wrap
        paths = {
            "/order": self._cancel_order,
            "/orders": self._cancel_orders,
            "/cancel-market-orders": self._cancel_market,
            "/cancel-all": self._cancel_all,
        }
        return [
            web.delete(path, wrap(FaultPoint.CANCEL, private(handler)))
            for path, handler in paths.items()
        ]

    async def _cancel_order(self, asked: PrivateRequest) -> web.Response:
        return await self._by_id(_parse_one(asked.body), asked)

    async def _cancel_orders(self, asked: PrivateRequest) -> web.Response:
        return await self._by_id(_parse_many(asked.body), asked)

    async def _cancel_market(self, asked: PrivateRequest) -> web.Response:
        return await self._by_scope(_parse_scope(asked.body), asked)

    async def _cancel_all(self, asked: PrivateRequest) -> web.Response:
        return await self._by_scope((None, None), asked)

    async def _by_id(self, ids: _Ids, asked: PrivateRequest) -> web.Response:
        exchange, limiter = self._marketplace.exchange, self._gateway.limiter
        count = 1 if isinstance(ids, Refusal) else len(ids)
        return await self._answer(
            asked,
            lambda: limiter.cancel(asked.key.address, count, asked.now),
            ids
            if isinstance(ids, Refusal)
            else lambda: exchange.cancel_orders(ids, asked.owner, asked.now),
        )

    async def _by_scope(self, scope: _Scope, asked: PrivateRequest) -> web.Response:
        exchange, limiter = self._marketplace.exchange, self._gateway.limiter
        count = 0 if isinstance(scope, Refusal) else self._count(scope, asked)
        return await self._answer(
            asked,
            lambda: limiter.sweep(asked.key.address, count, asked.now),
            scope
            if isinstance(scope, Refusal)
            else lambda: exchange.cancel_market(
                asked.owner, asked.now, condition_id=scope[0], token=scope[1]
            ),
        )

    def _count(
        self, scope: tuple[ConditionId | None, TokenId | None], asked: PrivateRequest
    ) -> int:
        """Return how many orders a sweep would cancel: that is its price."""
        condition, token = scope
        return sum(
            token in {None, order.posted.token}
            and (condition is None or self._condition(order.posted.token) == condition)
            for order in self._marketplace.exchange.open_orders(asked.owner)
        )

    def _condition(self, token: TokenId) -> str:
        record = self._marketplace.record_of(token)
        assert record is not None
        return record.condition_id

    async def _answer(
        self,
        asked: PrivateRequest,
        limit: Callable[[], RateVerdict],
        cancel: Callable[[], Turn[CancelReply]] | Refusal,
    ) -> web.Response:
        async def carry_out() -> web.Response:
            if isinstance(cancel, Refusal):
                return respond_refusal(cancel)
            reply = self._marketplace.take(cancel())
            return answer({"canceled": reply.canceled, "not_canceled": reply.not_canceled})

        return await self._gateway.charge(RequestKind.CANCEL, asked, limit, carry_out)


def _parse_one(body: bytes) -> _Ids:
    try:
        order_id = parse_order_id(_ONE.decode(body).order_id)
    except _UNREADABLE:
        return INVALID_PAYLOAD
    return INVALID_ORDER_ID if order_id is None else [order_id]


def _parse_many(body: bytes) -> _Ids:
    try:
        texts = _MANY.decode(body)
    except _UNREADABLE:
        return INVALID_PAYLOAD
    if not texts:
        return INVALID_PAYLOAD
    if len(texts) > IDS_MAX:
        return TOO_MANY
    ids = [parse_order_id(text) for text in texts]
    known = [order_id for order_id in ids if order_id is not None]
    return known if len(known) == len(ids) else INVALID_ORDER_ID


def _parse_scope(body: bytes) -> _Scope:
    try:
        named = _MARKET.decode(body)
    except _UNREADABLE:
        return INVALID_PAYLOAD
    if not named.market and not named.asset_id:
        return INVALID_PAYLOAD
    condition = parse_condition(named.market) if named.market else None
    token = parse_token(named.asset_id) if named.asset_id else None
    if named.market and condition is None:
        return INVALID_MARKET
    if named.asset_id and token is None:
        return INVALID_TOKEN
    return condition, token
