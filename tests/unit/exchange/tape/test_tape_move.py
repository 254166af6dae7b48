"""A tape moved in time says the same at another moment."""

import json

import msgspec
import pytest

from daemon.errors import ConfigError
from daemon.sim.exchange.tape.frame import BookReplaced, Frame, LevelChanged, build_frames
from daemon.sim.exchange.tape.tape import TapeHeader, TapeLine
from daemon.sim.exchange.tape.tape_move import TapeMove

BY_MS = 14_381_365_679
MOVE = TapeMove(BY_MS)


def frames(header: TapeHeader, lines: list[TapeLine], move: TapeMove) -> list[Frame]:
    return list(build_frames(move.header(header), move.lines(lines)))


def test_frames_keep_their_length_and_say_the_same_at_another_time(
    header: TapeHeader, lines: list[TapeLine]
) -> None:
    as_recorded = list(build_frames(header, lines))
    for old, new in zip(as_recorded, frames(header, lines, MOVE), strict=True):
        assert new.at - old.at == MOVE.by
        assert len(new.payload) == len(old.payload)
        before, after = json.loads(old.payload), json.loads(new.payload)
        assert int(after.pop("timestamp")) - int(before.pop("timestamp")) == BY_MS
        for entry in [*before.get("price_changes", ()), *after.get("price_changes", ())]:
            del entry["hash"]  # made up, and of the time as well
        assert after == before
        assert new.tokens == old.tokens


def test_the_books_learn_the_moved_time(header: TapeHeader, lines: list[TapeLine]) -> None:
    for frame in frames(header, lines, MOVE):
        for update in frame.updates:
            if isinstance(update, BookReplaced | LevelChanged):
                assert update.timestamp_ms == json.loads(frame.payload)["timestamp"]


def test_dates_of_markets_move_and_their_names_stay(header: TapeHeader) -> None:
    old, new = header.markets[0], MOVE.header(header).markets[0]
    assert new.end_at - old.end_at == MOVE.by
    assert old.end == "2026-05-28T20:00:00Z"
    assert new.end == "2026-11-11T06:49:25.679Z"
    assert new.event_start == "2026-11-10T10:49:25.679Z"
    assert (new.slug, new.question) == (old.slug, old.question)


def test_what_states_no_time_is_left_as_it_is() -> None:
    for text in ("PONG", '{"timestamp":"17800000"}', '{"timestamp":1780000030000}', '{"timestam'):
        assert MOVE.text(text) == text
    spaced = '[{"timestamp": "1780000030000"}, {"timestamp":"1780000030001"}]'
    assert MOVE.text(spaced) == '[{"timestamp": "1794381395679"}, {"timestamp":"1794381395680"}]'


def test_a_move_is_whole_milliseconds_and_never_later_than_wanted() -> None:
    assert TapeMove.between(5_000_000, 12_999_999).by == 7_000_000
    assert TapeMove.between(12_999_999, 5_000_000).by == -8_000_000


def test_an_open_end_stays_open_and_a_date_without_a_zone_is_utc(header: TapeHeader) -> None:
    market = msgspec.structs.replace(header.markets[0], listed="2026-01-01 00:00:00")
    endless = msgspec.structs.replace(header, last_at=None, markets=(market,))
    moved = TapeMove(1).header(endless)
    assert moved.last_at is None
    assert moved.markets[0].listed == "2026-01-01T00:00:00.001Z"


def test_a_date_that_is_none_is_named(header: TapeHeader) -> None:
    market = msgspec.structs.replace(header.markets[0], end="soon")
    with pytest.raises(ConfigError, match="soon"):
        MOVE.header(msgspec.structs.replace(header, markets=(market,)))
