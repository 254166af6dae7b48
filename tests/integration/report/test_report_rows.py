"""Reports are made from what the journal really wrote."""

import json
from dataclasses import replace

import pytest

from daemon.adapters.postgres.archive import RunArchive
from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.report_rows import read_run
from daemon.domain import order_events as ev
from daemon.domain.facts import FillSettled, ParentCompleted, ParentStarted, TargetDenied
from daemon.domain.fill import FillCause
from daemon.domain.ids import RunId, SlotId
from daemon.domain.reasons import DenialReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.errors import ConfigError
from daemon.report.rows import RunRows
from daemon.report.run_report import RunReport, build_report
from tests.builders import START, STRATEGY, YES, a_parent, price, seconds, shares
from tests.integration.report.written_run import (
    a_record,
    bought_and_sold,
    entry,
    filled,
    placed,
    write,
)
from tests.unit.report.report_rows import a_session
from tests.unit.runtime.told import BTC, Told


async def read(dsn: str, run: str) -> RunRows:
    connection = await connect(dsn)
    try:
        return await read_run(connection, RunId(run))
    finally:
        await connection.close()


async def report_of(dsn: str, run: str) -> RunReport:
    return build_report(await read(dsn, run), a_session())


async def test_orders_and_executions_come_back_as_they_were_told(postgres_dsn: str) -> None:
    told = Told(run="run-1")
    order = replace(told.order(1), replaces=told.order(9).client_order_id)
    entries = [*placed(told, order, at=seconds(1)), *filled(told, order, price="0.45", after_s=3)]
    await write(postgres_dsn, a_record("run-1"), entries)
    rows = await read(postgres_dsn, "run-1")
    (read_order,) = rows.orders
    assert read_order.client_order_id == "run-1-1"
    assert (read_order.slug, read_order.outcome, read_order.token) == (BTC.slug, "Yes", YES)
    assert (read_order.price, read_order.shares) == (price("0.45"), shares("10"))
    assert (read_order.filled, read_order.status) == (shares("10"), "filled")
    assert (read_order.is_sent, read_order.is_replacement) == (True, True)
    assert read_order.created_at == START
    (execution,) = rows.executions
    assert (execution.price, execution.shares) == (price("0.45"), shares("10"))
    assert (execution.at, execution.arrival_price) == (seconds(3), price("0.4488"))
    assert (execution.cause, execution.is_failed) == (FillCause.QUEUE, False)
    assert (rows.run.started_at, rows.run.account) == (START, "purse")


@pytest.mark.requirement("S0-084", "S2-084", "S4-051")
async def test_a_report_agrees_with_the_tables_it_was_made_from(postgres_dsn: str) -> None:
    told = Told(run="run-1")
    entries = bought_and_sold(told, 1, bought="0.45", sold="0.55")
    open_order = told.order(3, price="0.30")
    entries += [*placed(told, open_order), *filled(told, open_order, price="0.30", shares="4")]
    denial = TargetDenied(
        strategy_id=STRATEGY,
        slot=SlotId("bid"),
        token=YES,
        side=Side.BUY,
        price=price("0.45"),
        shares=shares("10"),
        reason=DenialReason.OPEN_ORDERS,
        detail="10 open, at most 10",
    )
    parent = a_parent()
    done = ParentCompleted(
        parent_id=parent.request.parent_id, filled=shares("200"), residue=shares("0")
    )
    entries += [
        entry(told.step(fact)) for fact in (denial, denial, ParentStarted(parent=parent), done)
    ]
    await write(postgres_dsn, a_record("run-1"), entries)
    report = await report_of(postgres_dsn, "run-1")
    connection = await connect(postgres_dsn)
    try:
        counted = await connection.fetchrow(
            "select (select count(*) from orders) as orders,"
            " (select count(*) from executions) as fills,"
            " (select sum(qty) from executions) as shares,"
            " (select sum(realized_pnl) from positions) as realized,"
            " (select sum(unrealized_pnl) from positions) as unrealized,"
            " (select count(*) from positions where qty <> 0) as active"
        )
    finally:
        await connection.close()
    assert counted is not None
    assert report["orders_created"] == counted["orders"] == 3
    assert report["fills"] == counted["fills"] == 3
    assert float(report["shares_filled"]) == counted["shares"] == 24
    assert float(report["realized_pnl"]) == counted["realized"] == 1
    assert float(report["unrealized_pnl"]) == float(counted["unrealized"]) == 0.56
    assert report["active_positions"] == counted["active"] == 1
    assert report["are_positions_recounted"] is True
    assert report["orders_denied"] == {"open_orders": 2}
    assert (report["parents_started"], report["parents_completed"]) == (1, 1)
    assert (report["orders_filled"], report["orders_open"]) == (2, 1)


