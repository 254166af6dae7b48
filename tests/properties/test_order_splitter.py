"""A parent is never exceeded, whatever the venue does and whenever it tells us."""

from collections.abc import Collection
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from daemon.domain.ids import ParentId, StrategyId
from daemon.domain.side import Side
from daemon.domain.units import LOT, NANOS_PER_S, Nanos, Shares
from daemon.engine.inputs import Pulse
from strategies.order_splitter import OrderSplitter, OrderSplitterParams
from tests.builders import YES, a_parent, a_view, price, seconds, shares
from tests.engine_builders import a_snapshot
from tests.honest_venue import HonestVenue
from tests.rig import Rig, a_rig

Thing = TypeVar("Thing")
PARENT = ParentId("parent")
TOTAL, LARGEST, SMALLEST = shares("38"), shares("12.5"), shares("5")
lots = st.integers(min_value=1, max_value=1_250)


def a_splitter(patience_s: int = 1_000, total: Shares = TOTAL) -> OrderSplitter:
    params = OrderSplitterParams(
        parent_id=PARENT,
        token=YES,
        side=Side.BUY,
        limit_price=price("0.8"),
        total_shares=total,
        time_window=Nanos(10 * NANOS_PER_S),
        min_order_size=SMALLEST,
        max_order_size=LARGEST,
        patience=Nanos(patience_s * NANOS_PER_S),
    )
    return OrderSplitter(StrategyId("twap"), params, SMALLEST)


def one_of(data: st.DataObject, things: Collection[Thing]) -> Thing:
    return data.draw(st.sampled_from(list(things)))


class SplitterWorld(RuleBasedStateMachine):
    """Slices fall due quickly, orders are repriced all the time, reports come late."""

    def __init__(self) -> None:
        super().__init__()
        self.venue = HonestVenue(a_rig(a_splitter()))
        self.show_book(40)

    @property
    def rig(self) -> Rig:
        return self.venue.rig

    @rule(bid=st.integers(min_value=30, max_value=60))
    def show_book(self, bid: int) -> None:
        book = a_snapshot(bids={f"0.{bid}": "50"}, asks={"0.7": "50"}, at=self.rig.now)
        self.venue.step(book)

    @rule(ms=st.sampled_from((100, 1_000, 2_500)))
    def let_time_pass(self, ms: int) -> None:
        self.venue.step(Pulse(), after_ms=ms)

    @precondition(lambda self: self.venue.unsent)
    @rule(becomes=st.sampled_from(("accepted", "accepted", "accepted", "refused", "unanswered")))
    def send(self, becomes: str) -> None:
        for order in list(self.venue.unsent):
            self.venue.send(order, becomes)
            self.venue.step(self.venue.replies.pop())

    @precondition(lambda self: self.venue.resting)
    @rule(data=st.data(), size=lots, is_told=st.booleans(), is_nearly_all=st.booleans())
    def trade(self, data: st.DataObject, size: int, is_told: bool, is_nearly_all: bool) -> None:
        resting = one_of(data, self.venue.resting.values())
        if is_nearly_all:  # Leave a rest that no order can hold.
            size = max(1, (resting.order.shares - resting.traded) // LOT - size % 500)
        self.venue.trade(resting, size * LOT)
        if is_told:
            self.venue.report(self.venue.unreported[-1])

    @precondition(lambda self: self.venue.resting)
    @rule(data=st.data(), size=lots, bid=st.integers(min_value=30, max_value=60))
    def race(self, data: st.DataObject, size: int, bid: int) -> None:
        """An order trades, is cancelled, and neither the trade nor the cancel's reply says so."""
        resting = one_of(data, self.venue.resting.values())
        self.venue.trade(resting, size * LOT)
        self.show_book(bid)
        for order in list(self.venue.unanswered):
            self.venue.answer(order, tells_matched=False)

    @precondition(lambda self: self.venue.unreported)
    @rule(data=st.data())
    def report(self, data: st.DataObject) -> None:
        self.venue.report(one_of(data, self.venue.unreported))

    @precondition(lambda self: self.venue.unanswered)
    @rule(data=st.data(), tells=st.booleans())
    def answer_a_cancel(self, data: st.DataObject, tells: bool) -> None:
        self.venue.answer(one_of(data, self.venue.unanswered), tells_matched=tells)

    @precondition(lambda self: self.venue.resting)
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        self.venue.kill(one_of(data, self.venue.resting.values()))

    @rule()
    def look_up(self) -> None:
        self.venue.resolve_doubt()

    @rule()
    def crash(self) -> None:
        self.venue.crash(self.rig.restart(a_splitter()))
        self.venue.resolve_doubt()

    @invariant()
    def the_parent_is_not_exceeded(self) -> None:
        desk = self.rig.state.desk
        at_risk = sum(order.at_risk for order in desk.live())
        assert desk.parent_total(PARENT) + at_risk <= TOTAL

    @invariant()
    def no_more_is_out_than_is_due(self) -> None:
        parent = self.rig.state.parents.active.get(PARENT)
        if parent is not None:
            desk = self.rig.state.desk
            due = [
                slice_.shares
                for index, slice_ in enumerate(parent.request.slices)
                if self.rig.now >= parent.due_at(index)
            ]
            working = sum(order.at_risk for order in desk.live())
            assert desk.parent_total(PARENT) + working <= sum(due)

    @invariant()
    def every_order_is_one_that_the_venue_takes(self) -> None:
        for order in self.rig.submits:
            assert SMALLEST <= order.shares <= LARGEST
            assert order.shares % LOT == 0

    def teardown(self) -> None:
        """Left alone, the parent is worked to the end, but for dust."""
        for _ in range(40):
            self.show_book(40)
            self.venue.resolve_doubt()
            self.venue.calm_down()
            for resting in list(self.venue.resting.values()):
                self.venue.trade(resting, resting.order.shares)
            self.venue.calm_down()
            self.venue.step(Pulse(), after_ms=1_100)
        assert self.rig.state.parents.completed == {PARENT}
        assert 0 <= TOTAL - self.rig.state.position(YES).shares < SMALLEST
        assert self.rig.state.desk.live() == ()


TestSplitterWorld = pytest.mark.requirement("S2-039", "S2-044")(SplitterWorld.TestCase)
TestSplitterWorld.settings = settings(stateful_step_count=50)


@given(st.data())
def test_new_orders_never_ask_for_more_than_is_due(data: st.DataObject) -> None:
    """One decision alone: any fills of any slices, at any time."""
    parent = a_parent(parent_id=PARENT, slices={0: "12", 3: "12", 6: "12", 9: "11"})
    slots = [f"slice-{n}" for n in range(1, 5)]
    filled = {slot: data.draw(st.integers(0, 1_300)) for slot in slots}
    after_s = data.draw(st.integers(0, 12))
    fills = {slot: str(size / 100) for slot, size in filled.items()}
    view = a_view(now=seconds(after_s), parent=parent, fills=fills)
    targets = a_splitter().decide(view)
    due = sum(s.shares for i, s in enumerate(parent.request.slices) if 3 * i <= after_s)
    traded = sum(size * LOT for n, size in enumerate(filled.values()) if 3 * n <= after_s)
    assert sum(target.shares for target in targets) <= max(0, due - traded)
    for target in targets:
        assert SMALLEST <= target.shares <= LARGEST
        assert target.shares % LOT == 0
