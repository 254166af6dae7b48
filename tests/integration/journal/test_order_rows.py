"""Table orders says what the folded orders say, in the customer's words, over all runs."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from daemon.adapters.postgres.projection import Projection, at_time, order_uuid
from daemon.domain import order_events as ev
from daemon.domain.ids import RunId
from daemon.domain.order import Order
from daemon.domain.order_machine import apply
from daemon.domain.side import Side
from daemon.domain.units import Shares
from daemon.ports import Entry
from tests.builders import (
    CONDITION,
    NO,
    START,
    STRATEGY,
    a_fill,
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

SENT, ACCEPTED, CANCEL = "sent", "accepted", "cancel"


def news(order: Order, *steps: str | ev.OrderEvent) -> list[ev.OrderEvent]:
    """Spell out news of an order."""
    name = order.client_order_id
    words: dict[str, ev.OrderEvent] = {
        SENT: ev.OrderSent(client_order_id=name),
        ACCEPTED: ev.OrderAccepted(client_order_id=name),
        CANCEL: ev.CancelRequested(client_order_id=name, reason="replaced"),
        "delayed": ev.OrderDelayed(client_order_id=name),
        "unknown": ev.OrderUnknown(client_order_id=name, reason="cut"),
        "rejected": ev.OrderRejected(client_order_id=name, reason="no money"),
        "failed": ev.OrderFailed(client_order_id=name, reason="too late"),
        "expired": ev.OrderExpired(client_order_id=name, matched=Shares(0)),
        "canceled": ev.OrderCanceled(client_order_id=name, matched=shares("3"), reason="asked"),
        "part": ev.OrderFilled(client_order_id=name, fill=a_fill(order=order, shares="3")),
        "last": ev.OrderFilled(client_order_id=name, fill=a_fill(order=order, shares="10")),
    }
    return [words[step] if isinstance(step, str) else step for step in steps]


LIVES = {
    "pending": (),
    "submitted": (SENT,),
    "open": (SENT, ACCEPTED),
    "partially_filled": (SENT, ACCEPTED, "part"),
    "delayed": (SENT, "delayed"),
    "pending_cancel": (SENT, ACCEPTED, CANCEL),
    "unknown": (SENT, "unknown"),
    "filled": (SENT, ACCEPTED, "last"),
    "cancelled": (SENT, ACCEPTED, "part", CANCEL, "canceled"),
    "rejected": (SENT, "rejected"),
    "expired": (SENT, ACCEPTED, "expired"),
    "failed": ("failed",),
}


async def test_a_row_of_orders_is_the_folded_order_in_every_status(postgres_dsn: str) -> None:
    folded: dict[str, Order] = {}
    sent_at: dict[str, Any] = {}
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        for steps in LIVES.values():
            order = bench.create(
                shares="10", side=Side.SELL, token=NO, arrival_price="0.505", slot="ask"
            )
            for event in news(order, *steps):
                bench.append(event)
                order = apply(order, event)
                if isinstance(event, ev.OrderSent):
                    sent_at[order.client_order_id] = at_time(bench.at)
            folded[order.client_order_id] = order
        await bench.journal.flush()
        rows = await bench.rows("select * from orders order by client_order_id")
    assert [row["status"] for row in rows] == list(LIVES)
    for row in rows:
        order = folded[row["client_order_id"]]
        assert row["id"] == order_uuid(order.client_order_id)
        assert (row["run_id"], row["mode"], row["type"]) == ("purse-1", "paper", "LIMIT")
        assert (row["market_id"], row["outcome"], row["token_id"]) == (CONDITION, "NO", NO)
        assert (row["outcome_label"], row["slug"]) == ("No", "a-market")
        assert (row["side"], row["slot"]) == ("SELL", "ask")
        assert (row["price"], row["size"]) == (Decimal("0.4200"), Decimal("10.000000"))
        assert row["price_micros"] == order.price
        assert row["filled"] == Decimal(order.filled) / 1_000_000
        assert row["filled_exact"] == order.filled_exact
        assert row["matched_micros"] == order.matched
        assert row["reason"] == order.reason
        assert row["placed_at"] == sent_at.get(order.client_order_id)
        assert row["created_at"] == at_time(order.created_at)
        assert row["arrival_price_micros"] == price("0.505")
        assert (row["venue_order_id"], row["strategy_id"]) == (order.venue_order_id, STRATEGY)


async def test_open_orders_are_those_that_may_still_rest(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        for steps in LIVES.values():
            order = bench.create(shares="10")
            for event in news(order, *steps):
                bench.append(event)
        await bench.journal.flush()
        rows = await bench.rows("select status, account from open_orders order by status")
    assert [row["status"] for row in rows] == sorted(list(LIVES)[:7])
    assert {row["account"] for row in rows} == {"purse"}


async def test_a_new_run_goes_on_with_the_rows_of_the_one_before(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as first:
        order = first.create(shares="10")
        for event in news(order, SENT, ACCEPTED):
            first.append(event)
        sent_at = at_time(START) + timedelta(milliseconds=2)
    then = [ev.OrderCreated(order=order), *news(order, SENT, ACCEPTED)]
    entries = [
        Entry(seq=n + 1, at=type(START)(START + (n + 1) * 1_000_000), facts=(fact,))
        for n, fact in enumerate(then)
    ]
    second = JournalBench(always(postgres_dsn), run=a_run("purse-2", predecessor=RunId("purse-1")))
    second.projection.remember("purse-1", entries)
    assert second.projection.orders == {}
    async with writing(second) as bench:
        for event in news(order, "unknown", ACCEPTED, "part"):
            bench.append(event)
        await bench.journal.flush()
        row = await bench.row("select * from orders")
        execution = await bench.row("select * from executions")
    assert (row["run_id"], row["status"], row["placed_at"]) == (
        "purse-1",
        "partially_filled",
        sent_at,
    )
    assert execution["run_id"] == "purse-2"


def test_finished_orders_are_forgotten_beyond_a_bound_and_open_ones_never(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("daemon.adapters.postgres.projection.ORDERS_MAX", 5)
    projection = Projection(a_run("purse-1"), ())
    kept = an_order(shares="10")
    facts: list[Any] = [ev.OrderCreated(order=kept), *news(kept, SENT, ACCEPTED)]
    for _ in range(30):
        order = an_order(shares="10")
        facts += [ev.OrderCreated(order=order), *news(order, SENT, "rejected")]
    for seq, fact in enumerate(facts):
        projection.add(Entry(seq=seq, at=START, facts=(fact,)))
        projection.clear()
    assert len(projection._orders) <= 7
    assert len(projection._order_run) == len(projection._orders)
    late = ev.OrderFilled(
        client_order_id=kept.client_order_id, fill=a_fill(order=kept, shares="10")
    )
    projection.add(Entry(seq=999, at=START, facts=(late,)))
    assert len(projection.executions) == 1
