"""The tables for people say what the facts say, in the customer's words."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from daemon.adapters.postgres.projection import at_time, execution_uuid, order_uuid
from daemon.domain import order_events as ev
from daemon.domain.facts import (
    FillSettled,
    MarketClosed,
    ParentCompleted,
    ParentStarted,
    PositionChanged,
    TargetDenied,
    TradingHalted,
    TradingPaused,
)
from daemon.domain.fill import Fill, FillCause, Simulated
from daemon.domain.ids import BookId, ParentId, RunId, SlotId
from daemon.domain.reasons import DenialReason, HaltReason, PauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import Shares
from tests.builders import (
    CONDITION,
    NO,
    START,
    STRATEGY,
    YES,
    a_fill,
    a_parent,
    a_position,
    an_order,
    price,
    shares,
)
from tests.integration.journal.journal_bench import (
    JournalBench,
    always,
    writing,
)
from tests.journal_bench import a_run


@pytest.mark.requirement("S0-093", "S0-097")
async def test_a_row_of_executions_is_the_fill_with_what_it_rests_on(postgres_dsn: str) -> None:
    simulated = Simulated(
        cause=FillCause.QUEUE,
        book_id=BookId("71@1#2"),
        pessimistic_shares=Shares(0),
        pessimistic_price=price("0.42"),
    )
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        order = bench.create(shares="10")
        plain: Fill = a_fill(
            order=order, trade_id="t1", price="0.4199", shares="2.5", fee="0.001", at=START
        )
        paper = replace(plain, trade_id="t2", simulated=simulated)
        for fill in (plain, paper):
            bench.append(ev.OrderFilled(client_order_id=order.client_order_id, fill=fill))
        bench.append(FillSettled(trade_id=plain.trade_id, settlement=SettlementStatus.MINED))
        await bench.journal.flush()
        one, other = await bench.rows("select * from executions order by trade_id")
        fill_row = await bench.row("select * from fills where trade_id = 't1'")
    assert one["id"] == execution_uuid(plain)
    assert one["order_id"] == order_uuid(order.client_order_id)
    assert (one["qty"], one["price"]) == (Decimal("2.500000"), Decimal("0.4199"))
    assert (one["fee"], one["fee_micros"]) == (Decimal("0.001000"), 1_000)
    assert one["executed_at"] == at_time(START)
    assert one["created_at"] == at_time(START) + timedelta(milliseconds=2)
    assert (one["mode"], one["settlement"], one["liquidity"]) == ("paper", "mined", "maker")
    assert (one["cause"], one["book_id"], one["pessimistic_price_micros"]) == (None, None, None)
    assert other["settlement"] == "matched"
    assert (other["cause"], other["book_id"]) == ("queue", "71@1#2")
    assert (other["pessimistic_shares_micros"], other["pessimistic_price_micros"]) == (0, 420_000)
    assert (fill_row["client_order_id"], fill_row["account"]) == (order.client_order_id, "purse")


@pytest.mark.requirement("S0-082", "S1-039")
async def test_a_row_of_positions_is_the_latest_position_at_its_mark(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        bench.append(PositionChanged(position=a_position(shares="7"), mark=None))
        bench.append(PositionChanged(position=a_position(token=NO), mark=None))
        await bench.journal.flush()
        held = replace(
            a_position(shares="10", average="0.3333"), realized_exact=-1_500_001, fees=123
        )
        bench.append(PositionChanged(position=held, mark=price("0.35")))
        await bench.journal.flush()
        rows = await bench.rows("select * from positions order by outcome desc")
    yes, no = rows
    assert (yes["outcome"], no["outcome"]) == ("YES", "NO")
    assert (yes["qty"], yes["avg_price"]) == (Decimal("10.000000"), Decimal("0.3333"))
    assert yes["realized_pnl"] == Decimal("-0.000002"), "rounded down, as the program does"
    assert yes["realized_exact"] == -1_500_001
    assert yes["unrealized_pnl"] == Decimal("0.167000")
    assert yes["unrealized_pnl_ts"] == at_time(bench.at)
    assert (no["unrealized_pnl"], no["unrealized_pnl_ts"]) == (None, None)
    assert (yes["mode"], yes["account"]) == ("paper", "purse")


async def test_a_row_of_parents_follows_its_life(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        bench.append(ParentStarted(parent=a_parent(slices={0: "60", 30: "40"})))
        bench.append(ParentStarted(parent=a_parent(parent_id="parent-2")))
        bench.append(
            ParentCompleted(
                parent_id=ParentId("parent-1"), filled=shares("98"), residue=shares("2")
            )
        )
        await bench.journal.flush()
        one, other = await bench.rows("select * from parents order by parent_id")
    assert (one["status"], one["shares"], one["filled"]) == ("completed", 100, 98)
    assert (one["residue_micros"], one["completed_at"]) == (2_000_000, at_time(bench.at))
    assert json.loads(one["body"]) == {"slices": [[0, 60_000_000], [30_000_000_000, 40_000_000]]}
    assert (other["status"], other["completed_at"]) == ("running", None)


async def test_the_same_parent_name_in_two_accounts_is_two_parents(postgres_dsn: str) -> None:
    started = ParentStarted(parent=a_parent())
    for run in (a_run("purse-1"), a_run("other-1", account="other")):
        async with writing(JournalBench(always(postgres_dsn), run=run)) as bench:
            bench.append(started)
    done = ParentCompleted(parent_id=ParentId("parent-1"), filled=shares("200"), residue=Shares(0))
    last = JournalBench(
        always(postgres_dsn), run=a_run("other-2", account="other", predecessor=RunId("other-1"))
    )
    async with writing(last) as bench:
        bench.append(started, done)
        await bench.journal.flush()
        rows = await bench.rows("select account, run_id, status from parents order by account")
    assert [tuple(row.values()) for row in rows] == [
        ("other", "other-1", "completed"),
        ("purse", "purse-1", "running"),
    ]


@pytest.mark.requirement("S0-114", "S1-041")
async def test_what_a_person_may_have_to_account_for_is_in_the_audit_log(
    postgres_dsn: str,
) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        bench.create()
        bench.append(
            TradingPaused(reason=PauseReason.JOURNAL_DOWN, detail="gone"),
            TradingHalted(reason=HaltReason.KILL_SWITCH, detail="Emergency stop"),
            MarketClosed(condition_id=CONDITION, detail="resolved"),
            TargetDenied(
                strategy_id=STRATEGY,
                slot=SlotId("bid"),
                token=YES,
                side=Side.BUY,
                price=price("0.5"),
                shares=shares("10"),
                reason=DenialReason.ORDER_SIZE,
                detail="10 > 5",
            ),
        )
        await bench.journal.flush()
        rows = await bench.rows("select * from audit_logs order by seq")
    assert [(row["level"], row["msg"]) for row in rows] == [
        ("warning", "TradingPaused"),
        ("critical", "TradingHalted"),
        ("info", "MarketClosed"),
        ("info", "TargetDenied"),
    ]
    assert [row["seq"] for row in rows] == [2, 3, 4, 5]
    assert json.loads(rows[1]["context_json"]) == {
        "reason": "kill_switch",
        "detail": "Emergency stop",
    }
    assert json.loads(rows[3]["context_json"])["price"] == 500_000
    assert {(row["mode"], row["account"], row["run_id"]) for row in rows} == {
        ("paper", "purse", "purse-1")
    }


async def test_a_token_that_is_not_configured_any_more_keeps_its_rows(postgres_dsn: str) -> None:
    bench = JournalBench(always(postgres_dsn), markets=())
    async with writing(bench):
        bench.create()
        bench.append(PositionChanged(position=a_position(), mark=None))
        bench.append(ParentStarted(parent=a_parent()))
        await bench.journal.flush()
        for table in ("orders", "positions", "parents"):
            row = await bench.row(f"select * from {table}")
            assert row["token_id"] == YES
            assert row.get("outcome") is None


def test_ids_are_derived_from_names_and_nothing_else() -> None:
    order, fill = an_order(client_order_id="run-1"), a_fill(trade_id="t")
    assert order_uuid(order.client_order_id) == order_uuid(order.client_order_id)
    assert execution_uuid(fill) == execution_uuid(replace(fill, shares=Shares(1)))
    ids = [order_uuid(an_order().client_order_id) for _ in range(3)]
    assert all(one != other for one, other in pairwise(ids))
