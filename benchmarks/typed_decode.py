"""The floor of every ratio: msgspec decodes the same frames into typed objects, every field.

Nothing is built from them. All message types are one tagged union, as a program would write it that
wants no more than types.
"""

from typing import Final, TypeAlias

import msgspec


class _Level(msgspec.Struct):
    price: str
    size: str


class _Entry(msgspec.Struct):
    asset_id: str
    price: str
    size: str
    side: str
    hash: str = ""
    best_bid: str = ""
    best_ask: str = ""


class _Book(msgspec.Struct, tag_field="event_type", tag="book"):
    market: str
    asset_id: str
    timestamp: str
    bids: list[_Level]
    asks: list[_Level]
    hash: str = ""
    tick_size: str = ""
    last_trade_price: str = ""


class _PriceChange(msgspec.Struct, tag_field="event_type", tag="price_change"):
    market: str
    timestamp: str
    price_changes: list[_Entry]


class _Trade(msgspec.Struct, tag_field="event_type", tag="last_trade_price"):
    market: str
    asset_id: str
    price: str
    side: str
    timestamp: str
    size: str = "0"
    fee_rate_bps: str = "0"
    transaction_hash: str = ""


class _Tick(msgspec.Struct, tag_field="event_type", tag="tick_size_change"):
    market: str
    asset_id: str
    old_tick_size: str
    new_tick_size: str
    timestamp: str


_Event: TypeAlias = _Book | _PriceChange | _Trade | _Tick

typed_decode: Final = msgspec.json.Decoder[_Event | list[_Event]](_Event | list[_Event]).decode
"""Takes the bytes of a frame."""
