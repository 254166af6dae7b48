"""Build the bundled tapes from a folder of recorded data:  build_tapes.py DATA [OUT].

DATA holds `ws_book_btc5m/` and `ws_ticks_nhl/`; OUT defaults to daemon/exchange/tapes. The same
input gives the same bytes again. What the recordings lack (market records, starting books, book
frames) is constructed here and marked as such in the tape; recorded frame texts stay untouched.
"""

import gzip
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rebuild_nhl import NHL_FILE, rebuild_nhl

from daemon.sim.exchange.tape.tape import FORMAT, TapeFee, TapeHeader, TapeLine, TapeMarket

ROOT = Path(__file__).resolve().parent.parent
NANOS_PER_S = 1_000_000_000

BTC_STARTS = (1_776_081_600, 1_776_081_900, 1_776_082_200, 1_776_082_500)
BTC_WINDOW_S = 300
BTC_TITLE = "Four consecutive five-minute Bitcoin up/down markets, 2026-04-13 12:00 to 12:20 UTC"
BTC_ATTRIBUTION = (
    "Polymarket BTC Orderbook Dataset (c) 2026 by CronosVirus00, licensed under CC BY 4.0"
    " (https://creativecommons.org/licenses/by/4.0/). Changes: four windows chosen, joined in order"
    " of receive time; the frame texts are unchanged."
)
BTC_SOURCE = (
    "https://github.com/CronosVirus00/polymarket-BTC5min-database"
    " commit 9ef253d2e37de056690edc13e23517952247f933"
)
BTC_NOTE = (
    "Constructed: the recording holds no market record. Condition and token ids are recorded; which"
    " outcome a token stands for is not, so outcome 0 is the token with the most frames."
)

NHL_TITLE = "Six markets of one ice-hockey match (Hurricanes, Golden Knights), 2026-06-07 01:30 UTC"
NHL_ATTRIBUTION = (
    "Polymarket-Tickscope, Copyright (c) 2026 Sobhi Sandakli, MIT licence. Changes: recorded"
    " price_change entries and trades were rebuilt into frames; see the notes."
)
NHL_SOURCE = (
    "https://github.com/SobhiSandakli/Polymarket-Tickscope"
    " commit 471cbfd2f40cba12dc79658d222b36e716b5f8c7"
)
NHL_NOTE = (
    "Constructed: the recording holds token ids, prices and sizes only. Condition id, slug, question,"
    " outcomes, fees and dates are made up; which proposition the market asked is not known."
)


def main(arguments: Sequence[str]) -> int:
    """Build both tapes and print their sizes."""
    if not 1 <= len(arguments) <= 2:
        print("usage: build_tapes.py DATA [OUT]", file=sys.stderr)
        return 2
    data = Path(arguments[0])
    out = Path(arguments[1]) if len(arguments) == 2 else ROOT / "daemon" / "exchange" / "tapes"
    out.mkdir(parents=True, exist_ok=True)
    for header, lines in (build_nhl(data / "ws_ticks_nhl"), build_btc(data / "ws_book_btc5m")):
        path = out / f"{header.name}.tape.gz"
        write_tape(path, header, lines)
        print(f"{path}: {header.frames} frames, {path.stat().st_size} bytes")
    return 0


def build_nhl(folder: Path) -> tuple[TapeHeader, list[TapeLine]]:
    """Return the ice-hockey tape, its frames rebuilt from recorded columns."""
    match = rebuild_nhl(folder / NHL_FILE)
    markets = tuple(
        TapeMarket(
            id=str(960_001 + number),
            condition_id=market.condition_id,
            slug=f"nhl-car-vgk-2026-06-07-market-{number + 1}",
            question=f"Hurricanes vs. Golden Knights, market {number + 1} of 6 (constructed)",
            token_ids=market.token_ids,
            outcomes=("Yes", "No"),
            tick_size=market.tick_size,
            min_order_size="5",
            fee=TapeFee(rate="0.05", rebate_rate="0.15", fee_type="sports_fees_v2"),
            listed="2026-06-01T12:00:00Z",
            event_start="2026-06-07T00:00:00Z",
            end="2026-06-07T06:00:00Z",
            end_at=_instant(2026, 6, 7, 6),
            event_slug="nhl-car-vgk-2026-06-07",
            event_title="Hurricanes vs. Golden Knights",
            series_slug="nhl",
            constructed=True,
            constructed_note=NHL_NOTE,
        )
        for number, market in enumerate(match.markets)
    )
    header = TapeHeader(
        format=FORMAT,
        name="nhl",
        title=NHL_TITLE,
        licence="MIT",
        attribution=NHL_ATTRIBUTION,
        source=NHL_SOURCE,
        notes=match.notes,
        first_at=match.lines[0].at,
        last_at=match.lines[-1].at,
        frames=len(match.lines),
        minute_frames=count_minutes(match.lines),
        markets=markets,
        start_books=match.start_books,
    )
    return header, match.lines


