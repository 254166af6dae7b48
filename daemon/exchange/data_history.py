"""The Data API's history of prices."""

from typing import Final

from aiohttp import web

from daemon.domain.units import NANOS_PER_S, as_decimal
from daemon.exchange.data_query import (
    InvalidParameterError,
    answer_page,
    read_number,
    refuse_parameter,
)
from daemon.exchange.floor import Floor
from daemon.sim.exchange.display.price_history import MINUTE_S, PriceHistory

INTERVALS_S: Final = {
    "1h": 3_600,
    "6h": 6 * 3_600,
    "1d": 86_400,
    "1w": 7 * 86_400,
    "1m": 30 * 86_400,
    "max": 10**12,
    "all": 10**12,
}
BUCKET_S_MAX: Final = 86_400
PAGE_MAX: Final = 10_000


class DataHistory:
    """Points of one token in pages, earliest first; `as_of` asks for the latest one before it."""

    def __init__(self, floor: Floor, history: PriceHistory) -> None:
        self._floor = floor
        self._history = history

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [web.get("/v2/prices-history", self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        now_s = self._floor.now() // NANOS_PER_S
        try:
            token = request.query.get("token_id", "")
            if not (token.isascii() and token.isdigit()):
                raise InvalidParameterError("token_id", "token_id must be a token")
            bucket_s = read_number(request, "bucket_seconds", MINUTE_S)
            if not MINUTE_S <= bucket_s <= BUCKET_S_MAX:
                raise InvalidParameterError(
                    "bucket_seconds", f"bucket_seconds must be {MINUTE_S} to {BUCKET_S_MAX}"
                )
            start_s, end_s = _read_span(request, now_s)
            points = self._history.between(token, start_s, end_s, minutes=bucket_s // MINUTE_S)
            if "as_of" in request.query:
                points = points[-1:]
            rows = [
                {
                    "timestamp": at_s,
                    "price": as_decimal(price),
                    "resolution_seconds": bucket_s // MINUTE_S * MINUTE_S,
                }
                for at_s, price in points
            ]
            return answer_page(request, rows, limit_max=PAGE_MAX)
        except InvalidParameterError as error:
            return refuse_parameter(error)


def _read_span(request: web.Request, now_s: int) -> tuple[int, int]:
    """Return first and last second of exactly one of the three ways to say it."""
    given = [name for name in ("interval", "start", "as_of") if name in request.query]
    if len(given) != 1:
        raise InvalidParameterError("interval", "give exactly one of interval, start and as_of")
    if given == ["as_of"]:
        return 0, read_number(request, "as_of", 0)
    if given == ["start"]:
        return read_number(request, "start", 0), read_number(request, "end", now_s)
    interval = request.query["interval"]
    if interval not in INTERVALS_S:
        raise InvalidParameterError("interval", f"interval must be one of {', '.join(INTERVALS_S)}")
    return now_s - INTERVALS_S[interval], now_s