@pytest.mark.requirement("S0-037")
async def test_the_stored_summary_is_the_value_that_is_printed(postgres_dsn: str) -> None:
    told = Told(run="run-1")
    entries = bought_and_sold(told, 1, bought="0.45", sold="0.55")
    await write(postgres_dsn, a_record("run-1"), entries)
    report = await report_of(postgres_dsn, "run-1")
    connection = await connect(postgres_dsn)
    try:
        await RunArchive(connection).close_run(
            RunId("run-1"), at=seconds(60), summary=report, error=None
        )
        stored = await connection.fetchval("select summary_json from runs")
    finally:
        await connection.close()
    assert json.loads(stored) == json.loads(json.dumps(report)) == report


async def test_a_run_that_continues_another_counts_only_what_it_earned_itself(
    postgres_dsn: str,
) -> None:
    before = Told(run="run-1")
    entries = bought_and_sold(before, 1, bought="0.40", sold="0.60")
    left = before.order(3, price="0.50")
    entries += placed(before, left)
    await write(postgres_dsn, a_record("run-1"), entries)
    after = Told(run="run-2")
    after.state = before.state
    entries = filled(after, left, price="0.50", after_s=20)
    sell = after.order(1, side=Side.SELL, price="0.70")
    entries += [*placed(after, sell), *filled(after, sell, price="0.70", after_s=30)]
    await write(postgres_dsn, a_record("run-2", predecessor="run-1"), entries, before=("run-1",))
    first, second = [await report_of(postgres_dsn, run) for run in ("run-1", "run-2")]
    assert (first["fills"], first["realized_pnl"]) == (2, "2.00")
    assert (second["fills"], second["realized_pnl"]) == (2, "2.00")
    assert (first["orders_created"], second["orders_created"]) == (3, 1)
    assert {trade["client_order_id"] for trade in second["trades"]} == {"run-1-3", "run-2-1"}
    assert second["are_positions_recounted"] is True
    assert second["predecessor"] == "run-1"


async def test_fills_of_the_same_instant_are_counted_in_the_order_of_their_facts(
    postgres_dsn: str,
) -> None:
    told = Told(run="run-1")
    orders = [
        told.order(number, side=side, price=limit)
        for number, side, limit in (
            (1, Side.BUY, "0.40"),
            (2, Side.SELL, "0.60"),
            (3, Side.BUY, "0.50"),
        )
    ]
    entries = [one for order in orders for one in placed(told, order)]
    for order, limit in zip(orders, ("0.40", "0.60", "0.50"), strict=True):
        entries += filled(told, order, price=limit)
    await write(postgres_dsn, a_record("run-1"), entries)
    rows = await read(postgres_dsn, "run-1")
    assert [row.client_order_id for row in rows.executions] == ["run-1-1", "run-1-2", "run-1-3"]
    report = build_report(rows, a_session())
    assert report["realized_pnl"] == report["positions"][0]["realized_pnl"] == "2.00"


async def test_a_fill_that_failed_to_settle_counts_for_nothing(postgres_dsn: str) -> None:
    told = Told(run="run-1")
    order = told.order(1)
    entries = [*placed(told, order), *filled(told, order, price="0.45")]
    fact = entries[-1].facts[0]
    assert isinstance(fact, ev.OrderFilled)
    failed = FillSettled(trade_id=fact.fill.trade_id, settlement=SettlementStatus.FAILED)
    entries.append(entry(told.step(failed)))
    await write(postgres_dsn, a_record("run-1"), entries)
    rows = await read(postgres_dsn, "run-1")
    assert [row.is_failed for row in rows.executions] == [True]
    assert build_report(rows, a_session())["fills"] == 0


async def test_positions_that_somebody_changed_are_noticed(postgres_dsn: str) -> None:
    told = Told(run="run-1")
    await write(
        postgres_dsn, a_record("run-1"), bought_and_sold(told, 1, bought="0.45", sold="0.55")
    )
    connection = await connect(postgres_dsn)
    try:
        assert (await report_of(postgres_dsn, "run-1"))["are_positions_recounted"] is True
        await connection.execute("update positions set realized_exact = realized_exact + 1")
        assert (await report_of(postgres_dsn, "run-1"))["are_positions_recounted"] is False
        await connection.execute("delete from positions")
        assert (await report_of(postgres_dsn, "run-1"))["are_positions_recounted"] is False
    finally:
        await connection.close()


async def test_accounts_are_kept_apart(postgres_dsn: str) -> None:
    for run, account in (("a-1", "a"), ("b-1", "b")):
        told = Told(run=run)
        order = told.order(1)
        entries = [*placed(told, order), *filled(told, order, price="0.45")]
        await write(postgres_dsn, a_record(run, account=account), entries)
    report = await report_of(postgres_dsn, "b-1")
    assert (report["orders_created"], report["fills"], len(report["positions"])) == (1, 1, 1)
    assert report["are_positions_recounted"] is True


async def test_a_run_that_never_was_is_named(postgres_dsn: str) -> None:
    with pytest.raises(ConfigError, match="there is no run 'nonsense'"):
        await read(postgres_dsn, "nonsense")
