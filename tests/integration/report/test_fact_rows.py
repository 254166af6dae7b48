"""Rows made from facts alone are the rows that the database makes of them."""

from dataclasses import replace

from daemon.domain import order_events as ev
from daemon.domain.facts import FillSettled, ParentCompleted, ParentStarted, TargetDenied
from daemon.domain.ids import SlotId
from daemon.domain.reasons import DenialReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.ports import Entry
from daemon.report.fact_rows import rows_of
from tests.builders import STRATEGY, YES, a_parent, price, seconds, shares
from tests.integration.report.test_report_rows import read
from tests.integration.report.written_run import (
    a_record,
    bought_and_sold,
    entry,
    filled,
    placed,
    write,
)
from tests.unit.runtime.told import BTC, Told


def everything() -> list[Entry]:
    """Return what a run may write that a report speaks of."""
    told = Told(run="run-1")
    entries = bought_and_sold(told, 1, bought="0.45", sold="0.55")
    replacing = replace(told.order(3, price="0.30"), replaces=told.order(9).client_order_id)
    entries += [*placed(told, replacing), *filled(told, replacing, price="0.30", shares="4")]
    taken_back = told.order(4, price="0.40")
    entries += [*placed(told, taken_back), *filled(told, taken_back, price="0.40", after_s=5)]
    fact = entries[-1].facts[0]
    assert isinstance(fact, ev.OrderFilled)
    failed = FillSettled(trade_id=fact.fill.trade_id, settlement=SettlementStatus.FAILED)
    refused = told.order(5, price="0.20")
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
    unsent = ev.OrderFailed(client_order_id=refused.client_order_id, reason="too late")
    told_alone = (
        failed,
        ev.OrderCreated(order=refused),
        unsent,
        denial,
        ParentStarted(parent=parent),
        done,
    )
    return [*entries, *(entry(told.step(one, at=seconds(6))) for one in told_alone)]


async def test_facts_and_database_give_the_same_rows(postgres_dsn: str) -> None:
    entries = everything()
    await write(postgres_dsn, a_record("run-1"), entries)
    stored = await read(postgres_dsn, "run-1")
    facts = [fact for one in entries for fact in one.facts]
    assert rows_of(stored.run, facts, (BTC,)) == stored
    assert len(stored.orders) == 5
    assert [row.is_failed for row in stored.executions] == [False, False, False, True]
