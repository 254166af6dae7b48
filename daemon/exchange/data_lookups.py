"""The Data API: positions, trades, history, value, approvals and resolutions, as the ledger has them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final

from aiohttp import web

from daemon.domain.ids import ConditionId
from daemon.domain.units import MICRO, NANOS_PER_S, ONE, as_decimal, parse_micros
from daemon.exchange.data_query import (
    InvalidParameterError,
    answer_page,
    read_conditions,
    read_list,
    read_number,
    read_user,
    refuse_parameter,
)
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer
from daemon.sim.exchange.discovery.shown_market import MarketShow, ShownMarket
from daemon.sim.exchange.portfolio.activity_record import (
    build_move_activity,
    build_trade,
    build_trade_activity,
)
from daemon.sim.exchange.portfolio.approval_record import build_approvals
from daemon.sim.exchange.portfolio.position import Position, PositionStatus, positions_of
from daemon.sim.exchange.portfolio.position_record import build_position
from daemon.sim.exchange.portfolio.resolution_record import build_resolution, build_tokens
from daemon.sim.exchange.portfolio.wallet_leg import legs_of
from daemon.sim.exchange.rpc.block import block_at
from daemon.sim.exchange.trading.account_ids import Wallet

DUST: Final = MICRO // 10
"""Positions below this are not shown unless asked for."""
AMOUNT_CHARACTERS_MAX: Final = 20
SECONDS_MAX: Final = 253_402_300_799

Handler = Callable[[web.Request], Awaitable[web.Response]]
Record = dict[str, Any]

_WANTED: Final[dict[str, Callable[[Position], bool]]] = {
    "OPEN": lambda one: one.status is not PositionStatus.CLOSED,
    "REDEEMABLE": lambda one: one.status is PositionStatus.REDEEMABLE and one.price > 0,
    "REDEEMABLE_LOST": lambda one: one.status is PositionStatus.REDEEMABLE and one.price == 0,
    "MERGEABLE": lambda one: one.is_mergeable,
    "CLOSED": lambda one: one.status is PositionStatus.CLOSED,
}


class DataLookups:
    """Handlers of the Data API; it shows what is on chain, never what is only matched."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._show = MarketShow(floor.marketplace, floor.books)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        pages: Mapping[str, Handler] = {
            "/v2/status": self._status,
            "/v2/positions": self._positions,
            "/v2/trades": self._trades,
            "/v2/activity": self._activity,
            "/v2/value": self._value,
            "/v2/approvals": self._approvals,
            "/v2/resolutions": self._resolutions,
            "/v2/tokens": self._tokens,
            "/v2/oi": self._open_interest,
        }
        return [web.get(path, _guarded(handler)) for path, handler in pages.items()]

    async def _status(self, _request: web.Request) -> web.Response:
        now = self._floor.now()
        data = {"status": "ok", "block": block_at(now), "lag_seconds": 0}
        return answer({"data": data | {"timestamp": now // NANOS_PER_S}})

    async def _positions(self, request: web.Request) -> web.Response:
        status = request.query.get("status", "OPEN")
        if status not in _WANTED:
            raise InvalidParameterError("status", f"status must be one of {', '.join(_WANTED)}")
        is_wanted, is_small = _WANTED[status], _dust_filter(request)
        positions = [
            one
            for one in self._all_positions(request)
            if is_wanted(one) and (one.status is PositionStatus.CLOSED or not is_small(one))
        ]
        return answer_page(request, [build_position(one) for one in positions])

    async def _trades(self, request: web.Request) -> web.Response:
        wallet = Wallet(read_user(request))
        takers_only = request.query.get("taker_only", "false").lower() == "true"
        rows = [
            build_trade(wallet, leg, market.record)
            for leg, market in self._legs(request, wallet)
            if leg.is_taker or not takers_only
        ]
        return answer_page(request, _selected(request, rows))

    async def _activity(self, request: web.Request) -> web.Response:
        wallet = Wallet(read_user(request))
        types, conditions = read_list(request, "type"), read_conditions(request)
        rows = [
            build_trade_activity(wallet, leg, market.record)
            for leg, market in self._legs(request, wallet)
        ]
        records = self._floor.marketplace.records
        for move in self._floor.marketplace.exchange.chain_moves(wallet):
            market = records.get(move.condition_id) if move.condition_id else None
            if not conditions or move.condition_id in conditions:
                rows.append(build_move_activity(move, market))
        rows = [row for row in rows if not types or row["type"] in types]
        return answer_page(request, _selected(request, rows))

    async def _value(self, request: web.Request) -> web.Response:
        wallet = read_user(request)
        value = sum(one.size * one.price // ONE for one in self._all_positions(request))
        return answer({"data": {"proxy_wallet": wallet.lower(), "value": as_decimal(value)}})

    async def _approvals(self, request: web.Request) -> web.Response:
        wallet = Wallet(read_user(request))
        now = self._floor.now()
        return answer({"data": build_approvals(wallet, self._floor.marketplace.exchange, now)})

    async def _resolutions(self, request: web.Request) -> web.Response:
        now = self._floor.now()
        if not read_conditions(request):
            raise InvalidParameterError("condition", "condition is required")
        return answer({"data": [build_resolution(one, now) for one in self._markets(request)]})

    async def _tokens(self, request: web.Request) -> web.Response:
        wanted = read_list(request, "token_id")
        if not (wanted or read_conditions(request)):
            raise InvalidParameterError("token_id", "token_id or condition is required")
        tokens = [token for one in self._markets(request) for token in build_tokens(one)]
        return answer({"data": [one for one in tokens if not wanted or one["token_id"] in wanted]})

    async def _open_interest(self, request: web.Request) -> web.Response:
        """Answer per market what its pairs of shares are worth, or of all in one without a name."""
        ledger = self._floor.marketplace.exchange.ledger
        locked = {
            one.record.condition_id: ledger.vault(ConditionId(one.record.condition_id)).locked
            for one in self._markets(request)
        }
        if not read_conditions(request):
            locked = {"GLOBAL": sum(locked.values())}
        return answer(
            {
                "data": [
                    {"condition_id": name, "value": as_decimal(value)}
                    for name, value in locked.items()
                ]
            }
        )

    def _markets(self, request: web.Request) -> list[ShownMarket]:
        self._floor.now()
        conditions = read_conditions(request)
        return [
            shown
            for shown in self._show
            if not conditions or shown.record.condition_id.lower() in conditions
        ]

    def _all_positions(self, request: web.Request) -> list[Position]:
        wallet = Wallet(read_user(request))
        return positions_of(wallet, self._floor.marketplace.exchange, self._markets(request))

    def _legs(self, request: web.Request, wallet: Wallet) -> Iterable[Any]:
        markets = {ConditionId(m.record.condition_id): m for m in self._markets(request)}
        trades = self._floor.marketplace.exchange.trades_of_wallet(wallet)
        return [
            (leg, markets[leg.condition_id])
            for leg in legs_of(wallet, trades)
            if leg.condition_id in markets
        ]


def _guarded(handler: Handler) -> Handler:
    async def guard(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except InvalidParameterError as error:
            return refuse_parameter(error)

    return guard


def _selected(request: web.Request, rows: list[Record]) -> list[Record]:
    """Return the rows of a time and side, latest first unless asked otherwise."""
    start, end = read_number(request, "start", 0), read_number(request, "end", SECONDS_MAX)
    side = request.query.get("side")
    found = [
        row for row in rows if start <= row["timestamp"] <= end and side in {None, row.get("side")}
    ]
    is_ascending = request.query.get("sort_direction", "DESC").upper() == "ASC"
    return sorted(found, key=lambda row: int(row["timestamp"]), reverse=not is_ascending)


def _dust_filter(request: web.Request) -> Callable[[Position], bool]:
    """Return what tells which positions are too small to show."""
    kind, text = request.query.get("filter_type", "TOKENS"), request.query.get("filter_amount")
    if kind not in {"TOKENS", "CASH"}:
        raise InvalidParameterError("filter_type", "filter_type must be TOKENS or CASH")
    try:
        least = DUST if text is None else parse_micros(text[:AMOUNT_CHARACTERS_MAX])
    except ValueError:
        raise InvalidParameterError("filter_amount", "filter_amount must be a number") from None
    if kind == "CASH":
        return lambda one: one.size * one.price // ONE < least
    return lambda one: one.size < least
