"""What a person may ask of the exchange."""

import pytest

from daemon.errors import ConfigError
from daemon.exchange.__main__ import parse_options
from daemon.exchange.options import BoxOptions
from daemon.exchange.tape_file import bundled_names, open_tape


@pytest.mark.parametrize(
    "options, word",
    [
        (BoxOptions(speed=61), "--speed"),
        (BoxOptions(speed=-1), "--speed"),
        (BoxOptions(speed=10, is_now=True), "--now"),
        (BoxOptions(minutes=0), "--minutes"),
        (BoxOptions(minutes=float("nan")), "--minutes"),
        (BoxOptions(port=65_535), "--port"),
        (BoxOptions(host="0.0.0.0", speed=10), "--host"),
        (BoxOptions(host="example.org", speed=0), "--host"),
    ],
)
def test_a_choice_that_cannot_work_is_refused_by_name(options: BoxOptions, word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        options.check()


@pytest.mark.parametrize(
    "options",
    [
        BoxOptions(),
        BoxOptions(speed=0, host="::1"),
        BoxOptions(speed=60, host="localhost", minutes=0.5, port=4000),
        BoxOptions(speed=1, host="0.0.0.0"),
        BoxOptions(is_now=True, minutes=5, start_at=9),
    ],
)
def test_a_choice_that_works_is_taken(options: BoxOptions) -> None:
    options.check()


def test_flags_become_options() -> None:
    flags = [
        "--tape",
        "btc5m",
        "--speed",
        "0",
        "--minutes",
        "5",
        "--start-at",
        "9",
        "--port",
        "7",
        "--host",
        "::1",
        "--child",
    ]
    assert parse_options(flags) == BoxOptions(
        tape="btc5m", speed=0, minutes=5.0, start_at=9, port=7, host="::1", is_child=True
    )


def test_a_venue_of_today_is_one_flag() -> None:
    assert parse_options(["--now"]) == BoxOptions(is_now=True, speed=1)


def test_an_unknown_tape_is_answered_with_the_known_ones() -> None:
    assert bundled_names() == ["btc5m", "nhl"]
    with pytest.raises(ConfigError, match="btc5m, nhl"):
        open_tape("/no/such/tape")
