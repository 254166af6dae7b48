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
        (BoxOptions(tape="nhl", speed=10, is_now=True), "--now"),
        (BoxOptions(tape="nhl", minutes=0), "--minutes"),
        (BoxOptions(tape="nhl", minutes=float("nan")), "--minutes"),
        (BoxOptions(port=65_527), "--port"),
        (BoxOptions(host="0.0.0.0", speed=10), "--host"),
        (BoxOptions(tape="nhl", host="example.org", speed=0), "--host"),
        (BoxOptions(tape="nhl", is_quiet=True), "--quiet"),
        (BoxOptions(tape="nhl", is_now=True, prices="p.jsonl"), "--prices"),
        (BoxOptions(settle_ms=-1), "--settle-ms"),
        (BoxOptions(balance_lag_ms=-1), "--balance-lag-ms"),
        (BoxOptions(fund=("nonsense",)), "--fund nonsense"),
        (BoxOptions(speed=0), "--speed 0: needs a --tape"),
        (BoxOptions(minutes=1), "--minutes: needs a --tape"),
        (BoxOptions(start_at=1), "--start-at: needs a --tape"),
        (BoxOptions(is_now=True), "--now: needs a --tape"),
    ],
)
def test_a_choice_that_cannot_work_is_refused_by_name(options: BoxOptions, word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        options.check()


@pytest.mark.parametrize(
    "options",
    [
        BoxOptions(),
        BoxOptions(tape="nhl", speed=0, host="::1"),
        BoxOptions(tape="nhl", speed=60, host="localhost", minutes=0.5, port=4000),
        BoxOptions(speed=1, host="0.0.0.0"),
        BoxOptions(is_quiet=True, speed=60, seed=7, settle_ms=0, port=65_526),
        BoxOptions(tape="nhl", is_now=True, minutes=5, start_at=9),
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
    assert parse_options(["--tape", "nhl", "--now"]) == BoxOptions(tape="nhl", is_now=True, speed=1)


def test_a_venue_of_its_own_is_told_who_trades_and_what_goes_wrong() -> None:
    flags = ["--quiet", "--seed", "7", "--faults", "f.toml", "--settle-ms", "200", "--prices", "p"]
    flags += ["--balance-lag-ms", "300"]
    flags += ["--fund", "a", "--fund", "b"]
    assert parse_options(flags) == BoxOptions(
        is_quiet=True,
        seed=7,
        faults="f.toml",
        settle_ms=200,
        balance_lag_ms=300,
        prices="p",
        fund=("a", "b"),
    )


def test_an_unknown_tape_is_answered_with_the_known_ones() -> None:
    assert bundled_names() == ["btc5m", "nhl"]
    with pytest.raises(ConfigError, match="btc5m, nhl"):
        open_tape("/no/such/tape")
