"""The order-book API's history of prices."""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from daemon.domain.units import NANOS_PER_S, as_decimal
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import Refused, answer
from daemon.exchange.request_faults import RequestFaults
from daemon.exchange.token_request import INVALID_TOKEN
from daemon.sim.exchange.display.price_history import PriceHistory
from daemon.sim.exchange.faults.fault import FaultPoint

INVALID_SPAN: Final = "invalid filters"
"""The venue documents no words for this."""
FIDELITY_MAX: Final = 1_440

_HOUR_S: Final = 3_600
_DAY_S: Final = 24 * _HOUR_S
_INTERVALS_S: Final = {
    "1h": _HOUR_S,
    "6h": 6 * _HOUR_S,
    "1d": _DAY_S,
    "1w": 7 * _DAY_S,
    "1m": 30 * _DAY_S,
    "max": None,
    "all": None,
}
"""None reaches back to the beginning."""
_DIGITS_MAX: Final = 12


class ClobHistory:
    """An unknown token has no history."""

    def __init__(self, floor: Floor, faults: RequestFaults, history: PriceHistory) -> None:
        self._floor = floor
        self._faults = faults
        self._history = history

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [web.get("/prices-history", self._faults.wrap(FaultPoint.READ, self._show))]

    async def _show(self, request: web.Request) -> web.Response:
        now_s = self._floor.now() // NANOS_PER_S
        token = request.query.get("market", "")
        if not (token.isascii() and token.isdigit()):
            raise Refused(HTTPStatus.BAD_REQUEST, INVALID_TOKEN)
        start_s, end_s = _read_span(request, now_s)
        minutes = _read_number(request, "fidelity", 1)
        if not 1 <= minutes <= FIDELITY_MAX:
            raise Refused(HTTPStatus.BAD_REQUEST, INVALID_SPAN)
        points = self._history.between(token, start_s, end_s, minutes=minutes)
        return answer({"history": [{"t": at_s, "p": as_decimal(price)} for at_s, price in points]})


def _read_span(request: web.Request, now_s: int) -> tuple[int, int]:
    """Return first and last second: of an interval up to now, or as named."""
    interval = request.query.get("interval")
    if interval is not None:
        if interval not in _INTERVALS_S:
            raise Refused(HTTPStatus.BAD_REQUEST, INVALID_SPAN)
        length_s = _INTERVALS_S[interval]
        return (0 if length_s is None else now_s - length_s), now_s
    if "startTs" not in request.query:
        raise Refused(HTTPStatus.BAD_REQUEST, INVALID_SPAN)
    return _read_number(request, "startTs", 0), _read_number(request, "endTs", now_s)


def _read_number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX):
        raise Refused(HTTPStatus.BAD_REQUEST, INVALID_SPAN)
    return int(text)
