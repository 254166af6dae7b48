"""Why an order was made and what became of it is told from what the journal really wrote."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.order_history import OrderHistory
from daemon.domain import order_events as ev
from daemon.domain.facts import (
    BookDistrusted,
    Fact,
    FillSettled,
    OrderDuplicate,
    TargetDenied,
    TradingPaused,
)
from daemon.domain.ids import RunId
from daemon.domain.order import Order
from daemon.domain.reasons import DenialReason, PauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import NO_SHARES
from daemon.errors import PennydError
from daemon.ports import Entry
from daemon.report.order_facts import OrderFacts
from daemon.report.order_story import OrderStory, order_story
from tests.builders import START, STRATEGY, YES, price, seconds, shares
from tests.integration.report.written_run import a_record, entry, filled, placed, write
from tests.unit.runtime.told import Told


async def facts_of(dsn: str, name: str | None) -> OrderFacts:
    connection = await connect(dsn)
    try:
        return await OrderHistory(connection).facts_of(name)
    finally:
        await connection.close()


async def story_of(dsn: str, name: str | None) -> OrderStory:
    return order_story(await facts_of(dsn, name))


def a_denial(order: Order, detail: str, **changes: str) -> TargetDenied:
    denial = TargetDenied(
        strategy_id=STRATEGY,
        slot=order.slot,
        token=YES,
        side=Side.BUY,
        price=price("0.45"),
        shares=shares("10"),
        reason=DenialReason.OPEN_ORDERS,
        detail=detail,
    )
    return replace(denial, **changes)


def telling(told: Told, *steps: tuple[int, tuple[Fact, ...]]) -> Iterator[Entry]:
    """Yield an entry for the facts of each step, so many seconds after the start."""
    for after_s, facts in steps:
        yield entry(told.step(*facts, at=seconds(after_s)))


def cancelled(order: Order, reason: str) -> tuple[Fact, Fact]:
    name = order.client_order_id
    return (
        ev.CancelRequested(client_order_id=name, reason=reason),
        ev.OrderCanceled(client_order_id=name, matched=NO_SHARES, reason="asked"),
    )


async def a_busy_life(dsn: str) -> Order:
    """Write the life of an order that replaced one, was refused before, filled, and was replaced."""
    told = Told(run="run-1")
    first = told.order(1, price="0.44")
    second = replace(
        told.order(2, price="0.45"), replaces=first.client_order_id, created_at=seconds(10)
    )
    third = replace(
        told.order(3, price="0.46"), replaces=second.client_order_id, created_at=seconds(30)
    )
    part = told.fill(second, price="0.45", shares="4", at=seconds(12))
    trade = part[0].fill.trade_id if isinstance(part[0], ev.OrderFilled) else None
    assert trade is not None
    entries = [
        *telling(told, (0, (a_denial(first, "before the first"),))),
        *placed(told, first),
        *telling(
            told,
            (8, cancelled(first, "replaced")),
            (9, (a_denial(second, "10 open, at most 10"),)),
            (9, (a_denial(second, "of another slot", slot="ask"),)),
        ),
        *placed(told, second, at=seconds(10)),
        *telling(told, (12, part)),
        *telling(
            told,
            (13, (FillSettled(trade_id=trade, settlement=SettlementStatus.CONFIRMED),)),
            (14, (OrderDuplicate(trade_id=trade),)),
            (20, (BookDistrusted(token=YES, reason="crossed"), *cancelled(second, "not wanted"))),
        ),
        *placed(told, third, at=seconds(30)),
        *filled(told, third, price="0.46", after_s=31),
    ]
    await write(dsn, a_record("run-1"), entries)
    return second


async def test_the_chain_of_an_order_is_whole_and_its_own(postgres_dsn: str) -> None:
    order = await a_busy_life(postgres_dsn)
    story = await story_of(postgres_dsn, order.client_order_id)
    assert story["order"]["order_id"] == order.venue_order_id
    assert (story["strategy"], story["slot"], story["arrival_price"]) == (STRATEGY, "bid", "0.4488")
    assert (story["status"], story["filled"]) == ("cancelled", "4.00")
    assert [(event["event"], event["after_ms"]) for event in story["events"]] == [
        ("order.created", 0.0),
        ("order.sent", 0.0),
        ("order.accepted", 0.0),
        ("order.filled", 2000.0),
        ("fill.settled", 3000.0),
        ("order.duplicate", 4000.0),
        ("cancel.requested", 10_000.0),
        ("order.canceled", 10_000.0),
    ]


async def test_what_an_order_replaced_and_what_replaced_it_are_told(postgres_dsn: str) -> None:
    order = await a_busy_life(postgres_dsn)
    story = await story_of(postgres_dsn, order.client_order_id)
    replaced, successor = story["replaced"], story["replaced_by"]
    assert replaced is not None
    assert replaced["order"]["client_order_id"] == "run-1-1"
    assert [(e["event"], e["after_ms"], e.get("reason")) for e in replaced["events"]] == [
        ("cancel.requested", -2000.0, "replaced"),
        ("order.canceled", -2000.0, "asked"),
    ]
    assert successor is not None
    assert (successor["client_order_id"], successor["after_ms"]) == ("run-1-3", 20_000.0)


async def test_refusals_are_those_of_the_slot_since_the_order_before(postgres_dsn: str) -> None:
    order = await a_busy_life(postgres_dsn)
    story = await story_of(postgres_dsn, order.client_order_id)
    assert [(d["after_ms"], d["reason"], d["detail"]) for d in story["denied_before"]] == [
        (-1000.0, "open_orders", "10 open, at most 10")
    ]


async def test_a_fill_has_its_cause_its_book_and_the_position_after_it(postgres_dsn: str) -> None:
    order = await a_busy_life(postgres_dsn)
    story = await story_of(postgres_dsn, order.client_order_id)
    (fill,) = (event for event in story["events"] if event["event"] == "order.filled")
    assert (fill.get("price"), fill.get("size"), fill.get("cause")) == ("0.45", "4.00", "queue")
    assert fill.get("book_id") == "71717171@1776081600000#7"
    held = story["position"]
    assert held is not None
    assert (held["shares"], held["avg_price"]) == ("4.00", "0.45")


async def test_a_cancel_names_what_else_happened_in_its_step(postgres_dsn: str) -> None:
    order = await a_busy_life(postgres_dsn)
    story = await story_of(postgres_dsn, order.client_order_id)
    (request,) = (event for event in story["events"] if event["event"] == "cancel.requested")
    assert request.get("reason") == "not wanted"
    assert request.get("because") == "book not believed: crossed"


async def test_an_order_is_found_by_each_of_its_names(postgres_dsn: str) -> None:
    order = await a_busy_life(postgres_dsn)
    venue = order.venue_order_id
    head = venue[: len("0xa1b2c3d4") + 6]
    for name in (order.client_order_id, venue, head, f"{head}...", head.removeprefix("0x")):
        assert (await facts_of(postgres_dsn, name)).order == order, name


async def test_the_newest_order_needs_no_name(postgres_dsn: str) -> None:
    await a_busy_life(postgres_dsn)
    assert (await facts_of(postgres_dsn, None)).order.client_order_id == "run-1-3"


@pytest.mark.parametrize("name", ["nobody", "", "...", "%"])
async def test_an_order_that_is_not_there_is_said_so(postgres_dsn: str, name: str) -> None:
    await a_busy_life(postgres_dsn)
    with pytest.raises(PennydError, match="in the database; `pennyd orders --all` lists them"):
        await facts_of(postgres_dsn, name)


async def test_a_beginning_of_several_names_them(postgres_dsn: str) -> None:
    await a_busy_life(postgres_dsn)
    with pytest.raises(PennydError, match="several orders: name one of run-1-3, run-1-2, run-1-1"):
        await facts_of(postgres_dsn, "0xa1b2")


async def test_a_database_without_orders_says_how_to_get_some(postgres_dsn: str) -> None:
    with pytest.raises(PennydError, match="no order is in the database yet"):
        await facts_of(postgres_dsn, None)


async def test_what_a_later_run_learned_belongs_to_the_order(postgres_dsn: str) -> None:
    before = Told(run="run-1")
    order = before.order(1)
    await write(postgres_dsn, a_record("run-1"), placed(before, order))
    after = Told(run="run-2")
    after.state.desk.add(order)
    name = order.client_order_id
    entries = [
        entry(after.step(fact, at=seconds(60)))
        for fact in (
            ev.OrderUnknown(client_order_id=name, reason="the run before ended without knowing"),
            ev.OrderCanceled(client_order_id=name, matched=NO_SHARES, reason="not found"),
        )
    ]
    later = replace(a_record("run-2", predecessor="run-1"), started_at=seconds(50))
    await write(postgres_dsn, later, entries, before=("run-1",))
    facts = await facts_of(postgres_dsn, name)
    assert facts.run_id == "run-1"
    told = [(event["run_id"], event["event"]) for event in order_story(facts)["events"]]
    assert told[-2:] == [(RunId("run-2"), "order.unknown"), (RunId("run-2"), "order.canceled")]


async def test_an_order_stopped_by_a_pause_says_which(postgres_dsn: str) -> None:
    told = Told(run="run-1")
    order = told.order(1)
    paused = TradingPaused(reason=PauseReason.STOPPING)
    entries = [
        *placed(told, order, at=START),
        *telling(told, (5, (paused, *cancelled(order, "not wanted")))),
    ]
    await write(postgres_dsn, a_record("run-1"), entries)
    events = (await story_of(postgres_dsn, order.client_order_id))["events"]
    assert [event["because"] for event in events if "because" in event] == [
        "trading paused: stopping"
    ]
