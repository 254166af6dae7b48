"""A large order worked in slices by the engine: started once, resumed, completed, never exceeded."""

from dataclasses import replace

import pytest

from daemon.domain import order_events as ev
from daemon.domain.facts import ParentCompleted, ParentStarted
from daemon.domain.feed import MarketResolved
from daemon.domain.ids import ParentId, StrategyId
from daemon.domain.order import Order
from daemon.domain.reasons import PauseReason
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_S, Nanos, Shares
from daemon.engine.inputs import PauseEnded, PauseRequested
from daemon.engine.parents import Parents
from strategies.order_splitter import OrderSplitter, OrderSplitterParams
from tests.builders import CONDITION, START, YES, a_market, a_parent, price, seconds, shares
from tests.engine_builders import EVERYTHING_ALLOWED, Wisher
from tests.rig import Rig, a_rig

PARENT = ParentId("parent-1")
HOUR_S = 3600
PATIENT = Nanos(10 * HOUR_S * NANOS_PER_S)


def a_splitter(total: str = "1000", largest: str = "100", window_s: int = HOUR_S) -> OrderSplitter:
    params = OrderSplitterParams(
        parent_id=PARENT,
        token=YES,
        side=Side.BUY,
        limit_price=price("0.6"),
        total_shares=shares(total),
        time_window=Nanos(window_s * NANOS_PER_S),
        min_order_size=shares("5"),
        max_order_size=shares(largest),
        patience=PATIENT,
    )
    return OrderSplitter(StrategyId("twap"), params, shares("5"))


def let(rig: Rig, after_s: int) -> tuple[Order, ...]:
    """Let time pass with a fresh book, then pulse; return what is submitted."""
    rig.now = Nanos(rig.now + after_s * NANOS_PER_S)
    rig.show()
    submits = rig.submits
    rig.pulse(0)
    return submits + rig.submits


def completed(rig: Rig) -> list[ParentCompleted]:
    return [fact for fact in rig.facts if isinstance(fact, ParentCompleted)]


