"""The tape format: a recorded market as gzip-compressed JSON lines, read one line at a time.

First line, the header (`TapeHeader`): `format` "pennyd-tape/1", `name`, `title`, `licence`,
`attribution`, `source`, `notes`, `first_at` and `last_at` (ns), `frames`, `minute_frames` (frames in
each minute from `first_at` on), `markets` (`TapeMarket`) and `start_books`, the books known before
the first frame (a snapshot shows them; they are not frames).

Every other line is one frame: `at` (when it is due, ns, never less than in the line before),
`rebuilt` (false: sent as recorded; true: put together from recorded columns), and exactly one of
- `raw`: the text of a frame, sent byte for byte, whatever it says;
- `change`: entries `[token, side, price, size, best_bid, best_ask]` of one `price_change` frame;
- `trade`: `[token, taker side, price, size]` of a `last_trade_price` frame;
- `book`: `{"token", "bids", "asks"}` with levels `[price, size]` of a `book` frame.
`ms` is the `timestamp` inside the frame, where it is not the millisecond of `at`.
`token` counts through the tokens of the header's markets in order (0 and 1 are the first market's).
Numbers inside frames are texts, written as the venue writes them. Knows no clocks and no sockets.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from daemon.domain.units import parse_micros
from daemon.errors import ConfigError

FORMAT = "pennyd-tape/1"

Level = tuple[str, str]
"""Price and size, as texts."""

ChangeEntry = tuple[int, Literal["BUY", "SELL"], str, str, str, str]
TradeEntry = tuple[int, Literal["BUY", "SELL"], str, str]


class TapeFee(msgspec.Struct, frozen=True, kw_only=True):
    """A market's fee schedule; rates are decimal texts."""

    rate: str
    exponent: int = 1
    taker_only: bool = True
    rebate_rate: str = "0"
    fee_type: str = ""


class TapeMarket(msgspec.Struct, frozen=True, kw_only=True):
    """What the venue's look-ups say about one binary market; `constructed` says who made it up."""

    id: str
    condition_id: str
    slug: str
    question: str
    token_ids: tuple[str, str]
    outcomes: tuple[str, str]
    tick_size: str
    min_order_size: str
    fee: TapeFee | None = None
    neg_risk: bool = False
    seconds_delay: int = 0
    has_taker_delay: bool = False
    listed: str
    event_start: str
    end: str
    end_at: int
    event_slug: str
    event_title: str
    series_slug: str | None = None
    resolution_source: str = ""
    constructed: bool
    constructed_note: str = ""


class TokenBook(msgspec.Struct, frozen=True, kw_only=True):
    """All levels of one token; bids ascend and asks descend, as the venue lists them."""

    token: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class TapeHeader(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a tape: what it holds, whose it is, which markets it covers."""

    format: str
    name: str
    title: str
    licence: str
    attribution: str
    source: str
    notes: tuple[str, ...] = ()
    first_at: int
    last_at: int | None = None
    frames: int | None = None
    minute_frames: tuple[int, ...] = ()
    markets: tuple[TapeMarket, ...]
    start_books: tuple[TokenBook, ...] = ()

    @property
    def token_ids(self) -> tuple[str, ...]:
        """Every token of the tape, in the order that the lines count them."""
        return tuple(token for market in self.markets for token in market.token_ids)


class TapeLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One frame as it is stored."""

    at: int
    rebuilt: bool
    ms: int | None = None
    raw: str | None = None
    change: tuple[ChangeEntry, ...] | None = None
    trade: TradeEntry | None = None
    book: TokenBook | None = None

    @property
    def timestamp_ms(self) -> int:
        """The time that a rebuilt frame states."""
        return self.at // 1_000_000 if self.ms is None else self.ms


_HEADER = msgspec.json.Decoder(TapeHeader)
_LINE = msgspec.json.Decoder(TapeLine)


def parse_header(line: bytes, source: str) -> TapeHeader:
    """Return the header of a tape; ConfigError names the source and what is wrong with it."""
    try:
        header = _HEADER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{source}: the first line is no tape header ({error}); give a file made by"
            " tools/build_tapes.py or write the header described in daemon/sim/exchange/tape/tape.py"
        ) from None
    if header.format != FORMAT:
        raise ConfigError(
            f"{source}: format {header.format!r} is unknown; this version reads {FORMAT!r}"
        )
    if not header.markets:
        raise ConfigError(f"{source}: the header names no market; add at least one to `markets`")
    return header


def parse_lines(lines: Iterator[bytes], header: TapeHeader, source: str) -> Iterator[TapeLine]:
    """Yield the stored frames after the header, one at a time; ConfigError names the bad line."""
    tokens = len(header.token_ids)
    last_at = 0
    for number, text in enumerate(lines, start=2):
        try:
            line = _LINE.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{source} line {number}: {error}; build the tape again") from None
        if line.at < last_at:
            raise ConfigError(f"{source} line {number}: `at` runs backwards; sort the tape by `at`")
        last_at = line.at
        _check(line, tokens, f"{source} line {number}")
        yield line


def _check(line: TapeLine, tokens: int, where: str) -> None:
    given = (line.raw, line.change, line.trade, line.book)
    if given.count(None) != len(given) - 1:
        raise ConfigError(f"{where}: give exactly one of `raw`, `change`, `trade` and `book`")
    if line.raw is not None:
        return
    if line.change is not None:
        used = [entry[0] for entry in line.change] or [-1]
    elif line.trade is not None:
        used = [line.trade[0]]
        try:
            parse_micros(line.trade[2])
        except ValueError as error:
            raise ConfigError(f"{where}: the trade's price: {error}; write it like 0.48") from None
    else:
        used = [line.book.token if line.book else -1]
    if min(used) < 0 or max(used) >= tokens:
        raise ConfigError(f"{where}: names a token outside 0 to {tokens - 1}, those of the header")
