"""What a report says follows from its rows."""

import json

import pytest

from daemon.domain.side import Side
from daemon.report.report_text import HEADING, report_lines
from daemon.report.run_report import TRADES_MAX, RunReport, build_report
from daemon.report.run_session import LatencyFigures
from tests.builders import seconds
from tests.unit.report.report_rows import (
    RUN,
    a_position_row,
    a_session,
    an_execution,
    an_order_row,
    rows,
)

MICRO = 10**6


def a_busy_report() -> RunReport:
    """Bought 10 at 0.42 with a fee, 10 more at 0.40, sold 5 at 0.50; the mark is 0.48."""
    return build_report(
        rows(
            orders=(
                an_order_row(1),
                an_order_row(2, created_at=seconds(1)),
                an_order_row(3, side=Side.SELL, status="partially_filled", filled="5"),
                an_order_row(4, status="cancelled", filled="0", is_replacement=True),
                an_order_row(5, status="failed", filled="0", is_sent=False),
                an_order_row(6, status="rejected", filled="0"),
            ),
            executions=(
                an_execution(1, limit="0.42", fee="0.1", arrival="0.41", after_s=2),
                an_execution(2, limit="0.40", size="6", arrival="0.41", after_s=2),
                an_execution(2, limit="0.40", size="4", arrival="0.41", after_s=9),
                an_execution(3, side=Side.SELL, limit="0.50", size="5", arrival="0.49", after_s=10),
            ),
            positions=(
                a_position_row(
                    size="15",
                    cost=15 * MICRO * 410_000,
                    realized=5 * MICRO * 90_000 - 100_000 * MICRO,
                    mark="0.48",
                ),
            ),
            denials={"trade_notional": 2, "open_orders": 5},
        ),
        a_session(),
    )


@pytest.mark.requirement("S2-084", "S4-045")
def test_orders_are_counted_by_what_became_of_them() -> None:
    report = a_busy_report()
    counted = {
        key: report[key]
        for key in (
            "orders_created",
            "orders_sent",
            "orders_replaced",
            "orders_with_fills",
            "orders_filled",
            "orders_canceled",
            "orders_rejected",
            "orders_failed",
            "orders_open",
        )
    }
    assert counted == {
        "orders_created": 6,
        "orders_sent": 5,
        "orders_replaced": 1,
        "orders_with_fills": 3,
        "orders_filled": 2,
        "orders_canceled": 1,
        "orders_rejected": 1,
        "orders_failed": 1,
        "orders_open": 1,
    }
    assert report["fill_rate"] == 0.6
    assert report["orders_denied"] == {"open_orders": 5, "trade_notional": 2}
    assert (report["parents_started"], report["parents_completed"]) == (2, 1)


@pytest.mark.requirement("S4-045")
def test_latency_counts_to_the_first_fill_of_each_order() -> None:
    assert a_busy_report()["avg_fill_latency_ms"] == 4333.333  # 2 s, 1 s and 10 s


@pytest.mark.requirement("S4-045", "S3-082")
def test_slippage_is_averaged_over_shares_against_arrival() -> None:
    report = a_busy_report()  # (10 × 0.01 − 10 × 0.01 − 5 × 0.01) / 25
    assert (report["avg_slippage"], report["slippage_cost"]) == ("-0.002", "-0.05")
    assert report["avg_slippage_pct"] == "-0.4695"  # of 10.65


@pytest.mark.requirement("S0-084", "S2-084")
def test_profit_is_that_of_the_fills_net_of_fees() -> None:
    report = a_busy_report()
    assert report["fees"] == "0.10"
    assert report["realized_pnl"] == "0.35"  # 5 × (0.50 − 0.41) − 0.10
    assert report["unrealized_pnl"] == "1.05"  # 15 × (0.48 − 0.41)
    (position,) = report["positions"]
    assert (position["shares"], position["avg_price"]) == ("15.00", "0.41")
    assert (position["realized_pnl"], position["unrealized_pnl"]) == ("0.35", "1.05")
    assert report["are_positions_recounted"] is True


