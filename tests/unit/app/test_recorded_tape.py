"""Recorded frames become a tape that the exchange reads: same frames, same times, true markets."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from config.load import load
from config.settings import Settings
from daemon.adapters.polymarket.http_reader import Answer
from daemon.app.frame_recording import FRAMES, open_frame_recorder
from daemon.app.recorded_market import tape_market
from daemon.app.recorded_tape import write_tape
from daemon.app.start_replies import StartReplies
from daemon.domain.market import Market
from daemon.domain.received import Received, ReceivedKind
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.errors import ConfigError, RecordingUnreadable
from daemon.exchange.tape_file import open_lines
from daemon.sim.clock import SteppedClock
from daemon.sim.exchange.tape.tape import TapeFee
from tests.builders import START, a_market
from tests.unit.adapters.polymarket.gamma_records import CONDITION, gamma_record

FRAMES_RECEIVED = (b'[{"event_type":"book"}]', b"PONG", b'{"price":".48"}', b"\xff", b"{}")
TEXTS = ['[{"event_type":"book"}]', '{"price":".48"}', "{}"]
ENDS_AT = Nanos(1_800_000_000 * NANOS_PER_S)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(None, {"HOME": str(tmp_path)}, {}, folder=tmp_path).settings


def recorded(
    folder: Path,
    settings: Settings,
    frames: Iterable[bytes] = FRAMES_RECEIVED,
    *,
    seconds_apart: int = 1,
    is_killed: bool = False,
) -> None:
    recorder = open_frame_recorder(folder, settings, (a_market(),), StartReplies(SteppedClock(0)))
    tap = recorder.tap("market_feed")
    tap(ReceivedKind.UP, b"ws://venue", START)
    for number, frame in enumerate(frames):
        tap(ReceivedKind.FRAME, frame, Nanos(START + number * seconds_apart * NANOS_PER_S))
    recorder.queue.write_waiting()
    if is_killed:
        recorder.writer._series.abandon()
    else:
        recorder.writer.close()


def replies(*bodies: object) -> list[Received]:
    kept = StartReplies(SteppedClock(START))
    for body in bodies:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        kept("https://gamma/markets", (("slug", "a b"),), Answer(200, text))
    return kept.items


def market_of(record: dict[str, Any]) -> Market:
    return a_market(condition_id=record["conditionId"], ends_at=ENDS_AT)


def test_a_tape_holds_the_frames_byte_for_byte_at_their_times(
    tmp_path: Path, settings: Settings
) -> None:
    recorded(tmp_path / "r", settings)
    made = write_tape(tmp_path / "r", tmp_path / "mine.tape.gz")
    header, lines = open_lines(str(tmp_path / "mine.tape.gz"))
    read = list(lines)
    assert [line.raw for line in read] == TEXTS
    assert [line.at for line in read] == [START, START + 2 * NANOS_PER_S, START + 4 * NANOS_PER_S]
    assert not any(line.rebuilt for line in read)
    assert (made.frames, made.left_out) == (header.frames, 1) == (3, 1)
    assert (header.first_at, header.last_at) == (read[0].at, read[-1].at)
    assert header.name == "mine"
    assert header.token_ids == a_market().tokens
    assert settings.venue.market_ws_url in header.attribution
    assert made.bytes == (tmp_path / "mine.tape.gz").stat().st_size


def test_the_header_counts_the_frames_of_each_minute(tmp_path: Path, settings: Settings) -> None:
    recorded(tmp_path / "r", settings, [b"{}"] * 7, seconds_apart=40)
    write_tape(tmp_path / "r", tmp_path / "t")
    header, _ = open_lines(str(tmp_path / "t"))
    assert header.minute_frames == (2, 1, 2, 1, 1)


def test_a_run_is_named_by_its_recording_or_by_the_frames_in_it(
    tmp_path: Path, settings: Settings
) -> None:
    recorded(tmp_path / "recording" / FRAMES, settings)
    first = write_tape(tmp_path / "recording", tmp_path / "a")
    second = write_tape(tmp_path / "recording" / FRAMES, tmp_path / "b")
    assert first.frames == second.frames == 3


def test_a_killed_recording_gives_a_tape_of_what_is_there(
    tmp_path: Path, settings: Settings
) -> None:
    recorded(tmp_path / "r", settings, is_killed=True)
    made = write_tape(tmp_path / "r", tmp_path / "t")
    assert made.is_torn
    _, lines = open_lines(str(tmp_path / "t"))
    assert [line.raw for line in lines] == TEXTS


def test_a_tape_is_not_written_over_another_file(tmp_path: Path, settings: Settings) -> None:
    recorded(tmp_path / "r", settings)
    (tmp_path / "t").write_text("mine")
    with pytest.raises(ConfigError, match="is there already"):
        write_tape(tmp_path / "r", tmp_path / "t")
    assert (tmp_path / "t").read_text() == "mine"


def test_what_cannot_become_a_tape_is_refused(tmp_path: Path, settings: Settings) -> None:
    recorded(tmp_path / "r", settings, [b"PONG"])
    with pytest.raises(ConfigError, match="holds no frame"):
        write_tape(tmp_path / "r", tmp_path / "t")
    recorded(tmp_path / "s", settings)
    with pytest.raises(ConfigError, match="cannot be written"):
        write_tape(tmp_path / "s", tmp_path / "no folder" / "t")
    with pytest.raises(RecordingUnreadable, match="is no folder"):
        write_tape(tmp_path / "none", tmp_path / "t")
    (tmp_path / "s" / "start.jsonl.gz").write_bytes(gzip.compress(b""))
    with pytest.raises(RecordingUnreadable, match="is not what was recorded"):
        write_tape(tmp_path / "s", tmp_path / "t")
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize("shape", ["object", "list", "page"])
def test_the_record_of_a_market_is_found_in_every_reply_that_holds_it(shape: str) -> None:
    record = gamma_record() | {"endDate": "2027-01-15T08:00:00Z", "secondsDelay": 3}
    body = {"object": record, "list": [{"id": "1"}, record], "page": {"markets": [record]}}[shape]
    market = market_of(record)
    found = tape_market(market, replies(b"<html>", {"other": 1}, body, b"[1]"))
    assert (found.id, found.condition_id) == (record["id"], CONDITION)
    assert (found.end, found.end_at) == ("2027-01-15T08:00:00Z", ENDS_AT)
    assert (found.seconds_delay, found.constructed) == (3, False)
    assert (found.tick_size, found.min_order_size) == ("0.01", "5")


def test_what_decides_a_trade_comes_from_the_market_and_not_from_the_record() -> None:
    record: dict[str, Any] = gamma_record()
    record |= {"feeSchedule": {"rate": 0.9, "exponent": 2, "rebateRate": 0.25}}
    found = tape_market(market_of(record), replies(record))
    assert found.fee == TapeFee(rate="0.05", exponent=1, rebate_rate="0.25", fee_type="")
    free = a_market(condition_id=record["conditionId"], fee_rate="0")
    assert tape_market(free, replies(record)).fee is None


def test_a_market_without_a_record_says_that_its_dates_are_made_up() -> None:
    found = tape_market(a_market(), replies({"conditionId": "0x" + "9" * 64}))
    assert found.constructed
    assert "made up" in found.constructed_note
    assert found.end == "2100-01-01T00:00:00Z"


def test_replies_that_find_no_room_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.app.start_replies.REPLIES_BYTES_MAX", 10)
    kept = StartReplies(SteppedClock(START))
    for size in (6, 6, 4):
        kept("http://x/y", (), Answer(200, b"x" * size))
    assert [len(item.payload) for item in kept.items] == [6, 4]
    assert kept.missed == 1
    assert kept.items[0] == Received(START, ReceivedKind.REPLY, "GET http://x/y 200", b"x" * 6)
