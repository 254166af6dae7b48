"""What a recorded market gives a daemon, and what it does not."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest

from daemon.errors import ConfigError
from daemon.sim.exchange.tape.tape import TapeLine
from daemon.simulation.backtest.backtest import Backtest, run_backtest
from daemon.simulation.backtest.plan import BacktestPlan
from tests.unit.simulation.backtest.made_tape import a_level, a_trade, write_tape

NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
CONFIG: Final = """
profile = "service"

[[strategies]]
name = "top_bidder"
side = "BUY"
limit_price = {limit}
shares_per_order = 20

[[strategies]]
name = "order_splitter"
limit_price = 0.60
total_shares = 10
time_window_minutes = 1
min_order_size = 10
max_order_size = 10
"""


def bid(
    folder: Path,
    *lines: TapeLine,
    limit: str,
    strategy: str = "top_bidder",
    seconds: int = 10,
    assignments: Mapping[str, object] = NOTHING,
) -> Backtest:
    """Let a bidder of twenty shares follow a tape up to a limit."""
    config = folder / "config.toml"
    config.write_text(CONFIG.format(limit=limit))
    tape = write_tape(folder / "made.tape.gz", *lines, seconds=seconds)
    return run_backtest(
        BacktestPlan(tape=tape, strategy=strategy, assignments=assignments, config=config)
    )


def test_a_bidder_does_not_outbid_itself_where_the_book_shows_its_order(tmp_path: Path) -> None:
    report = bid(tmp_path, limit="0.60").report
    assert (report["orders_created"], report["orders_canceled"]) == (1, 1)
    assert report["fills"] == 0


def test_a_bid_that_no_trade_reaches_is_never_filled(tmp_path: Path) -> None:
    sold = [a_trade(second + 0.4, "SELL", "0.49", "500") for second in range(2, 9)]
    bought = [a_trade(second + 0.7, "BUY", "0.52", "500") for second in range(2, 9)]
    found = bid(tmp_path, *sold, *bought, limit="0.48")
    assert found.report["orders_sent"] == 1
    assert (found.report["fills"], found.cash, found.pnl) == (0, found.cash_start, 0)


def test_a_bid_in_front_is_filled_first_and_a_bid_behind_waits_its_turn(tmp_path: Path) -> None:
    in_front = bid(tmp_path, a_trade(5, "SELL", "0.48", "8"), limit="0.60").report
    assert (in_front["fills"], in_front["shares_filled"]) == (1, "8.00")
    assert in_front["positions"][0]["avg_price"] == "0.49"
    behind = bid(tmp_path, a_trade(5, "SELL", "0.48", "100"), limit="0.48").report
    assert (behind["orders_sent"], behind["fills"]) == (1, 0)
    past_it = bid(tmp_path, a_trade(5, "SELL", "0.48", "112"), limit="0.48").report
    assert (past_it["fills"], past_it["shares_filled"]) == (1, "12.00")


def test_what_an_order_takes_is_gone_from_the_recorded_book(tmp_path: Path) -> None:
    thin = a_level(0.01, "SELL", "0.52", "6")
    found = bid(tmp_path, thin, limit="0.60", strategy="order_splitter", seconds=75)
    (position,) = found.report["positions"]
    assert (position["shares"], position["avg_price"]) == ("6.00", "0.52")


def test_an_order_takes_as_long_to_the_exchange_as_it_is_set(tmp_path: Path) -> None:
    early = a_trade(3, "SELL", "0.48", "20")
    quick = bid(tmp_path, early, limit="0.60")
    slow = bid(tmp_path, early, limit="0.60", assignments={"paper.submit_latency_ms": "3000"})
    assert (quick.report["fills"], slow.report["fills"]) == (1, 0)


def test_the_same_seed_is_the_same_run_and_another_settles_differently(tmp_path: Path) -> None:
    trades = [a_trade(second + 0.5, "SELL", "0.48", "30") for second in range(1, 9)]
    jitter = {"paper.jitter_ms": "300"}
    one, again = (bid(tmp_path, *trades, limit="0.60", assignments=jitter) for _ in range(2))
    assert one.sha256 == again.sha256
    assert one.report["positions"] == again.report["positions"]
    other = run_backtest(replace(one.plan, seed=1))
    assert other.sha256 != one.sha256


def test_a_tape_that_breaks_off_is_named_with_its_line(tmp_path: Path) -> None:
    tape = write_tape(tmp_path / "made.tape.gz", last=b"{nonsense")
    plan = BacktestPlan(tape=tape, strategy="top_bidder", assignments={})
    with pytest.raises(ConfigError, match="line 12"):
        run_backtest(plan)


def test_a_backtest_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    bid(tmp_path, limit="0.60")
    assert list(temporary.iterdir()) == []


def test_a_daemon_that_may_not_trade_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "KILL_SWITCH").write_text("Emergency stop")
    found = bid(tmp_path, limit="0.60")
    assert found.report["orders_created"] == 0
    assert "kill" in found.idle_because
