"""What the market channel says of the markets that the exchange matches, as frames ready to send.

One mutation of a book is one `price_change` of both tokens; after a trade their books follow whole, as
the venue sends them.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import msgspec

from daemon.domain.ids import TokenId
from daemon.domain.units import NANOS_PER_MS, Nanos, Price, format_micros
from daemon.sim.exchange.discovery.number_of import number_of
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.tape.frame import Frame
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.tape.wire_text import (
    build_entry,
    build_entry_hash,
    build_last_trade,
    build_price_change,
)
from daemon.sim.exchange.trading.logical_book import LevelChange
from daemon.sim.exchange.trading.venue_event import (
    BookChanged,
    MarketResolved,
    TickChanged,
    TradePrinted,
    VenueEvent,
)

FEE_MARKER: Final = "1000"
"""What `taker_base_fee` says of every market that charges a fee; not the rate."""
TEXTS_KEPT: Final = 4_096
"""Numbers whose texts are remembered: a frame names most of its prices and sizes more than once."""

_text = lru_cache(maxsize=TEXTS_KEPT)(format_micros)


class MarketNews:
    """Turns what happened into frames; remembers the best prices that it told last."""

    def __init__(self, marketplace: Marketplace, books: DisplayedBooks) -> None:
        self._marketplace = marketplace
        self._books = books
        self._told: dict[TokenId, tuple[Price, Price]] = {}
        self._count = 0

    def frames(self, events: tuple[VenueEvent, ...]) -> list[Frame]:
        """Return the frames of events, in order; books of what was traded come last."""
        frames: list[Frame] = []
        traded: dict[TokenId, Nanos] = {}
        for event in events:
            match event:
                case BookChanged():
                    frames.append(self._price_change(event))
                    frames.extend(self._best_prices(event))
                    if event.is_after_trade:
                        traded.update({change.token: event.at for change in event.changes})
                case TradePrinted():
                    frames.append(_last_trade(event))
                case TickChanged():
                    frames.append(_tick_change(event))
                case MarketResolved():
                    frames.append(self._resolved(event))
                case _:
                    pass  # told to owners only
        for token, at in traded.items():
            text = self._books.by_token[token].snapshot()
            frames.append(Frame(at, text.encode(), True, (token,), ()))
        return frames

    def listed(self, record: TapeMarket, now: Nanos) -> Frame:
        """Return what everybody who wants custom events is told of a new market."""
        tokens = list(record.token_ids)
        fee = record.fee
        body: dict[str, Any] = {
            "id": record.id,
            "question": record.question,
            "market": record.condition_id,
            "condition_id": record.condition_id,
            "slug": record.slug,
            "description": "",
            "outcomes": list(record.outcomes),
            "assets_ids": tokens,
            "clob_token_ids": tokens,
            "active": True,
            "order_price_min_tick_size": record.tick_size,
            "taker_base_fee": FEE_MARKER if fee else "0",
            "fees_enabled": fee is not None,
        }
        if fee is not None:
            body["fee_schedule"] = {
                "exponent": str(fee.exponent),
                "rate": fee.rate,
                "taker_only": fee.taker_only,
                "rebate_rate": fee.rebate_rate,
            }
        body |= {
            "tags": [],
            "sports_market_type": "",
            "line": "",
            "game_start_time": "",
            "group_item_title": "",
            "event_message": {
                "id": number_of("event", record.event_slug),
                "ticker": record.event_slug,
                "slug": record.event_slug,
                "title": record.event_title,
                "description": "",
            },
        }
        return _custom("new_market", body, now, ())

    def _price_change(self, event: BookChanged) -> Frame:
        self._count += 1
        texts: list[str] = []
        for place, change in enumerate(event.changes):
            bid, ask = _best_texts(change)
            entry_hash = build_entry_hash(event.at, self._count, place)
            price, size = _text(change.price, 1), _text(change.size, 0)
            side = change.side.value
            texts.append(build_entry(change.token, price, size, side, entry_hash, bid, ask))
        text = build_price_change(event.condition_id, texts, event.at // NANOS_PER_MS)
        tokens = tuple(dict.fromkeys(change.token for change in event.changes))
        return Frame(event.at, text.encode(), True, tokens, ())

    def _best_prices(self, event: BookChanged) -> Iterator[Frame]:
        for change in {change.token: change for change in event.changes}.values():
            best = change.best_bid, change.best_ask
            if self._told.get(change.token) == best:
                continue
            self._told[change.token] = best
            bid, ask = _best_texts(change)
            body = {
                "market": event.condition_id,
                "asset_id": change.token,
                "best_bid": bid,
                "best_ask": ask,
                "spread": _text(change.best_ask - change.best_bid, 1),
            }
            yield _custom("best_bid_ask", body, event.at, (change.token,))

    def _resolved(self, event: MarketResolved) -> Frame:
        record = self._marketplace.records[event.condition_id]
        winner = event.winner
        for token in record.token_ids:
            self._told.pop(TokenId(token), None)
        body = {
            "id": record.id,
            "market": event.condition_id,
            "assets_ids": list(record.token_ids),
            "winning_asset_id": winner or "",
            "winning_outcome": record.outcomes[record.token_ids.index(winner)] if winner else "",
            "event_message": {
                "id": number_of("event", record.event_slug),
                "slug": record.event_slug,
            },
        }
        return _custom("market_resolved", body, event.at, record.token_ids)


def _last_trade(event: TradePrinted) -> Frame:
    text = build_last_trade(
        event.condition_id,
        event.token,
        _text(event.price, 1),
        _text(event.shares, 0),
        event.side.value,
        str(event.at // NANOS_PER_MS),
    )
    return Frame(event.at, text.encode(), True, (event.token,), ())


def _tick_change(event: TickChanged) -> Frame:
    body = {
        "event_type": "tick_size_change",
        "market": event.condition_id,
        "asset_id": event.token,
        "old_tick_size": _text(event.old, 1),
        "new_tick_size": _text(event.new, 1),
        "timestamp": str(event.at // NANOS_PER_MS),
    }
    return Frame(event.at, msgspec.json.encode(body), True, (event.token,), ())


def _custom(kind: str, body: dict[str, Any], at: Nanos, tokens: tuple[str, ...]) -> Frame:
    record = {"event_type": kind} | body | {"timestamp": str(at // NANOS_PER_MS)}
    return Frame(at, msgspec.json.encode(record), True, tokens, (), is_custom=True)


def _best_texts(change: LevelChange) -> tuple[str, str]:
    """Return best bid and ask; a side without orders is shown as 0 and 1."""
    return _text(change.best_bid, 0), _text(change.best_ask, 0)
