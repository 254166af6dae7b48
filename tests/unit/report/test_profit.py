"""Profit follows from the executions: over runs, by cause, and only from what settled."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.fill import FillCause
from daemon.domain.side import Side
from daemon.report.report_text import report_lines
from daemon.report.run_report import build_report
from daemon.report.trade_ledger import TradeLedger
from tests.builders import YES, price, shares
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
