"""The main job, as a newcomer runs it."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.ledger import positions_from_executions, query
from tests.acceptance.pennyd_process import Ended, run

MINUTES = "4"


def demo(
    folder: Path, tape: str, speed: int, minutes: str = MINUTES
) -> tuple[Ended, dict[str, Any]]:
    """Run a demo to its end in a state folder of its own; return how it ended and its report."""
    report = folder / "report.json"
    ended = run(
        [
            "demo",
            "--tape", tape,
            "--speed", str(speed),
            "--minutes", minutes,
            "--state-dir", str(folder / "state"),
            "--json", str(report),
        ],
        cwd=folder,
    )  # fmt: skip
    assert ended.code == 0, ended.err[-4000:]
    return ended, json.loads(report.read_text())


def assert_visibly_trades(report: dict[str, Any]) -> None:
    assert report["orders_replaced"] >= 20
    assert report["fills"] >= 5
    assert report["parents_completed"] >= 1
    assert sum(report["orders_denied"].values()) >= 1
    assert report["frames_dropped"] == 0


@pytest.mark.requirement("S0-016", "S2-001", "S0-036", "S0-106", "S4-045", "S0-045")
@pytest.mark.requirement("S0-029", "S0-037", "S0-077", "S0-082", "S2-051", "S2-052", "S2-055")
@pytest.mark.parametrize("tape", ["nhl", "btc5m"])
def test_two_demos_at_speed_0_decide_alike_and_report_what_the_rows_add_up_to(
    tape: str, folder: Path
) -> None:
    first, second = folder / "first", folder / "second folder"
    for place in (first, second):
        place.mkdir()
        place.chmod(0o711)
    ended, report = demo(first, tape, 0)
    _, again = demo(second, tape, 0)
    assert_visibly_trades(report)
    assert "ORDER EXECUTION STATS" in ended.out
    assert report["decision_log"]["sha256"] == again["decision_log"]["sha256"]
    assert decisions(report) == decisions(again)
    assert_rows_add_up_to(report, first)


@pytest.mark.long
@pytest.mark.parametrize("tape", ["nhl", "btc5m"])
@pytest.mark.parametrize("speed", [0, 10, 60])
def test_a_demo_of_default_length_trades_visibly(tape: str, speed: int, folder: Path) -> None:
    _, report = demo(folder, tape, speed, minutes="10")
    assert_visibly_trades(report)


def decisions(report: dict[str, Any]) -> bytes:
    return Path(report["decision_log"]["path"]).read_bytes()


def assert_rows_add_up_to(report: dict[str, Any], folder: Path) -> None:
    state, run_id = folder / "state", report["run_id"]
    orders = query(state, "select * from orders where run_id = $1", run_id)
    executions = query(
        state,
        "select e.* from executions e join orders o on o.id = e.order_id"
        " join fact f on f.run_id = e.run_id and f.kind = 'OrderFilled'"
        " and f.body -> 'fill' ->> 'trade_id' = e.trade_id"
        " and f.body ->> 'client_order_id' = o.client_order_id"
        " where e.run_id = $1 order by f.seq",
        run_id,
    )
    assert report["orders_created"] == len(orders)
    assert report["orders_replaced"] == sum(row["replaces"] is not None for row in orders)
    assert report["fills"] == len(executions)
    filled: dict[Any, int] = {}
    for row in executions:
        filled[row["order_id"]] = filled.get(row["order_id"], 0) + row["shares_micros"]
    for row in orders:
        assert row["filled_micros"] == filled.get(row["id"], 0)
        assert row["status"] in {"filled", "cancelled", "rejected", "failed"}, (
            "the goodbye left one"
        )
    denied = query(
        state,
        "select body ->> 'reason' as reason, count(*) as n from fact"
        " where run_id = $1 and kind = 'TargetDenied' group by 1",
        run_id,
    )
    assert report["orders_denied"] == {row["reason"]: row["n"] for row in denied}
    assert Fraction(report["fees"]) == Fraction(sum(r["fee_micros"] for r in executions), 10**6)
    held = positions_from_executions(executions)
    rows = {row["token_id"]: row for row in query(state, "select * from positions")}
    assert set(rows) == set(held)
    unrealized = Fraction(0)
    for token, position in held.items():
        row = rows[token]
        assert Fraction(row["shares_micros"], 10**6) == position["shares"]
        assert abs(Fraction(int(row["realized_exact"]), 10**12) - position["realized"]) < Fraction(
            1, 10**6
        )
        if position["shares"]:
            mark = Fraction(row["mark_price_micros"], 10**6)
            unrealized += position["shares"] * mark - position["cost"]
    realized = sum(position["realized"] for position in held.values())
    assert abs(Fraction(report["realized_pnl"]) - realized) < Fraction(1, 10**5)
    assert abs(Fraction(report["unrealized_pnl"]) - unrealized) < Fraction(1, 10**5)
    summary = query(state, "select * from runs where run_id = $1", run_id)[0]
    assert summary["status"] == "completed"
    assert json.loads(summary["summary_json"]) == report