@pytest.mark.requirement("S0-084")
def test_each_trade_says_what_it_brought_and_together_they_are_the_whole() -> None:
    trades = a_busy_report()["trades"]
    assert [
        (t["side"], t["fills"], t["shares"], t["avg_price"], t["fees"], t["slippage"])
        for t in trades
    ] == [
        ("BUY", 1, "10.00", "0.42", "0.10", "0.01"),
        ("BUY", 2, "10.00", "0.40", "0.00", "-0.01"),
        ("SELL", 1, "5.00", "0.50", "0.00", "-0.01"),
    ]
    assert [t["realized_pnl"] for t in trades] == ["-0.10", "0.00", "0.45"]
    assert [t["unrealized_pnl"] for t in trades] == ["0.60", "0.80", "-0.35"]


def test_a_run_in_which_nothing_happened_has_a_report_too() -> None:
    report = build_report(rows(), a_session(wall_s=0.0, tape_s=None))
    assert (report["orders_created"], report["fill_rate"], report["events_per_s"]) == (0, 0.0, 0)
    assert report["avg_slippage"] is None
    text = "\n".join(report_lines(report))
    assert "Avg fill latency:       -" in text
    assert "Fills by cause" not in text


@pytest.mark.requirement("S0-037", "S0-106", "S0-149", "S1-037")
def test_the_report_survives_json_unchanged_and_names_its_form() -> None:
    report = a_busy_report()
    assert json.loads(json.dumps(report)) == report
    assert report["schema_version"] == 1


def test_what_the_process_counted_is_passed_on() -> None:
    report = a_busy_report()
    assert report["decision_latency_us"] == {
        "p50": 85,
        "p95": 150,
        "p99": 300,
        "max": 900,
        "count": 7,
    }
    assert (report["frames_received"], report["events_per_s"]) == (12_000, 250)
    assert report["exit"] == {"code": 0, "reason": "end of tape"}
    assert report["decision_log"] is not None
    assert report["decision_log"]["sha256"] == "ab" * 32


@pytest.mark.requirement("S4-045")
def test_the_text_begins_with_the_customers_block() -> None:
    assert report_lines(a_busy_report())[:8] == [
        HEADING,
        "=====================",
        "Total orders:           6",
        "Total fills:            4 (60.0% fill rate)",
        "Avg fill latency:       4.33s",
        "Avg slippage:           -0.0020 (-0.47%)",
        "Realized P&L:           $+0.35",
        "Active positions:       1",
    ]


@pytest.mark.requirement("S0-106")
def test_the_text_says_the_rest_and_where_things_are() -> None:
    text = "\n".join(report_lines(a_busy_report()))
    for words in (
        "Denied by risk:         7 (open_orders 5, trade_notional 2)",
        "Decision latency:       p50 85 µs, p95 150 µs, p99 300 µs",
        "Frames:                 12000 received, 0 dropped, 0 garbled",
        "Database:               /var/lib/pennyd/postgres",
        "Time:                   60.0 s, 600.0 s of tape",
        "Exit:                   0 (end of tape)",
    ):
        assert words in text


def test_only_the_latest_trades_are_listed_and_all_are_counted() -> None:
    numbers = range(1, TRADES_MAX + 6)
    report = build_report(
        rows(
            orders=tuple(an_order_row(number) for number in numbers),
            executions=tuple(an_execution(number, after_s=number) for number in numbers),
        ),
        a_session(),
    )
    assert (len(report["trades"]), report["trades_omitted"]) == (TRADES_MAX, 5)
    assert report["trades"][-1]["client_order_id"] == f"{RUN}-{TRADES_MAX + 5}"
    assert report["fills"] == TRADES_MAX + 5


def test_latency_figures_are_rounded_to_microseconds() -> None:
    class Measured:
        count = 3
        max_ns = 1_999

        def percentile_ns(self, percent: int) -> int:
            return percent * 100

    assert LatencyFigures.of(Measured()) == LatencyFigures(
        p50_us=5, p95_us=10, p99_us=10, max_us=2, count=3
    )
