"""Messages of the market channel as the venue writes them: `change(entry(size="0"))`, `book(bids=[])`.

A field set to `...` is left out.
"""

import json
from typing import Any, cast

from daemon.adapters.polymarket.protocol import parse_market
from daemon.domain.ids import TokenId
from daemon.domain.units import Nanos

UP, DOWN = TokenId("4118"), TokenId("4980")
AT = Nanos(1_790_000_000_456_000_000)
NOW = Nanos(7)


def entry(**changed: Any) -> dict[str, Any]:
    usual = {
        "asset_id": UP, "price": "0.52", "size": "45", "side": "BUY",
        "hash": "77aa", "best_bid": "0.52", "best_ask": "0.53",
    }  # fmt: skip
    return {key: value for key, value in (usual | changed).items() if value is not ...}


def change(*entries: dict[str, Any], **changed: Any) -> dict[str, Any]:
    usual = {
        "market": "0x5", "price_changes": list(entries or [entry()]),
        "timestamp": "1790000000456", "event_type": "price_change",
    }  # fmt: skip
    return {key: value for key, value in (usual | changed).items() if value is not ...}


def book(**changed: Any) -> dict[str, Any]:
    usual = {
        "market": "0x5", "asset_id": UP, "timestamp": "1790000000456", "hash": "1bd9",
        "bids": [{"price": "0.51", "size": "100"}, {"price": "0.52", "size": "30"}],
        "asks": [{"price": "0.55", "size": "10"}, {"price": "0.53", "size": "25.5"}],
        "tick_size": "0.01", "event_type": "book", "last_trade_price": "0.520",
    }  # fmt: skip
    return {key: value for key, value in (usual | changed).items() if value is not ...}


def wire(message: Any) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode()


def spellings(message: dict[str, Any]) -> list[bytes]:
    """Return the message with its type last, first and in between, tight and with spaces."""
    kind = {"event_type": message["event_type"]}
    rest = {key: value for key, value in message.items() if key != "event_type"}
    (first, value), *others = rest.items()
    orders = [rest | kind, kind | rest, {first: value} | kind | dict(others)]
    return [wire(one) for one in orders] + [json.dumps(one, indent=1).encode() for one in orders]


def parse(message: Any) -> Any:
    return parse_market(wire(message), NOW)


def events(parsed: Any) -> tuple[Any, ...]:
    """Return the events of a frame in which nothing was odd."""
    assert type(parsed) is tuple, parsed
    return cast("tuple[Any, ...]", parsed)
