"""The tapes that come with the program: whole, consistent, marked, and small enough."""

import gzip
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec
import pytest

from daemon.domain.units import parse_micros
from daemon.exchange.tape_file import SUFFIX, TAPES, bundled_names, open_tape
from daemon.sim.exchange.tape.tape import TapeHeader
from daemon.sim.exchange.tape.tape_book import TapeBooks

MEGABYTE = 1_000_000


class Level(msgspec.Struct):
    price: str
    size: str


class Entry(msgspec.Struct):
    asset_id: str
    price: str
    size: str
    side: str
    best_bid: str
    best_ask: str


class Event(msgspec.Struct):
    event_type: str
    market: str
    timestamp: str
    asset_id: str = ""
    bids: list[Level] = []
    asks: list[Level] = []
    price_changes: list[Entry] = []


EVENT = msgspec.json.Decoder(Event)


@cache
def micros(text: str) -> int:
    return parse_micros(text)


class Witness:
    """Builds books from frame texts alone and compares them with what the frames state."""

    def __init__(self) -> None:
        self.bids: dict[str, dict[int, str]] = {}
        self.asks: dict[str, dict[int, str]] = {}
        self.times: dict[str, int] = {}
        self.kinds: Counter[str] = Counter()

    def see(self, text: bytes | str) -> None:
        event = EVENT.decode(text)
        self.kinds[event.event_type] += 1
        if event.event_type == "book":
            token = event.asset_id
            self.bids[token] = {micros(level.price): level.size for level in event.bids}
            self.asks[token] = {micros(level.price): level.size for level in event.asks}
            self.check_time(token, event)
            self.check_crossing(token)
        for entry in event.price_changes:
            book = self.bids if entry.side == "BUY" else self.asks
            if entry.size == "0":
                book[entry.asset_id].pop(micros(entry.price), None)
            else:
                book[entry.asset_id][micros(entry.price)] = entry.size
            self.check_time(entry.asset_id, event)
        for entry in event.price_changes:
            token = entry.asset_id
            assert max(self.bids[token]) == micros(entry.best_bid), text
            assert min(self.asks[token]) == micros(entry.best_ask), text
            self.check_crossing(token)

    def check_time(self, token: str, event: Event) -> None:
        assert self.times.get(token, 0) <= int(event.timestamp), "a client would drop this frame"
        self.times[token] = int(event.timestamp)

    def check_crossing(self, token: str) -> None:
        bids, asks = self.bids[token], self.asks[token]
        assert not bids or not asks or max(bids) < min(asks), token


@dataclass
class Played:
    """What one pass over a tape showed; disagreements are asserted on the way."""

    header: TapeHeader
    witness: Witness
    count: int = 0
    rebuilt: int = 0
    last_at: int = 0
    is_sorted: bool = True
    off_grid: list[str] = field(default_factory=list[str])
    differing: list[int] = field(default_factory=list[int])
    tokens: set[str] = field(default_factory=set[str])


@pytest.fixture(scope="module", params=["nhl", "btc5m"])
def played(request: pytest.FixtureRequest) -> Played:
    header, frames = open_tape(request.param)
    books = TapeBooks(header)
    seen = Played(header, Witness())
    ticks = {
        token: parse_micros(market.tick_size)
        for market in header.markets
        for token in market.token_ids
    }
    for text in msgspec.json.decode(books.snapshot(header.token_ids), type=list[msgspec.Raw]):
        seen.witness.see(bytes(text))
    seen.witness.kinds.clear()
    if request.param == "btc5m":
        seen.witness.times.clear()  # recorded times are the venue's, not ours to order
    for frame in frames:
        books.apply(frame.updates)
        seen.witness.see(frame.payload)
        for entry in EVENT.decode(frame.payload).price_changes:
            for price in (entry.price, entry.best_bid, entry.best_ask):
                if micros(price) % ticks[entry.asset_id]:
                    seen.off_grid.append(price)
        if seen.count % 1_000 == 0 and not all(
            (books.by_token[token].bids, books.by_token[token].asks)
            == (seen.witness.bids[token], seen.witness.asks[token])
            for token in header.token_ids
        ):
            seen.differing.append(seen.count)
        seen.is_sorted = seen.is_sorted and frame.at >= seen.last_at
        seen.last_at = frame.at
        seen.count += 1
        seen.rebuilt += frame.rebuilt
        seen.tokens.update(frame.tokens)
    return seen


