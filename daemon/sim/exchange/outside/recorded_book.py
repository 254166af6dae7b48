"""The one book of a condition as a recording tells it, from either outcome's books and changes.

A recording says everything twice, once for each outcome; said again it changes nothing. It is never
crossed: a level that meets older ones of the other side proves that those are gone, and a snapshot
that is crossed in itself is not believed.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from daemon.domain.units import MICRO, ONE, Price, Shares, parse_micros
from daemon.sim.exchange.trading.outside_move import OutsideLevel

SIZE_MAX: Final = 10**9 * MICRO
"""Shares of a level that are believed."""

Levels = dict[int, int]
"""Price in millionths to shares, without empty levels."""


class RecordedBook:
    """Both sides at prices of the first outcome, and which levels changed since last asked."""

    def __init__(self, first_token: str) -> None:
        self._first = first_token
        self._sides: dict[bool, Levels] = {True: {}, False: {}}
        self._changed: dict[tuple[bool, int], None] = {}
        self._replaced_ms = 0

    @property
    def bids(self) -> Mapping[int, int]:
        """The bids."""
        return self._sides[True]

    @property
    def asks(self) -> Mapping[int, int]:
        """The asks."""
        return self._sides[False]

    def replace(
        self, token: str, bids: Mapping[int, str], asks: Mapping[int, str], at_ms: int
    ) -> None:
        """Take a snapshot of a token's book (price to the text of its size), unless it is old."""
        if at_ms < self._replaced_ms:
            return
        sides = {True: _read(bids.items()), False: _read(asks.items())}
        if token != self._first:
            sides = {True: _mirrored(sides[False]), False: _mirrored(sides[True])}
        if max(sides[True], default=0) >= min(sides[False], default=ONE):
            return
        self._replaced_ms = at_ms
        for is_bid, levels in sides.items():
            before = self._sides[is_bid]
            differ = before.items() ^ levels.items()
            self._changed.update(dict.fromkeys((is_bid, price) for price, _ in sorted(differ)))
        self._sides = sides

    def change(self, token: str, price: int, size: str, at_ms: int, *, is_bid: bool) -> None:
        """Take the new size of one level of a token's book, unless a newer snapshot holds it."""
        read = _read([(price, size)]) if size.strip("0.") else {price: 0}
        if at_ms < self._replaced_ms or price not in read or not 0 < price < ONE:
            return
        shares = read[price]
        if token != self._first:
            price, is_bid = ONE - price, not is_bid
        self._set(price, shares, is_bid=is_bid)
        if shares:
            opposite = self._sides[not is_bid]
            met = [other for other in opposite if (other <= price if is_bid else other >= price)]
            for other in met:
                self._set(other, 0, is_bid=not is_bid)

    def take_changes(self) -> tuple[OutsideLevel, ...]:
        """Return the levels that changed since the last call, each as it is now."""
        changed = tuple(self._changed)
        self._changed.clear()
        return tuple(
            OutsideLevel(is_bid, Price(price), Shares(self._sides[is_bid].get(price, 0)))
            for is_bid, price in changed
        )

    def restate(self) -> None:
        """Let the next `take_changes` tell every level."""
        for is_bid, levels in self._sides.items():
            self._changed.update(dict.fromkeys((is_bid, price) for price in levels))

    def _set(self, price: int, shares: int, *, is_bid: bool) -> None:
        levels = self._sides[is_bid]
        if levels.get(price, 0) == shares:
            return
        self._changed[is_bid, price] = None
        if shares:
            levels[price] = shares
        else:
            del levels[price]


def read_shares(text: str) -> int | None:
    """Return a recorded size in millionths, None for one that is not believed."""
    try:
        shares = parse_micros(text)
    except ValueError:
        return None
    return shares if 0 < shares < SIZE_MAX else None


def _read(levels: Iterable[tuple[int, str]]) -> Levels:
    return {
        price: shares
        for price, size in levels
        if 0 < price < ONE and (shares := read_shares(size)) is not None
    }


def _mirrored(levels: Levels) -> Levels:
    return {ONE - price: shares for price, shares in levels.items()}
