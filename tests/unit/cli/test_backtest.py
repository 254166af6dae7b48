"""`pennyd replay --tape`: what it prints, and what it refuses in one clear line."""

import json
from pathlib import Path

import pytest

from daemon.cli.main import main
from tests.unit.simulation.backtest.made_tape import a_trade, write_tape

BIDDER = ("--strategy", "top_bidder")


@pytest.fixture
def tape(tmp_path: Path) -> str:
    return write_tape(tmp_path / "made.tape.gz", a_trade(5, "SELL", "0.48", "20"))


def test_a_backtest_is_told_with_its_money_and_its_digest(
    tape: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", "--tape", tape, *BIDDER]) == 0
    said = capfd.readouterr().out
    assert f"Backtest of top_bidder on {tape}: A made tape" in said
    assert "From 2026-05-28T20:26:41.000000Z to 2026-05-28T20:26:50.000000Z, 11 frames" in said
    assert "1 fills, volume $2.45" in said
    assert "Cash $1000 before, $997.55 after; P&L $-0.05 at the last marks" in said
    assert "× real time" in said
    assert "did not react" in said
    assert "Decisions sha256: " in said


def test_programs_get_exact_money_and_the_whole_report(
    tape: str, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["replay", "--tape", tape, *BIDDER, "--set", "shares_per_order=6", "--json"]
    assert main(words) == 0
    said = json.loads(capfd.readouterr().out)
    assert (said["cash"], said["volume"], said["pnl"]) == ("997.06", "2.94", "-0.06")
    assert said["cash_counted"] == said["cash"]
    assert said["assignments"] == {"shares_per_order": "6"}
    assert said["report"]["fills"] == 1
    assert said["decision_sha256"] == said["report"]["decision_log"]["sha256"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "give either RECORDING"),
        (("somewhere", "--tape", "nhl", *BIDDER), "give either RECORDING"),
        (("somewhere", *BIDDER), "--strategy: needs a --tape"),
        (("somewhere", "--set", "side=SELL"), "--set: needs a --tape"),
        (("--tape", "nhl"), "say whose entries trade"),
        (("--tape", "nhl", "--strategy", "momentum"), "give one of top_bidder, order_splitter"),
        (("--tape", "nowhere", *BIDDER), "no such tape and no such file; give btc5m, nhl"),
        (("--tape", __file__, *BIDDER), "cannot be read to its end"),
        (("--tape", "nhl", *BIDDER, "--minutes", "0"), "--minutes 0.0: give more than 0"),
        (("--tape", "nhl", *BIDDER, "--minutes", "nan"), "--minutes nan: give more than 0"),
        (("--tape", "nhl", *BIDDER, "--set", "pace=1"), "pace (command line): unknown key"),
        (("--tape", "nhl", *BIDDER, "--set", "mode=live"), "--set mode: a backtest sets it itself"),
        (("--tape", "nhl", *BIDDER, "--set", "side"), "--set: expected KEY=VALUE"),
    ],
)
def test_what_makes_no_sense_is_refused(
    words: tuple[str, ...], expected: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", *words]) == 2
    said = capfd.readouterr()
    assert expected in said.err
    assert said.err.startswith("pennyd: ")
    assert said.out == ""


def test_a_configuration_without_the_strategy_is_refused(
    tmp_path: Path, tape: str, capfd: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text('[[strategies]]\nname = "order_splitter"\nlimit_price = 0.5\n')
    assert main(["replay", "--tape", tape, *BIDDER, "--config", str(config)]) == 2
    assert "has no [[strategies]] entry of that name" in capfd.readouterr().err
