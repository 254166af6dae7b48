"""Reading tapes: what is taken, and what a broken one is told."""

from collections.abc import Callable
from itertools import pairwise

import msgspec
import pytest

from daemon.errors import ConfigError
from daemon.sim.exchange.tape.frame import LevelChanged, build_frames, parse_raw
from daemon.sim.exchange.tape.tape import (
    TapeHeader,
    TapeLine,
    TapeMarket,
    parse_header,
    parse_lines,
)

encode = msgspec.json.encode


def read(header: TapeHeader, *texts: bytes) -> list[TapeLine]:
    return list(parse_lines(iter(texts), header, "x.tape.gz"))


def test_a_tape_reads_back_as_written(header: TapeHeader, lines: list[TapeLine]) -> None:
    assert parse_header(encode(header), "x") == header
    assert read(header, *map(encode, lines)) == lines


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"format":"pennyd-tape/1"}'])
def test_a_file_without_header_is_refused_with_advice(text: bytes) -> None:
    with pytest.raises(ConfigError, match="build_tapes"):
        parse_header(text, "x")


def test_another_format_is_refused_by_name(header: TapeHeader) -> None:
    other = msgspec.structs.replace(header, format="pennyd-tape/9")
    with pytest.raises(ConfigError, match="pennyd-tape/9"):
        parse_header(encode(other), "x")


def test_a_header_without_markets_is_refused(header: TapeHeader) -> None:
    with pytest.raises(ConfigError, match="no market"):
        parse_header(encode(msgspec.structs.replace(header, markets=())), "x")


@pytest.mark.parametrize(
    "text",
    [
        b"nonsense",
        b'{"at":1,"rebuilt":false}',
        b'{"at":1,"rebuilt":false,"raw":"x","trade":[0,"BUY","0.1","1"]}',
        b'{"at":1,"rebuilt":true,"change":[]}',
        b'{"at":1,"rebuilt":true,"change":[[4,"BUY","0.1","1","0.1","0.2"]]}',
        b'{"at":1,"rebuilt":true,"change":[[0,"HOLD","0.1","1","0.1","0.2"]]}',
        b'{"at":1,"rebuilt":true,"trade":[-1,"BUY","0.1","1"]}',
        b'{"at":1,"rebuilt":true,"trade":[0,"BUY","cheap","1"]}',
        b'{"at":1,"rebuilt":true,"book":{"token":9,"bids":[],"asks":[]}}',
    ],
)
def test_a_bad_line_is_named_by_its_number(header: TapeHeader, text: bytes) -> None:
    with pytest.raises(ConfigError, match=r"x\.tape\.gz line 2"):
        read(header, text)


def test_time_that_runs_backwards_is_refused(header: TapeHeader) -> None:
    with pytest.raises(ConfigError, match="line 3: `at` runs backwards"):
        read(header, b'{"at":2,"rebuilt":false,"raw":"a"}', b'{"at":1,"rebuilt":false,"raw":"b"}')


def test_reading_stops_where_asking_stops(header: TapeHeader) -> None:
    def texts() -> "list[bytes]":
        return [b'{"at":1,"rebuilt":false,"raw":"a"}', b"never looked at"]

    assert next(parse_lines(iter(texts()), header, "x")).raw == "a"


def test_a_raw_text_is_sent_byte_for_byte_even_if_nobody_can_read_it() -> None:
    for text in ('{"event_type": "book" ,', "é\x7f", "[1]", '{"event_type":"odd","asset_id":"7"}'):
        assert parse_raw(5, text).payload == text.encode()
    assert parse_raw(5, "no json").tokens == ()


def test_an_array_of_events_concerns_every_token_in_it() -> None:
    frame = parse_raw(
        5,
        '[{"event_type":"book","asset_id":"7","bids":[],"asks":[]},'
        ' {"event_type":"price_change","price_changes":[{"asset_id":"8","price":"0.1",'
        '"size":"3","side":"BUY"}],"timestamp":"9"}]',
    )
    assert frame.tokens == ("7", "8")
    assert frame.updates[1] == LevelChanged("8", "9", "BUY", "0.1", "3")


def test_custom_events_are_known_as_such() -> None:
    assert parse_raw(5, '{"event_type":"best_bid_ask","asset_id":"7"}').is_custom
    assert not parse_raw(5, '{"event_type":"book","asset_id":"7"}').is_custom


def test_a_rebuilt_frame_states_its_recorded_time(
    header: TapeHeader, market: Callable[[int], TapeMarket]
) -> None:
    line = TapeLine(
        at=5_000_000, ms=3, rebuilt=True, change=((2, "BUY", "0.1", "1", "0.1", "0.2"),)
    )
    frame = next(build_frames(header, [line]))
    assert b'"timestamp":"3"' in frame.payload
    assert market(2).condition_id.encode() in frame.payload
    assert frame.tokens == ("21",)
    assert frame.at == 5_000_000


def test_a_trade_prints_on_both_outcomes_and_in_the_next_book(
    header: TapeHeader, lines: list[TapeLine]
) -> None:
    book = TapeLine(at=lines[-1].at, rebuilt=True, book=header.start_books[1])
    frames = list(build_frames(header, [*lines, book]))
    assert frames[-1].payload.endswith(b'"last_trade_price":"0.4"}')
    assert all(one.at <= two.at for one, two in pairwise(frames))
