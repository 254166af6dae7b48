"""Moves a tape in time: the same market, told as if it happened at another moment.

Moves when frames are due, the `timestamp` inside them and the dates of the markets, all by the same
whole milliseconds. Texts keep their length; recorded frames are then no longer byte for byte what
the venue sent, and a recorded book's hash is not the digest of the moved text. Names that hold a date
(slugs, questions) stay. Knows no clock.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from daemon.errors import ConfigError
from daemon.sim.exchange.tape.tape import TapeHeader, TapeLine, TapeMarket

_NANOS_PER_MS = 1_000_000
_STATED = re.compile(r'("timestamp": ?")(\d{13})(?=")')


class TapeMove:
    """By how much a tape is moved, in whole milliseconds."""

    def __init__(self, by_ms: int) -> None:
        self.by_ms = by_ms

    @classmethod
    def between(cls, recorded_at: int, wanted_at: int) -> "TapeMove":
        """Return the move that puts what was recorded at one time (ns) at another, to the ms."""
        return cls((wanted_at - recorded_at) // _NANOS_PER_MS)

    @property
    def by(self) -> int:
        """The same in ns."""
        return self.by_ms * _NANOS_PER_MS

    def header(self, header: TapeHeader) -> TapeHeader:
        """Return the header with every date moved."""
        return msgspec.structs.replace(
            header,
            first_at=header.first_at + self.by,
            last_at=None if header.last_at is None else header.last_at + self.by,
            markets=tuple(self._market(market) for market in header.markets),
        )

    def lines(self, lines: Iterable[TapeLine]) -> Iterator[TapeLine]:
        """Yield the lines with every time moved; one that states none in its text keeps the text."""
        for line in lines:
            yield TapeLine(
                at=line.at + self.by,
                rebuilt=line.rebuilt,
                ms=None if line.ms is None else line.ms + self.by_ms,
                raw=None if line.raw is None else self.text(line.raw),
                change=line.change,
                trade=line.trade,
                book=line.book,
            )

    def text(self, text: str) -> str:
        """Return a frame's text with the times that it states moved; its length stays."""
        return _STATED.sub(self._stated, text)

    def _stated(self, found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) + self.by_ms}"

    def _market(self, market: TapeMarket) -> TapeMarket:
        return msgspec.structs.replace(
            market,
            listed=self._date(market.listed),
            event_start=self._date(market.event_start),
            end=self._date(market.end),
            end_at=market.end_at + self.by,
        )

    def _date(self, text: str) -> str:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ConfigError(
                f"a market of the tape has the date {text!r}; write it like 2026-06-07T06:00:00Z"
            ) from None
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        moved = moment + timedelta(milliseconds=self.by_ms)
        return moved.isoformat(timespec="milliseconds").replace("+00:00", "Z")