@pytest.mark.requirement("S2-032")
def test_a_thousand_shares_in_an_hour_are_ten_orders_of_a_hundred_over_a_restart() -> None:
    rig = a_rig(a_splitter())
    placed: list[tuple[int, Shares]] = []
    for number in range(10):
        if number == 4:
            rig = rig.restart(a_splitter())
        (order,) = let(rig, 360 if number else 0)
        placed.append(((rig.now - START) // NANOS_PER_S, order.shares))
        assert order.parent_id == PARENT
        rig.accept(order)
        rig.fill(order, "100")
    assert placed == [(360 * number, shares("100")) for number in range(10)]
    assert completed(rig) == [
        ParentCompleted(parent_id=PARENT, filled=shares("1000"), residue=Shares(0))
    ]
    assert rig.state.position(YES).shares == shares("1000")
    assert let(rig, 360) == ()


def test_a_parent_starts_once_when_its_book_can_be_believed() -> None:
    rig = a_rig(a_splitter())
    rig.pulse()
    assert rig.facts == []
    rig.show(asks={})
    assert not rig.state.parents.active
    rig.now = seconds(7)
    rig.show()
    (started,) = (fact for fact in rig.facts if isinstance(fact, ParentStarted))
    assert (started.parent.started_at, started.parent.arrival_price) == (seconds(7), price("0.5"))
    assert started.parent.strategy_id == "twap"
    let(rig, 1)
    assert sum(isinstance(fact, ParentStarted) for fact in rig.facts) == 1


def test_a_parent_does_not_start_while_paused() -> None:
    rig = a_rig(a_splitter())
    rig.step(PauseRequested(reason=PauseReason.STARTING))
    rig.show()
    assert not rig.state.parents.active
    rig.step(PauseEnded(reason=PauseReason.STARTING))
    assert PARENT in rig.state.parents.active


def test_a_slice_is_due_by_the_pulse_alone() -> None:
    wide = replace(EVERYTHING_ALLOWED, stale_after=Nanos(HOUR_S * NANOS_PER_S))
    rig = a_rig(a_splitter("20", "10", 60), limits=wide)
    rig.show()
    (first,) = rig.submits
    rig.accept(first)
    rig.pulse(29_999)
    assert rig.submits == ()
    rig.pulse(1)
    assert [order.slot for order in rig.submits] == ["slice-2"]


def test_a_parent_is_done_with_the_dust_that_no_order_can_hold() -> None:
    rig = a_rig(a_splitter("10", "10"))
    rig.show()
    (order,) = rig.submits
    rig.accept(order)
    rig.fill(order, "6")
    rig.cancel(order)
    assert completed(rig) == [
        ParentCompleted(parent_id=PARENT, filled=shares("6"), residue=shares("4"))
    ]
    assert not rig.state.parents.active


def test_a_parent_is_not_done_while_a_child_may_still_trade() -> None:
    rig = a_rig(a_splitter("10", "10"))
    rig.show()
    (order,) = rig.submits
    rig.accept(order)
    rig.fill(order, "6")
    assert completed(rig) == []
    rig.cancel(order, matched="8")
    assert completed(rig) == []
    rig.fill(order, "2")
    assert [done.residue for done in completed(rig)] == [shares("2")]


def test_a_parent_with_work_left_is_not_done_however_late_it_is() -> None:
    rig = a_rig(a_splitter("20", "10", 60))
    rig.show()
    rig.accept(rig.submits[0])
    let(rig, 10 * HOUR_S)
    assert completed(rig) == []


def test_a_completed_parent_never_starts_again_not_even_after_a_restart() -> None:
    rig = a_rig(a_splitter("10", "10"))
    rig.show()
    rig.fill(rig.submits[0], "10")
    again = rig.restart(a_splitter("10", "10"))
    assert let(again, 10) == ()
    assert len(completed(again)) == 1


@pytest.mark.requirement("S3-089", "S3-091")
def test_a_restart_goes_on_with_what_its_fills_say() -> None:
    rig = a_rig(a_splitter("20", "10", 60))
    rig.show()
    (order,) = rig.submits
    rig.accept(order)
    rig.fill(order, "4")
    again = rig.restart(a_splitter("20", "10", 60))
    assert again.state.parents.active == rig.state.parents.active
    again.show()
    assert again.submits == ()  # Its order is in doubt: nothing new for it.
    again.step(
        ev.OrderCanceled(client_order_id=order.client_order_id, matched=shares("4"), reason="")
    )
    assert [(o.slot, o.shares) for o in again.submits] == [("slice-1", shares("6"))]


def test_what_a_doubtful_child_may_hold_is_not_given_to_another_slice() -> None:
    """Slice 1 ended with 4 of 10 open, but 2 of them may be on their way to us."""
    rig = a_rig(a_splitter("20", "15", 60))
    rig.show()
    (order,) = rig.submits
    rig.accept(order)
    rig.fill(order, "6")
    rig.cancel(order, matched="8")
    (second,) = let(rig, 30)
    assert second.shares == shares("12")  # 10 of its own and the 2 that are free for certain.
    rig.fill(order, "2")
    assert rig.state.desk.parent_total(PARENT) + second.leaves == shares("20")


def test_a_rest_that_a_later_slice_works_already_is_not_worked_again() -> None:
    """Slice 2 left 4, which slice 3 took on; when slice 1 leaves 4 too, only what is free is due."""
    rig = a_rig(a_splitter("30", "12.5", 30))
    rig.show()
    (first,) = rig.submits
    rig.accept(first)
    (second,) = let(rig, 10)
    rig.accept(second)
    rig.fill(second, "6")
    rig.cancel(second)
    (third,) = let(rig, 10)
    assert third.shares == shares("12.5")
    rig.accept(third)
    rig.fill(first, "6")
    rig.cancel(first)
    assert [(order.slot, order.shares) for order in rig.submits] == [("slice-2", shares("5.5"))]


def test_a_market_that_ends_ends_its_parents_with_what_they_have() -> None:
    market = a_market(ends_at=seconds(45))
    rig = a_rig(a_splitter("20", "10", 60), markets=(market,))
    rig.show()
    (order,) = rig.submits
    rig.accept(order)
    rig.fill(order, "6")
    rig.pulse(45_000)
    assert len(rig.cancels) == 1
    assert completed(rig) == []
    rig.cancel(order)
    assert completed(rig) == [
        ParentCompleted(parent_id=PARENT, filled=shares("6"), residue=shares("14"))
    ]
    assert let(rig, 60) == ()


def test_a_parent_between_two_slices_ends_with_its_market_too() -> None:
    rig = a_rig(a_splitter("20", "10", 60), markets=(a_market(ends_at=seconds(20)),))
    rig.show()
    rig.fill(rig.submits[0], "10")
    rig.pulse(20_000)
    assert [done.residue for done in completed(rig)] == [shares("10")]


def test_a_resolved_market_ends_a_parent_even_while_paused() -> None:
    rig = a_rig(a_splitter("20", "10", 60))
    rig.show()
    rig.fill(rig.submits[0], "10")
    rig.step(PauseRequested(reason=PauseReason.JOURNAL_DOWN))
    rig.step(MarketResolved(CONDITION, rig.now, rig.now, YES))
    assert len(completed(rig)) == 1


def test_a_parent_whose_market_was_over_before_it_began_never_begins() -> None:
    rig = a_rig(a_splitter(), markets=(a_market(ends_at=START),))
    rig.show()
    rig.pulse()
    assert not any(isinstance(fact, ParentStarted | ParentCompleted) for fact in rig.facts)


@pytest.mark.requirement("S2-078")
def test_no_order_is_left_behind_when_a_parent_is_done() -> None:
    rig = a_rig(a_splitter("20", "10", 60))
    rig.show()
    (first,) = rig.submits
    rig.accept(first)
    (second,) = let(rig, 30)
    rig.accept(second)
    rig.fill(first, "10")
    rig.fill(second, "10")
    assert len(completed(rig)) == 1
    assert rig.state.desk.live() == ()


def test_two_strategies_may_not_work_one_parent() -> None:
    request = a_splitter().parent
    with pytest.raises(AssertionError, match="two strategies work one parent"):
        a_rig(Wisher("a", parent=request), Wisher("b", parent=request))


def test_two_strategies_may_not_share_a_name() -> None:
    with pytest.raises(AssertionError, match="same"):
        a_rig(Wisher("same"), Wisher("same"))


def test_parents_are_new_once() -> None:
    parents, parent = Parents(), a_parent()
    parent_id = parent.request.parent_id
    assert parents.is_new(parent_id)
    parents.start(parent)
    assert not parents.is_new(parent_id)
    parents.complete(parent_id)
    assert not parents.is_new(parent_id)
    with pytest.raises(AssertionError):
        parents.start(parent)
