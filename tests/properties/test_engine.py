"""The engine under a venue that answers late, twice or never, crashes, halts and broken books.

Whatever happens: the facts rebuild the state, a slot has one order, a parent is never exceeded,
nothing opens while we do not trade, and in the end every wish is an order or a written denial.
"""

from collections.abc import Collection
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from daemon.domain.feed import FeedLost, FeedUp, LostReason, TickSizeChanged
from daemon.domain.ids import ParentId, StrategyId, TokenId
from daemon.domain.order import CANCELABLE, OrderStatus
from daemon.domain.reasons import HaltReason, PauseReason
from daemon.domain.settlement import FINAL, SettlementStatus
from daemon.domain.side import Side
from daemon.domain.strategy import Strategy
from daemon.domain.units import LOT, NANOS_PER_S, Nanos
from daemon.engine.converge import converge
from daemon.engine.inputs import (
    CancelAllRequested,
    HaltRequested,
    KillSwitchChanged,
    PauseEnded,
    PauseRequested,
    Pulse,
    ResumeRequested,
)
from daemon.risk.approval import Denied
from daemon.risk.manager import RiskManager
from strategies.order_splitter import OrderSplitter, OrderSplitterParams
from strategies.top_bidder import TopBidder, TopBidderParams
from tests.builders import NO, YES, price, shares
from tests.engine_builders import a_change, a_snapshot, level
from tests.honest_venue import HonestVenue
from tests.rig import Rig, a_rig, memory_of

Thing = TypeVar("Thing")
PARENTS = (ParentId("slow"), ParentId("eager"))


def a_bidder(name: str, side: Side, **changes: Any) -> TopBidder:
    limit = "0.8" if side is Side.BUY else "0.2"
    params: dict[str, Any] = {"token": YES, "limit_price": price(limit), **changes}
    return TopBidder(
        StrategyId(name), TopBidderParams(side=side, shares_per_order=shares("12"), **params)
    )


def a_splitter(parent_id: ParentId, patience_s: int) -> OrderSplitter:
    params = OrderSplitterParams(
        parent_id=parent_id,
        token=YES,
        side=Side.BUY,
        limit_price=price("0.8"),
        total_shares=TOTAL,
        time_window=Nanos(30 * NANOS_PER_S),
        min_order_size=shares("5"),
        max_order_size=LARGEST,
        patience=Nanos(patience_s * NANOS_PER_S),
    )
    return OrderSplitter(StrategyId(f"twap-{parent_id}"), params, shares("5"))


def all_strategies() -> tuple[Strategy, ...]:
    return (
        a_bidder("buy", Side.BUY),
        a_bidder("sell", Side.SELL),
        a_bidder("buy-no", Side.BUY, token=NO),
        a_splitter(PARENTS[0], 1_000),
        a_splitter(PARENTS[1], 2),
    )


TOTAL, LARGEST = shares("38"), shares("12.5")
DISTURBANCES = (
    "contradiction",
    "finer grid",
    "coarser grid",
    "feed lost",
    "pause",
    "kill file",
    "halt",
    "cancel all",
    "look up",
    "crash",
)
OUTCOMES = ("accepted",) * 6 + ("delayed", "refused", "lost", "unanswered", "not sent")
ticks = st.integers(min_value=30, max_value=70)
sizes = st.integers(min_value=1, max_value=1_500).map(lambda lots: lots * LOT)


def one_of(data: st.DataObject, things: Collection[Thing]) -> Thing:
    return data.draw(st.sampled_from(list(things)))