def test_every_frame_agrees_with_itself_and_none_is_crossed(played: Played) -> None:
    # Touches, crossing and times are asserted by the witness while it watches.
    assert played.count == played.header.frames == sum(played.header.minute_frames)
    assert played.tokens == set(played.header.token_ids)
    assert played.is_sorted
    assert played.last_at == played.header.last_at


def test_player_and_witness_build_the_same_books(played: Played) -> None:
    # The snapshot after a reconnect comes from the player's books; the frames are the other path.
    assert played.differing == []


def test_every_price_stands_on_the_grid_of_its_market(played: Played) -> None:
    assert played.off_grid == []


def test_frames_are_marked_as_recorded_or_rebuilt(played: Played) -> None:
    kinds = played.witness.kinds
    if played.header.name == "btc5m":
        assert (played.rebuilt, dict(kinds)) == (0, {"book": played.count})
    else:
        assert played.rebuilt == played.count
        assert kinds["last_trade_price"] == 483
        assert kinds["book"] == 2 * (483 + 4), "after each trade and before four entries"
        assert kinds["price_change"] == played.count - 483 - 2 * (483 + 4)


def test_the_ice_hockey_tape_has_twelve_tokens_and_a_book_for_each() -> None:
    header, _ = open_tape("nhl")
    assert len(header.token_ids) == len(header.start_books) == 12
    assert all(book.bids and book.asks for book in header.start_books)
    assert sorted(market.tick_size for market in header.markets) == ["0.001", *["0.01"] * 5]


@pytest.mark.parametrize("name", ["nhl", "btc5m"])
def test_market_records_are_marked_as_constructed_and_plausible(name: str) -> None:
    header, _ = open_tape(name)
    assert header.attribution
    assert header.source.split()[-1] in (TAPES / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert header.licence in {"MIT", "CC-BY-4.0"}
    assert len(set(header.token_ids)) == 2 * len(header.markets)
    for market in header.markets:
        assert market.constructed
        assert "onstructed" in market.constructed_note
        assert market.min_order_size == "5"
        assert market.fee is not None
        assert market.fee.rate == {"nhl": "0.05", "btc5m": "0.07"}[name]
        assert market.seconds_delay == 0


def test_both_tapes_together_stay_below_eight_megabytes() -> None:
    files = [TAPES / f"{name}{SUFFIX}" for name in bundled_names()]
    assert sum(path.stat().st_size for path in files) <= 8 * MEGABYTE


def test_bitcoin_frames_are_byte_for_byte_the_recorded_ones(shared_data: Path) -> None:
    header, frames = open_tape("btc5m")
    recorded: list[tuple[float, str]] = []
    for market in header.markets:
        path = shared_data / "ws_book_btc5m" / f"{market.slug}.jsonl.gz"
        with gzip.open(path) as file:
            for line in file:
                row = msgspec.json.decode(line)
                recorded.append((row["recv_ts"], row["raw"]))
    recorded = [row for row in recorded if row[0] >= 1_776_081_600]
    recorded.sort(key=lambda row: row[0])
    assert [text.encode() for _, text in recorded] == [frame.payload for frame in frames]


@pytest.mark.long
def test_the_builder_repeats_the_bundled_tapes(
    shared_data: Path, repository: Path, tmp_path: Path
) -> None:
    tool = repository / "tools" / "build_tapes.py"
    subprocess.run([sys.executable, tool, shared_data, tmp_path], check=True, timeout=120)
    for name in bundled_names():
        # The text inside: the archive's bytes also depend on the machine's zlib.
        built = gzip.decompress((tmp_path / f"{name}{SUFFIX}").read_bytes())
        assert built == gzip.decompress((TAPES / f"{name}{SUFFIX}").read_bytes())
