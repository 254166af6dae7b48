"""A market made up from a seed: a price that wanders, a book around it, trades inside the spread."""

from collections.abc import Iterator, Mapping
from typing import Final

from daemon.domain.feed import BookChange, BookSnapshot, LevelChange, MarketEvent, TradePrint
from daemon.domain.ids import TokenId
from daemon.domain.units import MICRO, NANOS_PER_MS, NANOS_PER_S, Nanos, Price, Shares
from daemon.sim.chance import Stream
from daemon.sim.scripted_feed import ScriptedFrame
from tests.builders import NO, START, YES

TICK: Final = 10_000
DEPTH: Final = 5
LOWEST, HIGHEST = 30, 70
"""Ticks between which the price wanders."""

Side = dict[Price, Shares]


def a_script(chance: Stream, *, seconds: int) -> tuple[ScriptedFrame, ...]:
    """Return frames from `START` on, a few every second."""
    return tuple(_frames(chance, Nanos(START + seconds * NANOS_PER_S)))


def _frames(chance: Stream, ends_at: Nanos) -> Iterator[ScriptedFrame]:
    at, middle = START, 50
    bids, asks = _sides(chance, middle)
    books = _books(bids, asks, at)
    yield ScriptedFrame(at=at, events=tuple(books.values()), books=books)
    while (at := Nanos(at + chance.between(20, 400) * NANOS_PER_MS)) < ends_at:
        events: list[MarketEvent] = []
        if chance.happens(400_000):
            size = Shares(chance.between(1, 40) * MICRO)
            price = Price(middle * TICK)
            events.append(TradePrint(YES, at, at, price, size, is_buy=chance.happens(500_000)))
        if chance.happens(500_000):
            middle = min(HIGHEST, max(LOWEST, middle + chance.between(-1, 1)))
        old_bids, old_asks = bids, asks
        bids, asks = _sides(chance, middle)
        changes = (
            *_diff(old_bids, bids, bids, asks, True),
            *_diff(old_asks, asks, bids, asks, False),
        )
        events.append(BookChange(at, at, changes))
        yield ScriptedFrame(at=at, events=tuple(events), books=_books(bids, asks, at))


def _sides(chance: Stream, middle: int) -> tuple[Side, Side]:
    def side(step: int) -> Side:
        return {
            Price((middle + step * level) * TICK): Shares(chance.between(5, 500) * MICRO)
            for level in range(1, DEPTH + 1)
        }

    return side(-1), side(1)


def _diff(
    old: Mapping[Price, Shares], new: Mapping[Price, Shares], bids: Side, asks: Side, is_bid: bool
) -> Iterator[LevelChange]:
    """Yield what changed, for both outcomes: a bid for one is an ask for the other."""
    bid, ask = max(bids), min(asks)
    for price in sorted({*old, *new}):
        size = new.get(price, Shares(0))
        if size != old.get(price):
            yield YES, is_bid, price, size, bid, ask
            yield NO, not is_bid, _other(price), size, _other(ask), _other(bid)


def _books(bids: Side, asks: Side, at: Nanos) -> dict[TokenId, BookSnapshot]:
    return {
        YES: BookSnapshot(YES, at, at, dict(bids), dict(asks)),
        NO: BookSnapshot(NO, at, at, _mirrored(asks), _mirrored(bids)),
    }


def _mirrored(side: Side) -> Side:
    return {_other(price): size for price, size in side.items()}


def _other(price: Price) -> Price:
    return Price(MICRO - price)
