"""What a report says follows from its rows."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.fill import FillCause
from daemon.domain.side import Side
from daemon.report.report_text import HEADING, report_lines
from daemon.report.run_report import TRADES_MAX, RunReport, build_report
from daemon.report.run_session import LatencyFigures
from daemon.report.trade_ledger import TradeLedger
from tests.builders import YES, price, seconds, shares
from tests.unit.report.report_rows import (
    EARLIER,
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


def test_profit_of_an_earlier_run_is_not_counted_again() -> None:
    report = build_report(
        rows(
            orders=(an_order_row(1, side=Side.SELL),),
            executions=(
                an_execution(1, run=EARLIER, limit="0.30"),
                an_execution(2, run=EARLIER, side=Side.SELL, limit="0.40", size="5"),
                an_execution(1, side=Side.SELL, limit="0.35", size="5", after_s=3),
            ),
            predecessor=EARLIER,
        ),
        a_session(),
    )
    assert (report["fills"], report["realized_pnl"]) == (1, "0.25")
    assert [trade["client_order_id"] for trade in report["trades"]] == [f"{RUN}-1"]


def test_an_order_of_an_earlier_run_that_fills_now_counts_as_fill_and_not_as_order() -> None:
    order = an_order_row(9, run=EARLIER)
    filled = replace(an_execution(9, after_s=3), client_order_id=order.client_order_id)
    report = build_report(rows(orders=(order,), executions=(filled,)), a_session())
    assert (report["orders_created"], report["fills"], report["fill_rate"]) == (0, 1, 0.0)
    assert report["avg_fill_latency_ms"] is None
    assert len(report["trades"]) == 1


def test_a_fill_whose_settlement_failed_never_was() -> None:
    report = build_report(
        rows(
            orders=(an_order_row(1), an_order_row(2)),
            executions=(
                an_execution(1, is_failed=True, fee="0.5", cause=FillCause.WALK),
                an_execution(2, limit="0.4", cause=FillCause.QUEUE),
            ),
        ),
        a_session(),
    )
    assert (report["fills"], report["fees"], report["realized_pnl"]) == (1, "0.00", "0.00")
    assert report["fills_by_cause"]["walk"]["fills"] == 0


def test_each_cause_says_what_a_pessimist_would_have_been_given() -> None:
    causes = build_report(
        rows(
            orders=tuple(an_order_row(number) for number in range(1, 6)),
            executions=(
                an_execution(1, cause=FillCause.WALK, limit="0.42", fee="0.2", sure=("10", "0.43")),
                an_execution(2, cause=FillCause.WALK, limit="0.42", fee="0.2", sure=("0", "0.42")),
                an_execution(3, cause=FillCause.TRADE_THROUGH, limit="0.40", sure=("4", "0.40")),
                an_execution(4, cause=FillCause.QUEUE, side=Side.SELL, limit="0.60"),
                an_execution(5, cause=None),
            ),
            positions=(a_position_row(mark="0.50"),),
        ),
        a_session(),
    )["fills_by_cause"]
    walk, through, queue = (causes[name] for name in ("walk", "trade_through", "queue"))
    assert (walk["fills"], walk["shares"], walk["notional"]) == (2, "20.00", "8.40")
    assert walk["pessimistic"] == {
        "shares": "10.00",
        "cash_difference": "4.30",  # −0.10 for the worse price, +4.20 + 0.20 not spent
        "pnl_difference": "-0.70",  # −0.10, and 0.80 not earned less the fee of 0.20 not paid
    }
    assert through["pessimistic"] == {
        "shares": "4.00",
        "cash_difference": "2.40",
        "pnl_difference": "-0.60",
    }
    assert queue["pessimistic"] == {
        "shares": "0.00",
        "cash_difference": "-6.00",
        "pnl_difference": "-1.00",
    }


def test_positions_that_are_not_the_sum_of_executions_are_called_out() -> None:
    wrong = replace(a_position_row(size="10", cost=4 * MICRO * MICRO), shares=shares("9"))
    report = build_report(rows(positions=(wrong,)), a_session())
    assert report["are_positions_recounted"] is False
    assert any("rebuild-positions" in line for line in report_lines(report))


def test_a_held_token_nobody_bids_for_counts_as_worthless() -> None:
    held = a_position_row(size="10", cost=4 * MICRO * MICRO, mark=None)
    report = build_report(rows(positions=(held,)), a_session())
    assert report["unrealized_pnl"] == "-4.00"
    assert report["positions"][0]["unrealized_pnl"] is None


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


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Side),
            st.integers(1, 99),
            st.integers(1, 500),
            st.integers(0, 50),
        ),
        max_size=30,
    ),
    st.integers(1, 99),
)
def test_trades_add_up_to_the_accounts_profit(
    fills: list[tuple[Side, int, int, int]], mark: int
) -> None:
    executions = [
        an_execution(number, side=side, limit=f"0.{cents:02d}", size=str(size), fee=f"0.{fee:03d}")
        for number, (side, cents, size, fee) in enumerate(fills, 1)
    ]
    ledger = TradeLedger(RUN, executions)
    at = price(f"0.{mark:02d}")
    total = sum(
        row.side.sign * row.shares * (at - row.price) - row.fee * MICRO for row in executions
    )
    trades = ledger.trades.values()
    assert sum(t.realized_exact + t.unrealized_exact(at) for t in trades) == total
    assert sum(t.realized_exact for t in trades) == ledger.realized_exact
    assert {t.first.token for t in trades} <= {YES}


def test_latency_figures_are_rounded_to_microseconds() -> None:
    class Measured:
        count = 3
        max_ns = 1_999

        def percentile_ns(self, percent: int) -> int:
            return percent * 100

    assert LatencyFigures.of(Measured()) == LatencyFigures(
        p50_us=5, p95_us=10, p99_us=10, max_us=2, count=3
    )
