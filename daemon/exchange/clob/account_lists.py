"""An account's orders and trades, filtered and in pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from aiohttp import web

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.exchange.clob.gateway import Gateway, PrivateRequest
from daemon.exchange.clob.order_names import parse_condition, parse_order_id, parse_token
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer
from daemon.exchange.request_faults import RequestFaults
from daemon.exchange.venue_response import respond_refusal
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.page_damage import damage_page
from daemon.sim.exchange.records.order_history import OrderHistory
from daemon.sim.exchange.records.order_record import build_open_order
from daemon.sim.exchange.records.page import build_page, parse_cursor
from daemon.sim.exchange.records.trade_record import build_trade
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.trade import Trade, TradeStatus
from daemon.sim.exchange.trading.venue_order import OrderState

INVALID_ORDER_PARAMS: Final = Refusal(400, "invalid order params payload")
INVALID_TRADE_PARAMS: Final = Refusal(400, "Invalid trade params payload")
INVALID_ORDER_ID: Final = Refusal(400, "Invalid orderID")
INVALID_MARKET: Final = Refusal(400, "Invalid market")
ORDER_NOT_FOUND: Final = Refusal(404, "order not found")

_SECONDS_DIGITS_MAX: Final = 12

E = TypeVar("E")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What a request filters by, and where its page begins; whatever is empty matches all."""

    place: int
    id: str
    condition: ConditionId | None
    token: TokenId | None
    maker: str
    after_s: int | None
    before_s: int | None

    def has_market(self, condition: str, token: TokenId) -> bool:
        return self.condition in {None, condition} and self.token in {None, token}

    def has_trade(self, trade: Trade) -> bool:
        """Market and token are the taker's; both ends of a span are in it."""
        matched_s = trade.matched_at // NANOS_PER_S
        wallets = {trade.wallet.lower(), *(leg.wallet.lower() for leg in trade.makers)}
        return (
            self.has_market(trade.condition_id, trade.token)
            and (not self.id or trade.trade_id == self.id)
            and (not self.maker or self.maker in wallets)
            and (self.after_s is None or matched_s >= self.after_s)
            and (self.before_s is None or matched_s <= self.before_s)
        )


class AccountLists:
    """Lists are earliest first, so that what is new while somebody turns pages comes last."""

    def __init__(self, floor: Floor, gateway: Gateway, faults: RequestFaults) -> None:
        self._marketplace = floor.marketplace
        self._gateway = gateway
        self._faults = faults
        self._history = OrderHistory(floor.keys)
        self._marketplace.watch(self._history.watch)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served; `/trades` is the old path of the same list."""
        private, wrap = self._gateway.private, self._faults.wrap
        trades = wrap(FaultPoint.PAGE, private(self._trades))
        return [
            web.get("/data/orders", wrap(FaultPoint.PAGE, private(self._orders))),
            web.get("/data/order/{order_id}", wrap(FaultPoint.READ, private(self._order))),
            web.get("/data/trades", trades),
            web.get("/trades", trades),
        ]

    async def _order(self, asked: PrivateRequest) -> web.Response:
        order_id = parse_order_id(asked.path["order_id"])
        if order_id is None:
            return respond_refusal(INVALID_ORDER_ID)
        order = self._marketplace.exchange.order(order_id)
        if order is None or order.posted.owner != asked.owner:
            return respond_refusal(ORDER_NOT_FOUND)
        return answer(build_open_order(order, self._market(order.posted.token)))

    async def _orders(self, asked: PrivateRequest) -> web.Response:
        wanted = _parse(asked, INVALID_ORDER_PARAMS)
        if isinstance(wanted, Refusal):
            return respond_refusal(wanted)
        orders = [
            order
            for order in self._seen_orders(wanted, asked)
            # A page of a while ago knows orders of markets that are forgotten by now.
            if (market := self._marketplace.record_of(order.posted.token)) is not None
            and wanted.has_market(market.condition_id, order.posted.token)
        ]
        return _page(
            orders,
            wanted,
            asked,
            lambda order: build_open_order(order, self._market(order.posted.token)),
        )

    def _seen_orders(self, wanted: _Wanted, asked: PrivateRequest) -> Sequence[OrderState]:
        exchange, owner = self._marketplace.exchange, asked.owner
        if wanted.id:
            order_id = parse_order_id(wanted.id)
            order = None if order_id is None else exchange.order(order_id)
            return [] if order is None or order.posted.owner != owner else [order]
        seen_at = _seen_at(asked)
        if seen_at is not None:
            return self._history.open_at(owner, seen_at)
        ghost = self._history.ghost(owner) if _is(asked, FaultKind.SNAPSHOT_GHOST) else None
        return [*exchange.open_orders(owner), *([ghost] if ghost else [])]

    async def _trades(self, asked: PrivateRequest) -> web.Response:
        wanted = _parse(asked, INVALID_TRADE_PARAMS)
        if isinstance(wanted, Refusal):
            return respond_refusal(wanted)
        trades: Sequence[Trade] = self._marketplace.exchange.trades(asked.owner)
        seen_at = _seen_at(asked)
        if seen_at is not None:
            trades = [_as_of(trade, seen_at) for trade in trades if trade.matched_at <= seen_at]
        return _page(
            [trade for trade in trades if wanted.has_trade(trade)],
            wanted,
            asked,
            lambda trade: build_trade(trade, asked.owner, self._market(trade.token)),
        )

    def _market(self, token: TokenId) -> TapeMarket:
        market = self._marketplace.record_of(token)
        assert market is not None
        return market


def _page(
    entries: Sequence[E], wanted: _Wanted, asked: PrivateRequest, build: Callable[[E], Any]
) -> web.Response:
    page = build_page(entries, wanted.place)
    page["data"] = [build(entry) for entry in page["data"]]
    return answer(damage_page(page, asked.fault))


def _is(asked: PrivateRequest, kind: FaultKind) -> bool:
    return asked.fault is not None and asked.fault.kind is kind


def _seen_at(asked: PrivateRequest) -> Nanos | None:
    """Return the time that a stale page shows."""
    if asked.fault is None or asked.fault.kind is not FaultKind.SNAPSHOT_STALE:
        return None
    return Nanos(asked.now - asked.fault.amount * NANOS_PER_MS)


def _as_of(trade: Trade, at: Nanos) -> Trade:
    """Return a trade as it stood: what happened to it since has not happened."""
    if trade.updated_at <= at:
        return trade
    return replace(
        trade, status=TradeStatus.MATCHED, transaction_hash="", updated_at=trade.matched_at
    )


def _parse(asked: PrivateRequest, refused: Refusal) -> _Wanted | Refusal:
    query = asked.query
    market, token_text = query.get("market", ""), query.get("asset_id", "")
    condition = parse_condition(market) if market else None
    if market and condition is None:
        return INVALID_MARKET
    token = parse_token(token_text) if token_text else None
    place = parse_cursor(query.get("next_cursor", ""))
    spans = [query.get(name, "") for name in ("after", "before")]
    if place is None or (token_text and token is None) or not all(map(_is_seconds, spans)):
        return refused
    after_s, before_s = (int(text) if text else None for text in spans)
    return _Wanted(
        place=place,
        id=query.get("id", ""),
        condition=condition,
        token=token,
        maker=query.get("maker_address", "").lower(),
        after_s=after_s,
        before_s=before_s,
    )


def _is_seconds(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and len(text) <= _SECONDS_DIGITS_MAX)
