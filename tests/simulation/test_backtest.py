"""Whole daemons on the recorded markets that come with the program."""

import pytest

from daemon.simulation.backtest.backtest import Backtest, run_backtest
from daemon.simulation.backtest.plan import BacktestPlan

TAPES = ("btc5m", "nhl")
STRATEGIES = ("top_bidder", "order_splitter")


def backtest(tape: str, strategy: str, minutes: float | None) -> Backtest:
    """Run one; daemon and exchange are compared and the exchange audited in it."""
    return run_backtest(BacktestPlan(tape=tape, strategy=strategy, assignments={}, minutes=minutes))


def check(found: Backtest) -> None:
    report = found.report
    assert report["orders_sent"] > 0
    assert report["fills"] > 0
    assert found.volume > 0
    assert report["are_positions_recounted"]
    assert (report["orders_open"], report["orders_unknown"], report["orders_failed"]) == (0, 0, 0)
    assert (report["frames_dropped"], found.idle_because) == (0, "")
    assert abs(found.cash - found.cash_counted) <= report["fills"]


@pytest.mark.requirement("S1-028")
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("tape", TAPES)
def test_orders_of_a_strategy_meet_a_recorded_market(tape: str, strategy: str) -> None:
    check(backtest(tape, strategy, minutes=1))


@pytest.mark.parametrize(("tape", "strategy"), [*zip(TAPES, STRATEGIES, strict=True)])
def test_the_same_backtest_decides_the_same_twice(tape: str, strategy: str) -> None:
    one, other = (backtest(tape, strategy, minutes=0.5) for _ in range(2))
    assert one.decisions > 0
    assert one.sha256 == other.sha256
    assert one.report["trades"] == other.report["trades"]


@pytest.mark.long
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("tape", TAPES)
def test_whole_tapes_are_traded_to_their_end(tape: str, strategy: str) -> None:
    check(backtest(tape, strategy, minutes=None))
