"""Reference prices that somebody recorded, and how windows end on them."""

import pytest

from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.errors import ConfigError
from daemon.sim.exchange.season.recorded_prices import parse_prices, recorded_prices

START = 1_790_000_000 * NANOS_PER_S


def line(second: int, price: str = "64251.104233", asset: str = "btc") -> bytes:
    at = START + second * NANOS_PER_S
    return f'{{"asset": "{asset}", "at": {at}, "price": "{price}"}}'.encode()


def test_prices_of_each_asset_come_at_their_time() -> None:
    parsed = parse_prices([line(0), line(0, "2900", "eth"), line(1, "64252")], "file")
    prices = recorded_prices(parsed, Nanos(START))
    assert prices.keys() == {"btc", "eth"}
    btc = prices["btc"]
    assert btc.latest is not None
    assert (btc.latest.price, btc.next_at) == (64_251_104_233, START + NANOS_PER_S)
    btc.advance(Nanos(START + 60 * NANOS_PER_S))
    assert btc.latest.price == 64_252 * MICRO
    assert btc.next_at is None
    later = Nanos(START + 300 * NANOS_PER_S)
    assert btc.average(later, Nanos(60 * NANOS_PER_S)) == 64_252 * MICRO


def test_a_recording_can_be_moved_as_a_whole() -> None:
    parsed = parse_prices([line(0), line(5, "2900", "eth")], "file")
    first_at = Nanos(7 * NANOS_PER_S)
    prices = recorded_prices(parsed, Nanos(0), first_at=first_at)
    assert [prices[asset].next_at for asset in ("btc", "eth")] == [
        first_at,
        first_at + 5 * NANOS_PER_S,
    ]


@pytest.mark.parametrize(
    "lines, problem",
    [
        ([], "holds no price"),
        ([b"{"], "line 1"),
        ([line(0), b'{"asset": "btc", "at": 1}'], "line 2"),
        ([line(0, "dear")], "line 1"),
        ([line(0, "-5")], "line 1"),
        ([line(0, "0")], "positive"),
        ([line(0, asset="luna")], "no windows on 'luna'"),
        ([line(1), line(0)], "runs backwards"),
        ([b"\xff"], "line 1"),
    ],
)
def test_a_recording_that_cannot_be_names_the_line(lines: list[bytes], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        parse_prices(lines, "file")


def test_a_recording_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.sim.exchange.season.recorded_prices.LINES_MAX", 1)
    with pytest.raises(ConfigError, match="at most 1 lines"):
        parse_prices([line(0), line(1)], "file")
