"""The step of a recording in which an order was created: the events it was made of, and the book."""

from typing import Any, Final, cast

import msgspec

from daemon.app.replay import Moment
from daemon.domain.book import OrderBook
from daemon.domain.feed import NOT_STATED, BookChange, BookSnapshot, TradePrint
from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import format_micros
from daemon.domain.venue_reports import CancelReported, FillReported
from daemon.engine.inputs import Event
from daemon.report.short_names import order_tag

LEVELS: Final = 5
"""Levels of each side that are shown of a book."""


def moment_record(moment: Moment, token: TokenId) -> dict[str, Any]:
    """Return it as JSON; events as the engine is given them, in exact integers."""
    book = moment.state.ticks.books[token].book
    return {
        "step": moment.step.number,
        "events": [_event_record(event) for event in moment.step.events],
        "bids": _levels(book, Side.BUY),
        "asks": _levels(book, Side.SELL),
    }


def moment_lines(moment: Moment, token: TokenId) -> list[str]:
    """Return it as lines for people; of the market's events, what is about the order's token."""
    book = moment.state.ticks.books[token].book
    events = [words for event in moment.step.events for words in _event_words(event, token)]
    return [
        "",
        f"Decided in step {moment.step.number} of the recording, made of:",
        *(f"  {words}" for words in events),
        "The book then:",
        f"  bids {_side_words(book, Side.BUY)}",
        f"  asks {_side_words(book, Side.SELL)}",
    ]


def _event_record(event: Event) -> dict[str, Any]:
    # Named tuples would lose the names of their fields.
    fields: Any = event._asdict() if isinstance(event, tuple) else event
    return {"event": type(event).__name__, **cast("dict[str, Any]", msgspec.to_builtins(fields))}


def _event_words(event: Event, token: TokenId) -> list[str]:
    match event:
        case BookChange(changes=changes):
            own = [change for change in changes if change[0] == token]
            if not own:
                return [f"book change: {len(changes)} levels of other tokens"]
            return [
                f"book change: {'bid' if is_bid else 'ask'} {format_micros(price)} has "
                f"{format_micros(size)} now{_stated(bid, ask)}"
                for _, is_bid, price, size, bid, ask in own
            ]
        case BookSnapshot(token=about, bids=bids, asks=asks):
            whose = "" if about == token else " of another token"
            return [f"book snapshot{whose}: {len(bids)} bids, {len(asks)} asks"]
        case TradePrint(token=about, price=price, shares=shares):
            whose = "" if about == token else " of another token"
            return [f"trade{whose}: {format_micros(shares)} at {format_micros(price)}"]
        case FillReported(venue_order_id=name, price=price, shares=shares):
            return [f"fill of {order_tag(name)}: {format_micros(shares)} at {format_micros(price)}"]
        case CancelReported(venue_order_id=name, reason=reason):
            return [f"cancel of {order_tag(name)}: {reason}"]
        case _:
            record = _event_record(event)
            said = ", ".join(f"{name} {value}" for name, value in record.items() if name != "event")
            return [f"{record['event']}: {said}" if said else record["event"]]


def _stated(bid: int, ask: int) -> str:
    if NOT_STATED in {bid, ask}:
        return ""
    return f" (best {format_micros(bid)}/{format_micros(ask)})"


def _side_words(book: OrderBook, side: Side) -> str:
    shown = (f"{level['size']} at {level['price']}" for level in _levels(book, side))
    return ", ".join(shown) or "none"


def _levels(book: OrderBook, side: Side) -> list[dict[str, str]]:
    levels = zip(book.depth(side), range(LEVELS), strict=False)
    return [
        {"price": format_micros(price), "size": format_micros(size)} for (price, size), _ in levels
    ]
