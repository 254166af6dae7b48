"""Admin pages that do to a market what only the venue can: decide it, change its price grid."""

from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import Price, format_micros, parse_micros
from daemon.exchange.admin.admin_body import read_body, refused
from daemon.exchange.doors import ADMIN_PREFIX
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import Refused, answer
from daemon.sim.exchange.trading.listing import AMOUNT_DECIMALS
from daemon.sim.exchange.trading.venue_market import MarketState, MarketStatus

TICKS: Final = ", ".join(format_micros(tick, decimals_min=0) for tick in AMOUNT_DECIMALS)


class _ResolveRequest(msgspec.Struct, forbid_unknown_fields=True):
    condition: str
    winner: str | None
    """A token; none of them pays half a dollar for either."""


class _TickRequest(msgspec.Struct, forbid_unknown_fields=True):
    condition: str
    tick: str


_RESOLVE: Final = msgspec.json.Decoder(_ResolveRequest)
_TICK: Final = msgspec.json.Decoder(_TickRequest)


class MarketPages:
    """Handlers of /admin/resolve and /admin/tick."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [
            web.post(f"{ADMIN_PREFIX}/resolve", self._resolve),
            web.post(f"{ADMIN_PREFIX}/tick", self._change_tick),
        ]

    async def _resolve(self, request: web.Request) -> web.Response:
        hint = "condition, and winner: a token, or null for a tie"
        wanted = await read_body(request, _RESOLVE, hint)
        now = self._floor.now()
        market = self._undecided(wanted.condition)
        tokens = market.listing.tokens
        if wanted.winner is not None and wanted.winner not in tokens:
            raise refused(
                f"winner is no token of this market; give {tokens[0]}, {tokens[1]} or null"
            )
        winner = None if wanted.winner is None else TokenId(wanted.winner)
        marketplace = self._floor.marketplace
        condition_id = market.listing.condition_id
        marketplace.publish(marketplace.exchange.resolve(condition_id, winner, now))
        return answer({"ok": True})

    async def _change_tick(self, request: web.Request) -> web.Response:
        wanted = await read_body(request, _TICK, f"condition, and tick: one of {TICKS} as a text")
        now = self._floor.now()
        market = self._undecided(wanted.condition)
        tick = _parse_tick(wanted.tick)
        marketplace = self._floor.marketplace
        condition_id = market.listing.condition_id
        marketplace.publish(marketplace.exchange.change_tick(condition_id, tick, now))
        return answer({"ok": True, "tick": format_micros(tick, decimals_min=0)})

    def _undecided(self, condition: str) -> MarketState:
        market = self._floor.marketplace.exchange.market(ConditionId(condition))
        if market is None:
            raise refused("there is no market of this condition")
        if market.status is MarketStatus.RESOLVED:
            raise Refused(HTTPStatus.CONFLICT, "the market is resolved already")
        return market


def _parse_tick(text: str) -> Price:
    try:
        tick = Price(parse_micros(text))
    except ValueError as error:
        raise refused(f"tick: {error}; give one of {TICKS}") from None
    if tick not in AMOUNT_DECIMALS:
        raise refused(f"tick {text} is none of {TICKS}")
    return tick
