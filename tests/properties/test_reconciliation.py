"""Reconciler and engine at a venue whose messages are lost, late and out of order.

Whatever happens, a wish has one order at the venue at most; and once the venue answers again, our
orders, fills and positions are the venue's, although no message of the stream arrives any more.
"""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from daemon.domain.ids import ParentId, TokenId, VenueOrderId
from daemon.domain.order import OrderStatus
from daemon.domain.reasons import PauseReason
from daemon.domain.settlement import FINAL, SettlementStatus
from daemon.domain.side import Side
from daemon.domain.strategy import Strategy
from daemon.domain.units import LOT, NANOS_PER_MS, Nanos
from daemon.engine.inputs import Event, PauseRequested, Pulse, ResumeRequested
from daemon.runtime import trade_window
from daemon.runtime.reconcile_options import ReconcileOptions, StrangerPolicy
from daemon.runtime.reconciler import Reconciler
from daemon.runtime.reconnect import BY_CHANCE
from daemon.sim.clock import SteppedClock
from tests.builders import NO, START, YES
from tests.engine_builders import a_snapshot
from tests.properties.test_engine import TOTAL, a_bidder, a_splitter, one_of
from tests.reconciled_venue import ReconciledVenue
from tests.rig import Rig, a_rig, memory_of

PARENT = ParentId("slow")
GRACE_MS = 15_000
LATE_MS_MAX = 10_000
"""An order may arrive this long after it was sent: within the grace, or nothing could be proved."""
HIDDEN_MS_MAX = 30_000
FURTHER = [status for status in SettlementStatus if status is not SettlementStatus.MATCHED]
OVERLAP = Nanos(5_000 * NANOS_PER_MS)
"""Shorter than what the venue hides, so that going further back is put to the test."""
QUESTIONS = ("open orders", "lookup", "trades")
FATES = ("accepted",) * 4 + ("refused", "lost", "unanswered", "late", "delayed", "not sent")
CANCEL_FATES = ("done", "done", "lost", "unanswered", "silent")
CALM_ROUNDS = 40
"""Comparisons, 3 s apart, within which everything must be known; the grace and the looks fit in."""
sizes = st.integers(min_value=1, max_value=1_500).map(lambda lots: lots * LOT)


def strategies() -> tuple[Strategy, ...]:
    return (
        a_bidder("buy", Side.BUY),
        a_bidder("buy-no", Side.BUY, token=NO),
        a_splitter(PARENT, 2),
    )


