"""The tape's position: due frames in order, none skipped."""

import pytest

from daemon.sim.exchange.tape.frame import Frame, build_frames
from daemon.sim.exchange.tape.tape import TapeHeader, TapeLine
from daemon.sim.exchange.tape.tape_player import TapePlayer

SECOND = 1_000_000_000


def play(
    header: TapeHeader,
    lines: list[TapeLine],
    *,
    start_at: int | None = None,
    minutes: float | None = None,
) -> TapePlayer:
    return TapePlayer(header, build_frames(header, lines), start_at=start_at, minutes=minutes)


def take(player: TapePlayer, now: int | None) -> list[Frame]:
    return player.take_due(now, frames_max=100, bytes_max=1_000_000)


def test_only_due_frames_leave(header: TapeHeader, lines: list[TapeLine]) -> None:
    player = play(header, lines)
    assert take(player, header.first_at - 1) == []
    assert [frame.at for frame in take(player, header.first_at)] == [header.first_at]
    assert take(player, header.first_at + 29 * SECOND) == []
    assert player.next_at == header.first_at + 30 * SECOND
    assert player.at == header.first_at


def test_late_frames_leave_at_once_and_in_order(header: TapeHeader, lines: list[TapeLine]) -> None:
    player = play(header, lines)
    frames = take(player, header.first_at + 1000 * SECOND)
    assert [frame.at for frame in frames] == [line.at for line in lines]
    assert player.is_done
    assert player.sent == 3
    assert take(player, None) == []


def test_bounds_split_a_batch_and_one_frame_always_fits(
    header: TapeHeader, lines: list[TapeLine]
) -> None:
    player = play(header, lines)
    assert len(player.take_due(None, frames_max=2, bytes_max=1_000_000)) == 2
    assert len(player.take_due(None, frames_max=2, bytes_max=1)) == 1
    assert player.is_done


def test_a_book_holds_what_was_taken_and_nothing_later(
    header: TapeHeader, lines: list[TapeLine]
) -> None:
    player = play(header, lines)
    take(player, header.first_at)
    assert player.books.by_token["11"].best_bid == 410_000
    assert player.books.by_token["21"].bids == {}
    take(player, None)
    assert player.books.by_token["21"].best_bid == 480_000


def test_starting_later_applies_what_came_before(header: TapeHeader, lines: list[TapeLine]) -> None:
    player = play(header, lines, start_at=header.first_at + 31 * SECOND)
    assert player.origin_at == header.first_at + 100 * SECOND
    assert player.books.by_token["21"].best_bid == 480_000
    assert player.sent == 0
    assert player.total is None


@pytest.mark.parametrize("minutes, count", [(1, 2), (2, 3), (100, 3), (0.1, 1)])
def test_minutes_end_the_tape_early(
    header: TapeHeader, lines: list[TapeLine], minutes: float, count: int
) -> None:
    player = play(header, lines, minutes=minutes)
    assert len(take(player, None)) == count
    assert player.is_done


@pytest.mark.parametrize("minutes, total", [(None, 3), (1.0, 2), (2.0, 3), (0.5, None)])
def test_the_total_is_known_where_it_costs_nothing(
    header: TapeHeader, lines: list[TapeLine], minutes: float | None, total: int | None
) -> None:
    player = play(header, lines, minutes=minutes)
    assert player.total == total
    assert player.ends_at is not None
    assert player.ends_at <= header.first_at + 100 * SECOND


def test_an_empty_tape_is_over_from_the_start(header: TapeHeader) -> None:
    player = play(header, [])
    assert player.is_done
    assert player.next_at is None
    assert player.origin_at == header.first_at
