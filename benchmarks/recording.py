"""The bundled tapes as benchmarks need them: frames in memory, sorted by kind, and their markets."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby, islice
from typing import Any, Final

import msgspec

from daemon.domain.fee import NO_FEE, FeeSchedule
from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.market import Market
from daemon.domain.units import Nanos, Price, Shares, parse_micros
from daemon.exchange.tape_file import open_tape
from daemon.sim.exchange.tape.frame import BookReplaced, Frame, LevelChanged
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.tape.tape_book import TapeBooks

CHANGES: Final = "nhl"
"""The tape of price changes: recorded entries, rebuilt into the venue's frames."""
BOOKS: Final = "btc5m"
"""The tape of full books, byte for byte as received."""
RUN_MAX: Final = 100
"""Frames of one kind in a row that are timed together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Frames of one kind in a row."""

    kind: str
    """`change`, `book` or `other`."""
    at: Nanos
    """When the first of them came."""
    frames: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A tape, or the first part of it."""

    name: str
    markets: tuple[Market, ...]
    opening: bytes
    """What a subscriber receives first: the books known before the first frame; empty if none."""
    opened_at: Nanos
    frames: tuple[Frame, ...]

    def runs(self) -> Iterator[Run]:
        """Yield all frames in order, in runs of one kind."""
        return runs_of(self.frames)


def runs_of(frames: Iterable[Frame]) -> Iterator[Run]:
    """Yield frames in order, in runs of one kind."""
    for kind, group in groupby(frames, kind_of):
        while part := list(islice(group, RUN_MAX)):
            payloads = tuple(frame.payload for frame in part)
            yield Run(kind=kind, at=Nanos(part[0].at), frames=payloads)


def kind_of(frame: Frame) -> str:
    """Tell a price change from a full book and from anything else."""
    first = next(iter(frame.updates), None)
    if isinstance(first, LevelChanged):
        return "change"
    return "book" if isinstance(first, BookReplaced) else "other"


@cache
def recording(name: str, frames_max: int | None = None) -> Recording:
    """Return a bundled tape with its frames in memory, read once."""
    tape, frames = stream(name)
    return replace(tape, frames=tuple(islice(frames, frames_max)))


def stream(name: str) -> tuple[Recording, Iterator[Frame]]:
    """Return a bundled tape without frames, and its frames one by one."""
    header, frames = open_tape(name)
    opening = TapeBooks(header).snapshot(header.token_ids) if header.start_books else ""
    tape = Recording(
        name=name,
        markets=tuple(_market(market) for market in header.markets),
        opening=opening.encode(),
        opened_at=Nanos(header.first_at),
        frames=(),
    )
    return tape, frames


def busiest(tape: Recording) -> Recording:
    """Return the part of a tape that is about the market with most frames."""
    counts = Counter(token for frame in tape.frames for token in frame.tokens)
    market = max(tape.markets, key=lambda market: sum(counts[token] for token in market.tokens))
    books = msgspec.json.decode(tape.opening, type=list[dict[str, Any]])
    opening = [book for book in books if book["asset_id"] in market.tokens]
    return replace(
        tape,
        markets=(market,),
        opening=msgspec.json.encode(opening),
        frames=tuple(f for f in tape.frames if not set(f.tokens).isdisjoint(market.tokens)),
    )


def mean_bytes(frames: Sequence[bytes]) -> float:
    """Return the mean length of frames."""
    return sum(map(len, frames)) / len(frames)


def _market(market: TapeMarket) -> Market:
    fee = market.fee
    return Market(
        condition_id=ConditionId(market.condition_id),
        slug=market.slug,
        question=market.question,
        tokens=(TokenId(market.token_ids[0]), TokenId(market.token_ids[1])),
        outcomes=market.outcomes,
        tick=Price(parse_micros(market.tick_size)),
        shares_min=Shares(parse_micros(market.min_order_size)),
        fee=FeeSchedule(rate=parse_micros(fee.rate), exponent=fee.exponent) if fee else NO_FEE,
        is_neg_risk=market.neg_risk,
        ends_at=Nanos(market.end_at),
    )