class ReconciledWorld(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.patches = pytest.MonkeyPatch()
        self.patches.setattr(trade_window, "OVERLAP", OVERLAP)
        self.loop = asyncio.new_event_loop()
        self.clock = SteppedClock(START)
        self.venue = ReconciledVenue(a_rig(*strategies(), rest_min_ms=300))
        self.meet()
        self.show_book(45, 1)

    @property
    def rig(self) -> Rig:
        return self.venue.rig

    def meet(self) -> None:
        """A new process compares before it trades."""
        self.reconciler = Reconciler(
            account=self.venue,
            state=self.rig.state,
            clock=self.clock,
            put=self.venue.step,
            options=ReconcileOptions(
                every_s=10, grace=Nanos(GRACE_MS * NANOS_PER_MS), strangers=StrangerPolicy.CANCEL
            ),
            read_to=self.rig.now,
            jitter=BY_CHANCE,
        )
        self.venue.step(PauseRequested(reason=PauseReason.STARTING))
        self.compare()

    def compare(self) -> bool:
        self.clock.move_to(self.rig.now)
        return self.loop.run_until_complete(self.reconciler.reconcile())

    @rule(bid=st.integers(30, 70), wide=st.integers(1, 4))
    def show_book(self, bid: int, wide: int) -> None:
        for token in (YES, NO):
            bids, asks = {f"0.{bid}": "50"}, {f"0.{bid + wide}": "50"}
            self.venue.step(a_snapshot(bids=bids, asks=asks, token=token, at=self.rig.now))

    @rule(ms=st.sampled_from((100, 1_000, 4_000, 9_000)))
    def let_time_pass(self, ms: int) -> None:
        self.venue.step(Pulse(), after_ms=ms)
        self.show_book(45, 2)

    @rule()
    def resume(self) -> None:
        self.venue.step(ResumeRequested(by="me"))

    @precondition(lambda self: self.venue.unsent)
    @rule(data=st.data(), fate=st.sampled_from(FATES), late_ms=st.integers(1, LATE_MS_MAX))
    def send(self, data: st.DataObject, fate: str, late_ms: int) -> None:
        self.venue.send(one_of(data, self.venue.unsent), fate, late_ms)

    @precondition(lambda self: self.venue.replies)
    @rule(data=st.data())
    def reply(self, data: st.DataObject) -> None:
        self.deliver(data, self.venue.replies)

    @precondition(lambda self: self.venue.stream)
    @rule(data=st.data(), is_lost=st.booleans())
    def hear(self, data: st.DataObject, is_lost: bool) -> None:
        if is_lost:
            self.venue.stream.remove(one_of(data, self.venue.stream))
        else:
            self.deliver(data, self.venue.stream)

    def deliver(self, data: st.DataObject, wire: list[Event]) -> None:
        if wire:
            event = one_of(data, wire)
            wire.remove(event)
            self.venue.step(event)

    @precondition(lambda self: self.venue.cancels)
    @rule(data=st.data(), fate=st.sampled_from(CANCEL_FATES))
    def answer_a_cancel(self, data: st.DataObject, fate: str) -> None:
        self.venue.answer(one_of(data, self.venue.cancels), fate)

    @precondition(lambda self: self.venue.resting())
    @rule(data=st.data(), size=sizes, hidden_ms=st.integers(0, HIDDEN_MS_MAX))
    def trade(self, data: st.DataObject, size: int, hidden_ms: int) -> None:
        resting = self.venue.resting()
        self.venue.trade([resting[one_of(data, range(len(resting)))]], size, hidden_ms)

    @precondition(lambda self: self.venue.unsent or self.venue.resting())
    @rule(size=sizes, hidden_ms=st.integers(0, HIDDEN_MS_MAX), status=st.sampled_from(FURTHER))
    def trade_with_all_at_once(self, size: int, hidden_ms: int, status: SettlementStatus) -> None:
        """One taker meets every order we have, in one trade; it settles on, or fails."""
        for order in list(self.venue.unsent):
            self.venue.send(order, "accepted")
        while self.venue.replies:
            self.venue.step(self.venue.replies.pop(0))
        if self.venue.resting():
            self.venue.trade(self.venue.resting(), size, hidden_ms)
            self.venue.settle(list(self.venue.settlements)[-1], status)

    @precondition(lambda self: self.venue.resting())
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        resting = self.venue.resting()
        self.venue.kill(resting[one_of(data, range(len(resting)))])

    @rule(data=st.data())
    def end_a_delay(self, data: st.DataObject) -> None:
        for truth in self.venue.truths.values():
            if truth.state == "delayed":
                truth.state = data.draw(st.sampled_from(("resting", "ended")))

    @rule(data=st.data(), status=st.sampled_from(FURTHER))
    def settle(self, data: st.DataObject, status: SettlementStatus) -> None:
        moving = [t for t, s in self.venue.settlements.items() if s not in FINAL]
        if moving:
            self.venue.settle(one_of(data, moving), status)

    @rule(number=st.integers(1, 3))
    def a_stranger_comes(self, number: int) -> None:
        self.venue.strangers.add(VenueOrderId(f"0xstranger{number}"))

    @rule(
        data=st.data(),
        failing=st.sets(st.sampled_from(QUESTIONS)),
        meanwhile=st.lists(st.sampled_from(("stream", "reply", "kill", "trade")), max_size=3),
    )
    def reconcile(self, data: st.DataObject, failing: set[str], meanwhile: list[str]) -> None:
        def trade() -> None:
            self.venue.trade(self.venue.resting()[:1], 7 * LOT, 0)

        def kill() -> None:
            for truth in self.venue.resting()[:1]:
                self.venue.kill(truth)

        happenings: dict[str, Callable[[], None]] = {
            "stream": lambda: self.deliver(data, self.venue.stream),
            "reply": lambda: self.deliver(data, self.venue.replies),
            "kill": kill,
            "trade": trade,
        }
        self.venue.meanwhile = [happenings[name] for name in meanwhile]
        self.venue.failing = failing
        assert self.compare() or failing
        self.venue.failing, self.venue.meanwhile = set(), []

    @rule()
    def crash(self) -> None:
        self.venue.crash(self.rig.restart(*strategies()))
        self.meet()
        self.show_book(45, 2)

    @invariant()
    def a_wish_has_one_order_at_the_venue(self) -> None:
        taken = Counter(
            (t.order.strategy_id, t.order.slot) for t in self.venue.truths.values() if t.may_rest
        )
        assert all(count == 1 for count in taken.values()), taken

    @invariant()
    def the_parent_never_really_has_more_than_was_asked_for(self) -> None:
        assert self.really_traded(PARENT) <= TOTAL

    @invariant()
    def the_facts_rebuild_the_state(self) -> None:
        assert memory_of(self.rig.rebuilt()) == memory_of(self.rig.state)

    def really_traded(self, parent_id: ParentId) -> int:
        return sum(
            leg.shares
            for leg in self.venue.trades_made
            if self.venue.truths[leg.venue_order_id].order.parent_id == parent_id
            and self.venue.settlements[leg.trade_id] is not SettlementStatus.FAILED
        )

    def teardown(self) -> None:
        """The venue answers again, the stream stays dumb: time and questions must be enough."""
        venue = self.venue
        for truth in venue.truths.values():
            truth.state = "resting" if truth.state == "delayed" else truth.state
        for _ in range(CALM_ROUNDS):
            venue.stream.clear()
            for order in list(venue.unsent):
                venue.send(order, "accepted")
            for order in list(venue.cancels):
                venue.answer(order, "done")
            while venue.replies:
                venue.step(venue.replies.pop(0))
            self.let_time_pass(3_000)
            assert self.compare()
            self.a_wish_has_one_order_at_the_venue()
        for order in list(venue.unsent):
            venue.send(order, "accepted")
            venue.step(venue.replies.pop())
        assert self.compare()
        self.everything_is_known()
        self.loop.close()
        self.patches.undo()

    def everything_is_known(self) -> None:
        venue, desk = self.venue, self.rig.state.desk
        assert venue.strangers == set()
        doing = {o.venue_order_id for o in venue.cancels}
        for venue_order_id, truth in venue.truths.items():
            order = desk.find(venue_order_id)
            assert order is not None
            assert order.filled == truth.traded, order
            assert order.is_open is (truth.state == "resting"), (order, truth.state)
            if order.is_open and venue_order_id not in doing:
                assert order.status in {OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED}
        held: Counter[TokenId] = Counter()
        for leg in venue.trades_made:
            assert desk.trades.settlement(leg.trade_id) is venue.settlements[leg.trade_id]
            if venue.settlements[leg.trade_id] is not SettlementStatus.FAILED:
                held[venue.truths[leg.venue_order_id].order.token] += leg.shares
        assert {t: self.rig.state.position(t).shares for t in (YES, NO)} == {
            t: held[t] for t in (YES, NO)
        }
        assert desk.parent_total(PARENT) == self.really_traded(PARENT)


TestReconciledWorld = ReconciledWorld.TestCase
TestReconciledWorld.settings = settings(stateful_step_count=40)