class EngineWorld(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.venue = HonestVenue(a_rig(*all_strategies(), rest_min_ms=300))
        self.recover()

    @property
    def rig(self) -> Rig:
        return self.venue.rig

    @rule(
        bid=ticks, wide=st.integers(1, 5), token=st.sampled_from((YES, NO)), ms=st.integers(0, 900)
    )
    def show_book(self, bid: int, wide: int, token: TokenId, ms: int) -> None:
        self.venue.step(after_ms=ms)
        bids, asks = {f"0.{bid}": "50"}, {f"0.{bid + wide}": "50"}
        self.venue.step(a_snapshot(bids=bids, asks=asks, token=token, at=self.rig.now))

    @rule(ms=st.sampled_from((1, 100, 400, 1_000, 3_000, 11_000)))
    def let_time_pass(self, ms: int) -> None:
        self.venue.step(Pulse(), after_ms=ms)

    @rule()
    def recover(self) -> None:
        for reason in tuple(self.rig.state.reasons.pauses):
            self.venue.step(PauseEnded(reason=reason))
        self.venue.step(KillSwitchChanged(is_engaged=False, text=""))
        self.venue.step(ResumeRequested(by="me"))
        for token in (YES, NO):
            self.venue.step(a_snapshot(token=token, at=self.rig.now))

    @rule(kind=st.sampled_from(DISTURBANCES), token=st.sampled_from((YES, NO)))
    def disturb(self, kind: str, token: TokenId) -> None:
        now = self.rig.now
        match kind:
            case "contradiction":
                wrong = level(Side.BUY, "0.01", "1", touch=("0.02", "0.98"), token=token)
                self.venue.step(a_change(wrong, at=now))
            case "finer grid" | "coarser grid":
                tick = price("0.001" if kind == "finer grid" else "0.01")
                self.venue.step(TickSizeChanged(token, now, now, tick))
            case "feed lost":
                self.venue.step(FeedLost((YES, NO), LostReason.CLOSED))
                self.venue.step(FeedUp((YES, NO)))
            case "pause":
                self.venue.step(PauseRequested(reason=PauseReason.JOURNAL_DOWN))
            case "kill file":
                self.venue.step(KillSwitchChanged(is_engaged=True, text="stop"))
            case "halt":
                self.venue.step(HaltRequested(reason=HaltReason.OPERATOR))
            case "cancel all":
                self.venue.step(CancelAllRequested(by="me"))
            case "look up":
                self.venue.resolve_doubt()
            case _:
                self.venue.crash(self.rig.restart(*all_strategies()))

    @precondition(lambda self: self.venue.unsent)
    @rule(
        data=st.data(),
        becomes=st.sampled_from(OUTCOMES),
    )
    def send(self, data: st.DataObject, becomes: str) -> None:
        self.venue.send(one_of(data, self.venue.unsent), becomes)

    @precondition(lambda self: self.venue.replies)
    @rule(data=st.data())
    def reply(self, data: st.DataObject) -> None:
        reply = one_of(data, self.venue.replies)
        self.venue.replies.remove(reply)
        self.venue.step(reply)

    @precondition(lambda self: self.venue.resting)
    @rule(data=st.data(), size=sizes, is_told=st.booleans())
    def trade(self, data: st.DataObject, size: int, is_told: bool) -> None:
        self.venue.trade(one_of(data, self.venue.resting.values()), size)
        if is_told:
            self.venue.report(self.venue.unreported[-1])

    @precondition(lambda self: self.venue.unsent or self.venue.resting)
    @rule(size=sizes)
    def work(self, size: int) -> None:
        for order in list(self.venue.unsent):
            self.venue.send(order, "accepted")
            self.venue.step(self.venue.replies.pop())
        for resting in list(self.venue.resting.values()):
            self.venue.trade(resting, size)
            self.venue.report(self.venue.unreported[-1])

    @precondition(lambda self: self.venue.unreported)
    @rule(data=st.data())
    def report(self, data: st.DataObject) -> None:
        self.venue.report(one_of(data, self.venue.unreported))

    @precondition(lambda self: self.venue.reported)
    @rule(data=st.data())
    def report_again(self, data: st.DataObject) -> None:
        self.venue.step(one_of(data, self.venue.reported))

    @precondition(lambda self: self.venue.unanswered)
    @rule(data=st.data(), tells=st.booleans())
    def answer_a_cancel(self, data: st.DataObject, tells: bool) -> None:
        self.venue.answer(one_of(data, self.venue.unanswered), tells_matched=tells)

    @precondition(lambda self: self.venue.resting)
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        self.venue.kill(one_of(data, self.venue.resting.values()))

    @precondition(lambda self: self.venue.unsettled and not self.venue.unreported)
    @rule(data=st.data(), status=st.sampled_from(sorted(FINAL)))
    def settle(self, data: st.DataObject, status: SettlementStatus) -> None:
        self.venue.settle(one_of(data, self.venue.unsettled), status)

    @invariant()
    def the_facts_rebuild_the_state(self) -> None:
        assert memory_of(self.rig.rebuilt()) == memory_of(self.rig.state)

    @invariant()
    def a_slot_has_one_order(self) -> None:
        slots = [(order.strategy_id, order.slot) for order in self.rig.state.desk.live()]
        assert len(slots) == len(set(slots))

    @invariant()
    def no_parent_is_exceeded(self) -> None:
        desk = self.rig.state.desk
        for parent_id in PARENTS:
            children = [o for o in desk.live() if o.parent_id == parent_id]
            assert desk.parent_total(parent_id) + sum(o.at_risk for o in children) <= TOTAL
            assert all(order.shares <= LARGEST for order in children)

    @invariant()
    def nothing_opens_while_we_do_not_trade(self) -> None:
        reasons, desk = self.rig.state.reasons, self.rig.state.desk
        if reasons.pauses or reasons.halts or reasons.markets:
            assert self.rig.submits == ()
            assert not any(order.status in CANCELABLE for order in desk.open.values())

    @invariant()
    def nothing_is_cancelled_that_cannot_be(self) -> None:
        assert {order.status for order in self.rig.cancels} <= {OrderStatus.PENDING_CANCEL}

    @invariant()
    def we_hold_what_we_were_told(self) -> None:
        held = {YES: 0, NO: 0}
        for event in self.venue.reported:
            if event.trade_id in self.venue.failed:
                continue
            order = self.rig.state.desk.find(event.venue_order_id)
            assert order is not None
            held[order.token] += order.side.sign * event.shares
        for token, expected in held.items():
            assert self.rig.state.position(token).shares == expected >= 0

    @invariant()
    def we_never_meet_ourselves(self) -> None:
        rest = [o for o in self.rig.state.desk.open.values() if o.token == YES]
        buys = [o.price for o in rest if o.side is Side.BUY]
        sells = [o.price for o in rest if o.side is Side.SELL]
        assert max(buys, default=0) < min(sells, default=1_000_000)

    def teardown(self) -> None:
        """Calm the world: then no wish is left that is neither an order nor a written denial."""
        venue = self.venue
        self.recover()
        venue.step(TickSizeChanged(NO, self.rig.now, self.rig.now, price("0.01")))
        for _ in range(12):
            for token in (YES, NO):
                venue.step(
                    a_snapshot(bids={"0.4": "9"}, asks={"0.6": "9"}, token=token, at=self.rig.now)
                )
            venue.resolve_doubt()
            venue.calm_down()
            venue.step(Pulse(), after_ms=1_000)
        venue.calm_down()
        for runner in self.rig.engine._runners.values():
            targets = runner.strategy.decide(runner.view)
            live = runner.view.live_orders.values()
            left = converge(targets, live, self.rig.policy, self.rig.now)
            assert left.cancels == ()
            for target in left.submits:
                assert target.slot in runner.denied
                situation = self.rig.engine._decision._situation(runner, target, self.rig.now)
                review = RiskManager(self.rig.limits).review(target, situation)
                assert isinstance(review, Denied)
        self.the_facts_rebuild_the_state()
        self.no_parent_is_exceeded()


TestEngineWorld = pytest.mark.requirement("S2-039", "S2-075", "S3-089")(EngineWorld.TestCase)
TestEngineWorld.settings = settings(stateful_step_count=50)
