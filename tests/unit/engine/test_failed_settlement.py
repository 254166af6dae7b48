"""A trade is taken back: the position, the parent's progress, and the market's trust go with it."""

from dataclasses import replace

import pytest

from daemon.domain.facts import (
    FillSettled,
    MarketPaused,
    MarketPauseLifted,
    OrderDuplicate,
    PositionChanged,
    StrangerReported,
)
from daemon.domain.fill import Liquidity
from daemon.domain.ids import ConditionId, TokenId, TradeId, VenueOrderId
from daemon.domain.market import Market
from daemon.domain.order import Order, OrderStatus
from daemon.domain.reasons import MarketPauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.venue_reports import FillReported, SettlementReported
from daemon.engine.inputs import KillSwitchChanged, ResumeRequested
from daemon.engine.outcome import Alert
from tests.builders import CONDITION, NO, START, YES, a_market, a_target, price, shares
from tests.engine_builders import Wisher
from tests.rig import Rig, a_rig, memory_of
from tests.unit.engine.test_parents import PARENT, a_splitter, let

S = SettlementStatus
OTHER = a_market(
    condition_id=ConditionId("0x" + "0d" * 32), tokens=(TokenId("5" * 70), TokenId("6" * 70))
)
PAUSED = {CONDITION: {MarketPauseReason.SETTLEMENT_FAILED: "trade t was taken back"}}


def failed(trade_id: str = "t") -> SettlementReported:
    return SettlementReported(trade_id=TradeId(trade_id), settlement=S.FAILED)


def resting(*more: Wisher, markets: tuple[Market, ...] = (a_market(),)) -> tuple[Rig, Order]:
    rig = a_rig(Wisher("w", (a_target(),)), *more, markets=markets)
    rig.show()
    orders = rig.submits
    for order in orders:
        rig.accept(order)
    return rig, orders[0]


def test_a_failure_pauses_its_market_and_cancels_what_rests_there_for_every_strategy() -> None:
    rig, order = resting(Wisher("no", (a_target(token=NO),), tokens=(NO,)))
    rig.show(token=NO)
    (other,) = rig.submits
    rig.accept(other)
    rig.fill(order, "4", trade_id="t", settlement=S.MATCHED)
    rig.step(failed())
    kinds = [type(fact) for fact in rig.last.facts[:3]]
    assert kinds == [FillSettled, PositionChanged, MarketPaused]
    assert rig.state.reasons.markets == PAUSED
    assert {o.client_order_id for o in rig.cancels} == {
        order.client_order_id,
        other.client_order_id,
    }
    (alert,) = rig.effects(Alert)
    assert alert == Alert(
        "critical", "market.paused", "a-market: settlement_failed: trade t was taken back"
    )
    assert memory_of(rig.rebuilt()) == memory_of(rig.state)


def test_other_markets_go_on() -> None:
    token = OTHER.tokens[0]
    rig, order = resting(
        Wisher("far", (a_target(token=token),), tokens=(token,)), markets=(a_market(), OTHER)
    )
    rig.fill(order, "4", trade_id="t", settlement=S.MATCHED)
    rig.step(failed())
    rig.show(token=token)
    assert [o.token for o in rig.submits] == [token]


def test_a_second_failure_in_a_paused_market_is_taken_back_without_a_second_pause() -> None:
    rig, order = resting()
    for trade_id in ("t", "u"):
        rig.fill(order, "2", trade_id=trade_id, settlement=S.MATCHED)
    rig.step(failed())
    rig.step(failed("u"))
    assert [type(fact) for fact in rig.last.facts] == [FillSettled, PositionChanged]
    assert rig.effects(Alert) == []
    assert rig.state.position(YES).shares == 0


def test_a_person_lifts_the_pause_unless_the_kill_switch_is_engaged() -> None:
    rig, order = resting()
    rig.fill(order, "4", trade_id="t", settlement=S.MATCHED)
    rig.step(failed())
    rig.cancel(order)
    rig.step(KillSwitchChanged(is_engaged=True, text="stop"))
    rig.step(ResumeRequested(by="me"))
    assert rig.state.reasons.markets == PAUSED
    rig.step(KillSwitchChanged(is_engaged=False, text=""))
    rig.step(ResumeRequested(by="me"))
    reason = MarketPauseReason.SETTLEMENT_FAILED
    assert MarketPauseLifted(condition_id=CONDITION, reason=reason) in rig.last.facts
    rig.pulse(1_000)
    assert len(rig.submits) == 1
    assert memory_of(rig.rebuilt()) == memory_of(rig.state)


