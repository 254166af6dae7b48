"""Events of the market channel read the slow and exact way, from text to integer without a float.

For frames that the typed decoders refuse: odd spellings, rare and unknown events, true garbage.
Whatever is not exactly what such an event must say raises ValueError; unknown types are named.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias, cast

import msgspec

from daemon.adapters.polymarket.condition_text import parse_condition
from daemon.adapters.polymarket.exact_number import (
    parse_level_price,
    parse_price,
    parse_size,
    parse_stated_ask,
    parse_stated_bid,
    parse_tick,
    parse_timestamp,
)
from daemon.domain.feed import (
    BookChange,
    BookSnapshot,
    LevelChange,
    MarketEvent,
    MarketResolved,
    SnapshotOrigin,
    TickSizeChanged,
    TouchStated,
    TradePrint,
)
from daemon.domain.ids import TokenId
from daemon.domain.units import Nanos, Price, Shares

Fields: TypeAlias = dict[str, Any]

NAME_LENGTH_MAX: Final = 40
_decode = msgspec.json.Decoder[Any](float_hook=str).decode


def parse_exact(raw: bytes, received_at: Nanos) -> tuple[tuple[MarketEvent, ...], tuple[str, ...]]:
    """Return the events of a frame in order, and the types we do not know or do not use.

    Raises ValueError, msgspec.DecodeError or RecursionError when the frame cannot be believed; then
    none of its events may be used.
    """
    message = _decode(raw)
    elements = cast("list[Any]", message) if isinstance(message, list) else [message]
    events: list[MarketEvent] = []
    unknown: list[str] = []
    for element in elements:
        fields = _fields(element)
        kind = fields.get("event_type")
        parse = _PARSERS.get(kind) if isinstance(kind, str) else None
        if parse is None:
            unknown.append(str(kind)[:NAME_LENGTH_MAX])
        elif event := parse(fields, received_at):
            events.append(event)
    return tuple(events), tuple(unknown)


def parse_rest_book(raw: bytes, received_at: Nanos) -> BookSnapshot:
    """Return the answer to `GET /book`; ValueError, DecodeError or RecursionError as above."""
    return _book(_fields(_decode(raw)), received_at)._replace(origin=SnapshotOrigin.REST)


def _fields(element: Any) -> Fields:
    if isinstance(element, dict):
        return cast("Fields", element)
    raise ValueError(f"an object was expected, not {type(element).__name__}")


def _text(fields: Fields, key: str) -> str:
    value = fields.get(key)
    if isinstance(value, str):
        return value
    raise ValueError(f"{key} is missing or no text")


def _list(fields: Fields, key: str) -> list[Fields]:
    value = fields.get(key)
    if isinstance(value, list):
        return [_fields(element) for element in cast("list[Any]", value)]
    raise ValueError(f"{key} is missing or no list")


def _is_buy(fields: Fields) -> bool:
    side = fields.get("side")
    if side == "BUY" or side == "SELL":  # noqa: PLR1714 - a set cannot be asked for a list
        return side == "BUY"
    raise ValueError(f"side is {str(side)[:NAME_LENGTH_MAX]!r}, not BUY or SELL")


def _price_change(fields: Fields, received_at: Nanos) -> BookChange:
    changes: list[LevelChange] = [
        (
            TokenId(_text(entry, "asset_id")),
            _is_buy(entry),
            parse_level_price(entry.get("price")),
            parse_size(entry.get("size")),
            parse_stated_bid(entry.get("best_bid")),
            parse_stated_ask(entry.get("best_ask")),
        )
        for entry in _list(fields, "price_changes")
    ]
    return BookChange(parse_timestamp(fields.get("timestamp")), received_at, tuple(changes))


def _book(fields: Fields, received_at: Nanos) -> BookSnapshot:
    tick = fields.get("tick_size")
    last_trade = fields.get("last_trade_price") or None
    return BookSnapshot(
        token=TokenId(_text(fields, "asset_id")),
        at=parse_timestamp(fields.get("timestamp")),
        received_at=received_at,
        bids=_levels(_list(fields, "bids")),
        asks=_levels(_list(fields, "asks")),
        tick=None if tick is None else parse_tick(tick),
        last_trade=None if last_trade is None else parse_price(last_trade),
        hash=_text(fields, "hash") if "hash" in fields else "",
    )


def _levels(entries: list[Fields]) -> dict[Price, Shares]:
    """Return sizes by price; empty levels are left out, a price that occurs twice is no book."""
    prices = [parse_level_price(entry.get("price")) for entry in entries]
    sizes = [parse_size(entry.get("size")) for entry in entries]
    levels = dict(zip(prices, sizes, strict=True))
    if len(levels) != len(entries):
        raise ValueError("a book states the same price twice")
    return {price: size for price, size in levels.items() if size}


def _last_trade(fields: Fields, received_at: Nanos) -> TradePrint:
    return TradePrint(
        token=TokenId(_text(fields, "asset_id")),
        at=parse_timestamp(fields.get("timestamp")),
        received_at=received_at,
        price=parse_level_price(fields.get("price")),
        shares=parse_size(fields.get("size")),
        is_buy=_is_buy(fields),
    )


def _best_bid_ask(fields: Fields, received_at: Nanos) -> TouchStated:
    return TouchStated(
        token=TokenId(_text(fields, "asset_id")),
        at=parse_timestamp(fields.get("timestamp")),
        received_at=received_at,
        best_bid=parse_stated_bid(fields.get("best_bid")),
        best_ask=parse_stated_ask(fields.get("best_ask")),
    )


def _tick_size_change(fields: Fields, received_at: Nanos) -> TickSizeChanged:
    return TickSizeChanged(
        token=TokenId(_text(fields, "asset_id")),
        at=parse_timestamp(fields.get("timestamp")),
        received_at=received_at,
        tick=parse_tick(fields.get("new_tick_size")),
    )


def _market_resolved(fields: Fields, received_at: Nanos) -> MarketResolved:
    return MarketResolved(
        condition_id=parse_condition(_text(fields, "market")),
        at=parse_timestamp(fields.get("timestamp")),
        received_at=received_at,
        winner=TokenId(_text(fields, "winning_asset_id")),
    )


_PARSERS: Final[dict[str, Callable[[Fields, Nanos], MarketEvent]]] = {
    "price_change": _price_change,
    "book": _book,
    "last_trade_price": _last_trade,
    "best_bid_ask": _best_bid_ask,
    "tick_size_change": _tick_size_change,
    "market_resolved": _market_resolved,
}