class BtcRow(msgspec.Struct):
    """One line of the recording; the receive time keeps its text, so that no digit is lost."""

    recv_ts: msgspec.Raw
    slug: str
    raw: str


class BtcFrame(msgspec.Struct):
    """What the builder needs to know of a frame."""

    market: str
    asset_id: str


def build_btc(folder: Path) -> tuple[TapeHeader, list[TapeLine]]:
    """Return the Bitcoin tape: recorded texts byte for byte, in order of receive time."""
    lines: list[TapeLine] = []
    markets: list[TapeMarket] = []
    row_of, frame_of = msgspec.json.Decoder(BtcRow), msgspec.json.Decoder(BtcFrame)
    early = 0
    for number, start in enumerate(BTC_STARTS):
        counts: dict[str, int] = {}
        condition = ""
        with gzip.open(folder / f"btc-updown-5m-{start}.jsonl.gz") as file:
            for text in file:
                row = row_of.decode(text)
                frame = frame_of.decode(row.raw)
                condition = frame.market
                counts[frame.asset_id] = counts.get(frame.asset_id, 0) + 1
                line = TapeLine(at=_parse_seconds(bytes(row.recv_ts)), rebuilt=False, raw=row.raw)
                if line.at < BTC_STARTS[0] * NANOS_PER_S:
                    early += 1  # before the opening the recording has holes of up to 26 s
                else:
                    lines.append(line)
        markets.append(_btc_market(number, start, condition, counts))
    lines.sort(key=lambda line: line.at)
    header = TapeHeader(
        format=FORMAT,
        name="btc5m",
        title=BTC_TITLE,
        licence="CC-BY-4.0",
        attribution=BTC_ATTRIBUTION,
        source=BTC_SOURCE,
        notes=(
            "Frame texts are byte for byte as recorded, in order of receive time (`at`).",
            f"{early} frames received before the first window opened are left out.",
            "Market records are constructed. The two tokens of a window were recorded in turns.",
        ),
        first_at=lines[0].at,
        last_at=lines[-1].at,
        frames=len(lines),
        minute_frames=count_minutes(lines),
        markets=tuple(markets),
    )
    return header, lines


def _btc_market(number: int, start: int, condition: str, counts: dict[str, int]) -> TapeMarket:
    first, second = sorted(counts, key=lambda token: -counts[token])
    slug = f"btc-updown-5m-{start}"
    return TapeMarket(
        id=str(950_001 + number),
        condition_id=condition,
        slug=slug,
        question=f"Bitcoin Up or Down - {_iso(start)} to {_iso(start + BTC_WINDOW_S)}",
        token_ids=(first, second),
        outcomes=("Up", "Down"),
        tick_size="0.01",
        min_order_size="5",
        fee=TapeFee(rate="0.07", rebate_rate="0.2", fee_type="crypto_fees_v2"),
        has_taker_delay=True,
        listed=_iso(start - 86_400),
        event_start=_iso(start),
        end=_iso(start + BTC_WINDOW_S),
        end_at=(start + BTC_WINDOW_S) * NANOS_PER_S,
        event_slug=slug,
        event_title="Bitcoin Up or Down",
        series_slug="btc-up-or-down-5m",
        resolution_source="https://data.chain.link/streams/btc-usd",
        constructed=True,
        constructed_note=BTC_NOTE,
    )


def count_minutes(lines: Sequence[TapeLine]) -> tuple[int, ...]:
    """Return how many frames are due in each minute after the first one."""
    first_at, last_at = lines[0].at, lines[-1].at
    counts = [0] * ((last_at - first_at) // (60 * NANOS_PER_S) + 1)
    for line in lines:
        counts[(line.at - first_at) // (60 * NANOS_PER_S)] += 1
    return tuple(counts)


def write_tape(path: Path, header: TapeHeader, lines: Iterable[TapeLine]) -> None:
    """Write a tape; no time and no file name enters the archive, so that it repeats."""
    encoder = msgspec.json.Encoder()
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as archive:
        archive.write(encoder.encode(header) + b"\n")
        for line in lines:
            archive.write(encoder.encode(line) + b"\n")


def _parse_seconds(text: bytes) -> int:
    whole, _, fraction = text.decode().partition(".")
    return int(whole) * NANOS_PER_S + int(fraction[:9].ljust(9, "0"))


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(year: int, month: int, day: int, hour: int) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp()) * NANOS_PER_S


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