def test_a_restart_does_not_lift_the_pause() -> None:
    before, order = resting()
    before.fill(order, "4", trade_id="t", settlement=S.MATCHED)
    before.step(failed())
    rig = before.restart()
    rig.show()
    assert rig.state.reasons.markets == PAUSED
    assert rig.submits == ()


def test_the_order_keeps_what_it_had_and_the_parent_has_it_to_get_again() -> None:
    rig = a_rig(a_splitter("20", "10", 60))
    (order,) = let(rig, 0)
    rig.accept(order)
    rig.fill(order, "10", trade_id="t", settlement=S.MATCHED)
    assert rig.state.desk.parent_total(PARENT) == shares("10")
    rig.step(failed())
    assert rig.order(order).status is OrderStatus.FILLED
    assert rig.order(order).filled == shares("10")
    assert rig.state.desk.parent_total(PARENT) == 0
    assert let(rig, 30) == ()
    rig.step(ResumeRequested(by="me"))
    rig.pulse(1_000)
    total = sum(o.shares for o in rig.state.desk.open.values())
    assert total == shares("20")
    assert memory_of(rig.rebuilt()) == memory_of(rig.state)


def a_leg(order: Order, settlement: SettlementStatus) -> FillReported:
    """Return what an order had of trade t."""
    return FillReported(
        venue_order_id=order.venue_order_id,
        trade_id=TradeId("t"),
        price=price("0.42"),
        shares=shares("4"),
        liquidity=Liquidity.MAKER,
        settlement=settlement,
        at=START,
    )


def test_a_fill_that_had_failed_before_it_was_told_moves_nothing_and_pauses_for_everybody() -> None:
    rig, order = resting(Wisher("no", (a_target(token=NO),), tokens=(NO,)))
    rig.show(token=NO)
    (other,) = rig.submits
    rig.accept(other)
    rig.step(a_leg(order, S.FAILED))
    assert rig.state.position(YES).shares == 0
    assert rig.order(order).filled == shares("4")
    assert rig.state.reasons.markets == PAUSED
    assert len(rig.cancels) == 2
    assert memory_of(rig.rebuilt()) == memory_of(rig.state)


def test_a_fill_told_again_and_further_settled_is_a_settlement_and_no_duplicate() -> None:
    rig, order = resting()
    rig.step(a_leg(order, S.MATCHED))
    rig.step(a_leg(order, S.CONFIRMED))
    assert rig.last.facts == (FillSettled(trade_id=TradeId("t"), settlement=S.CONFIRMED),)
    assert rig.state.portfolio.sellable(YES, ()) == shares("4")
    rig.step(a_leg(order, S.CONFIRMED))
    assert rig.last.facts == (OrderDuplicate(trade_id=TradeId("t")),)


@pytest.mark.parametrize("told", [(S.MATCHED, S.CONFIRMED), (S.CONFIRMED, S.MATCHED)])
def test_legs_of_one_trade_are_as_far_settled_as_the_furthest_told(
    told: tuple[SettlementStatus, SettlementStatus],
) -> None:
    """The stream tells the second leg late, or when the first one has moved on unheard."""
    rig, first = resting(Wisher("other", (a_target(slot="b", price="0.41"),)))
    second = next(o for o in rig.state.desk.open.values() if o.slot == "b")
    rig.step(a_leg(first, told[0]))
    rig.step(a_leg(second, told[1]))
    assert [rig.order(order).filled for order in (first, second)] == [shares("4")] * 2
    assert rig.state.position(YES).shares == shares("8")
    assert rig.state.portfolio.sellable(YES, ()) == shares("8")
    assert memory_of(rig.rebuilt()) == memory_of(rig.state)


def test_a_settlement_of_a_trade_of_a_stranger_pauses_nothing() -> None:
    rig, order = resting()
    stranger = replace(a_leg(order, S.FAILED), venue_order_id=VenueOrderId("0xstranger"))
    rig.step(stranger)
    assert [type(fact) for fact in rig.last.facts] == [StrangerReported]
    rig.step(stranger)
    assert rig.last.facts == ()
    assert rig.state.reasons.markets == {}
