"""The public streams of the spot exchange: `trade` and `bookTicker`, raw or combined.

Streams of symbols or kinds that do not exist are accepted and stay silent, as there.
"""

import re
from typing import Any, Final, cast
from urllib.parse import parse_qs, urlsplit

from daemon.domain.units import NANOS_PER_MS, Nanos, format_micros
from daemon.sim.exchange.feeds.feed_session import FeedClose, FeedReply, read_object, to_text
from daemon.sim.exchange.feeds.spot_quote import (
    FIRST_TRADE,
    FIRST_UPDATE,
    SpotQuote,
    build_quote,
)
from daemon.sim.exchange.windows.window_resolution import ReferencePrice
from daemon.sim.named_chance import NamedChance

STREAMS_MAX: Final = 1_024
"""Of one connection."""
RAW_PATH: Final = "/ws"
COMBINED_PATH: Final = "/stream"

UNKNOWN_PROPERTY: Final = 0
INVALID_REQUEST: Final = 2
INVALID_JSON: Final = 3

_DECIMALS: Final = 8
_MICROS_PER_LOT: Final = 10
_STREAM: Final = re.compile(r"[a-z0-9]{1,30}@[A-Za-z0-9_@]{1,40}")

_CHANGES: Final = ("SUBSCRIBE", "UNSUBSCRIBE")
"""Compared one by one, as all that clients send: a list has no hash."""

Json = dict[str, Any]


class SpotSession:
    """One client; a combined connection tells with each event which stream it is of."""

    def __init__(
        self, chance: NamedChance, *, is_combined: bool, streams: tuple[str, ...] = ()
    ) -> None:
        self._chance = chance
        self._is_combined = is_combined
        self._streams = dict.fromkeys(streams)

    def receive(self, text: str, now: Nanos) -> FeedReply:  # noqa: ARG002, as every session
        """Take in a request to change or list the streams."""
        request = read_object(text)
        if request is None:
            return FeedReply((_refusal(None, INVALID_JSON, "Invalid JSON"),))
        number, method = request.get("id"), request.get("method")
        if not isinstance(number, int | str | None) or set(request) - {"id", "method", "params"}:
            return FeedReply((_refusal(None, UNKNOWN_PROPERTY, "Unknown property"),))
        if method == "LIST_SUBSCRIPTIONS":
            return FeedReply((to_text({"result": list(self._streams), "id": number}),))
        params = request.get("params")
        if method not in _CHANGES or not _are_streams(params):
            return FeedReply((_refusal(number, INVALID_REQUEST, "Invalid request"),))
        for stream in cast("list[str]", params):
            if method == "UNSUBSCRIBE":
                self._streams.pop(stream, None)
            else:
                self._streams[stream] = None
        if len(self._streams) > STREAMS_MAX:
            return FeedReply(close=FeedClose(1008, "too many streams"))
        return FeedReply((to_text({"result": None, "id": number}),))

    def tell(self, asset: str, price: ReferencePrice, now: Nanos) -> tuple[str, ...]:
        """Return the trade and the best prices that come with a reference price."""
        symbol = f"{asset}usdt"
        trade, ticker = f"{symbol}@trade", f"{symbol}@bookTicker"
        if trade not in self._streams and ticker not in self._streams:
            return ()
        quote, name = build_quote(asset, price, self._chance), symbol.upper()
        built = {trade: _trade(name, quote, now), ticker: _ticker(name, quote)}
        return tuple(
            self._text(stream, data) for stream, data in built.items() if stream in self._streams
        )

    def _text(self, stream: str, data: Json) -> str:
        return to_text({"stream": stream, "data": data} if self._is_combined else data)


def enter_spot(path: str, chance: NamedChance) -> SpotSession | None:
    """Return the session that a path opens, with the streams it names; None for other paths."""
    parts = urlsplit(path)
    if parts.path == COMBINED_PATH:
        names = parse_qs(parts.query).get("streams", [""])[0]
        return _session(names, chance, is_combined=True)
    if parts.path == RAW_PATH or parts.path.startswith(f"{RAW_PATH}/"):
        return _session(parts.path[len(RAW_PATH) + 1 :], chance, is_combined=False)
    return None


def _session(names: str, chance: NamedChance, *, is_combined: bool) -> SpotSession | None:
    streams = tuple(name for name in names.split("/") if name)
    if len(streams) > STREAMS_MAX or not _are_streams(list(streams)):
        return None
    return SpotSession(chance, is_combined=is_combined, streams=streams)


def _are_streams(params: object) -> bool:
    return isinstance(params, list) and all(
        isinstance(one, str) and _STREAM.fullmatch(one) for one in cast("list[object]", params)
    )


def _trade(symbol: str, quote: SpotQuote, now: Nanos) -> Json:
    return {
        "e": "trade",
        "E": now // NANOS_PER_MS,
        "s": symbol,
        "t": FIRST_TRADE + quote.number,
        "p": format_micros(quote.trade_price, _DECIMALS),
        "q": _lots(quote.trade_lots),
        "T": quote.at_ms,
        "m": quote.is_buyer_maker,
        "M": True,
    }


def _ticker(symbol: str, quote: SpotQuote) -> Json:
    return {
        "u": FIRST_UPDATE + quote.number,
        "s": symbol,
        "b": format_micros(quote.bid, _DECIMALS),
        "B": _lots(quote.bid_lots),
        "a": format_micros(quote.ask, _DECIMALS),
        "A": _lots(quote.ask_lots),
    }


def _lots(lots: int) -> str:
    return format_micros(lots * _MICROS_PER_LOT, _DECIMALS)


def _refusal(number: int | str | None, code: int, message: str) -> str:
    return to_text({"error": {"code": code, "msg": message}, "id": number})
