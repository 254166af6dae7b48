"""What the venue says on its own account: fills, kills, settlements, and orders we never made."""

import pytest

from daemon.domain import order_events as ev
from daemon.domain.facts import (
    FillSettled,
    MarketPaused,
    OrderDuplicate,
    PositionChanged,
    StrangerReported,
    TradingHalted,
)
from daemon.domain.fill import Liquidity
from daemon.domain.ids import ClientOrderId, TradeId, VenueOrderId
from daemon.domain.order import Order, OrderStatus
from daemon.domain.reasons import HaltReason, MarketPauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.venue_reports import CancelReported, FillReported, SettlementReported
from daemon.engine.inputs import MarkRequested, ResumeRequested
from daemon.engine.outcome import Alert, CancelAll
from daemon.errors import IllegalTransition
from tests.builders import NO, START, YES, a_fill, a_target, cash, price, shares
from tests.engine_builders import Wisher
from tests.rig import Rig, a_rig


def resting(slot: str = "bid") -> Rig:
    """Return a rig whose one order of 10 rests at 0.42."""
    rig = a_rig(Wisher("w", (a_target(slot=slot),)))
    rig.show()
    rig.accept(rig.submits[0])
    return rig


def settled(trade_id: str, status: SettlementStatus) -> SettlementReported:
    return SettlementReported(trade_id=TradeId(trade_id), settlement=status)


def the_order(rig: Rig) -> Order:
    return next(iter(rig.state.desk.open.values()))


def test_a_trade_reported_twice_counts_once() -> None:
    rig = resting()
    order = the_order(rig)
    rig.fill(order, "4", trade_id="t")
    rig.fill(order, "4", trade_id="t")
    assert rig.last.facts == (OrderDuplicate(trade_id=TradeId("t")),)
    assert rig.order(order).filled == shares("4")
    assert rig.state.position(YES).shares == shares("4")


def test_a_fill_that_overtakes_the_news_of_sending_finds_its_order() -> None:
    rig = a_rig(Wisher("w", (a_target(),)))
    rig.show()
    (order,) = rig.submits
    rig.fill(order, "4")
    rig.accept(order)
    assert rig.order(order).status is OrderStatus.PARTIALLY_FILLED


def test_a_fill_of_a_stranger_is_written_down_and_moves_nothing() -> None:
    rig = resting()
    rig.step(
        FillReported(
            venue_order_id=VenueOrderId("0xstranger"),
            trade_id=TradeId("t"),
            price=price("0.5"),
            shares=shares("7"),
            liquidity=Liquidity.TAKER,
            settlement=SettlementStatus.MATCHED,
            at=START,
        )
    )
    (fact,) = rig.last.facts
    assert fact == StrangerReported(venue_order_id="0xstranger", detail="trade t: 7.00 shares")
    assert rig.state.position(YES).shares == 0


def test_a_cancel_of_a_stranger_is_written_down() -> None:
    rig = resting()
    stranger = VenueOrderId("0xstranger")
    rig.step(CancelReported(venue_order_id=stranger, matched=None, reason="why"))
    assert rig.last.facts == (StrangerReported(venue_order_id="0xstranger", detail="why"),)


def test_the_venue_may_take_an_order_out_or_let_it_expire() -> None:
    for is_expiry, status in ((False, OrderStatus.CANCELED), (True, OrderStatus.EXPIRED)):
        rig = resting()
        order = the_order(rig)
        report = CancelReported(
            venue_order_id=order.venue_order_id,
            matched=shares("0"),
            reason="gone",
            is_expiry=is_expiry,
        )
        rig.step(report)
        assert rig.order(order).status is status
        rig.step(report)
        assert rig.order(order).status is status


@pytest.mark.requirement("S3-074")
def test_more_traded_than_ordered_halts_and_cancels_everything() -> None:
    rig = a_rig(Wisher("w", (a_target(),)), Wisher("other", (a_target(token=NO),), tokens=(NO,)))
    rig.show(token=NO)
    (other,) = rig.submits
    rig.accept(other)
    rig.show()
    (order,) = rig.submits
    rig.accept(order)
    rig.fill(order, "10.009999")
    assert not rig.state.reasons.halts
    rig.fill(order, "0.000001")
    detail = f"order {order.client_order_id} filled beyond its size"
    assert rig.state.reasons.halts == {HaltReason.INVARIANT_BROKEN: detail}
    assert TradingHalted(reason=HaltReason.INVARIANT_BROKEN, detail=detail) in rig.last.facts
    assert [o.client_order_id for o in rig.cancels] == [other.client_order_id]
    assert len(rig.effects(CancelAll)) == len(rig.effects(Alert)) == 1
    assert rig.state.position(YES).shares == shares("10.01")


def test_news_that_is_no_fill_does_not_halt_again_after_a_person_resumed() -> None:
    rig = resting()
    order = the_order(rig)
    rig.fill(order, "11")
    rig.step(ResumeRequested(by="me"))
    rig.step(ev.CancelRejected(client_order_id=order.client_order_id, reason="matched"))
    assert not rig.state.reasons.halts


def test_a_settlement_moves_on_and_is_written_down() -> None:
    rig = resting()
    rig.fill(the_order(rig), "4", trade_id="t", settlement=SettlementStatus.MATCHED)
    assert rig.state.portfolio.sellable(YES, ()) == 0
    rig.step(settled("t", SettlementStatus.CONFIRMED))
    news = FillSettled(trade_id=TradeId("t"), settlement=SettlementStatus.CONFIRMED)
    assert rig.last.facts == (news,)
    assert rig.state.portfolio.sellable(YES, ()) == shares("4")


def test_a_failed_settlement_takes_the_position_back() -> None:
    rig = resting()
    before = rig.state.portfolio.cash_free(())
    rig.fill(the_order(rig), "4", trade_id="t", settlement=SettlementStatus.MATCHED)
    rig.step(settled("t", SettlementStatus.FAILED))
    position = rig.state.position(YES)
    assert rig.last.facts == (
        FillSettled(trade_id=TradeId("t"), settlement=SettlementStatus.FAILED),
        PositionChanged(position=position, mark=price("0.48")),
        MarketPaused(
            condition_id=position.condition_id,
            reason=MarketPauseReason.SETTLEMENT_FAILED,
            detail="trade t was taken back",
        ),
        *rig.last.facts[3:],  # The cancels that follow from the pause.
    )
    assert position.shares == 0
    assert rig.state.portfolio.cash_free(()) == before


def test_a_settlement_that_is_no_news_or_of_no_trade_of_ours_is_nothing() -> None:
    rig = resting()
    rig.fill(the_order(rig), "4", trade_id="t", settlement=SettlementStatus.MATCHED)
    assert rig.step(settled("t", SettlementStatus.MATCHED)).facts == ()
    assert rig.step(settled("other", SettlementStatus.FAILED)).facts == ()


def test_a_final_word_taken_back_escapes_the_step() -> None:
    rig = resting()
    rig.fill(the_order(rig), "4", trade_id="t", settlement=SettlementStatus.CONFIRMED)
    with pytest.raises(IllegalTransition):
        rig.step(settled("t", SettlementStatus.FAILED))


def test_a_fill_found_by_comparing_with_the_venue_enters_by_the_same_door() -> None:
    """Reconciliation speaks in order events: position, de-duplication and halt are the same."""
    rig = resting()
    order = the_order(rig)
    found = ev.OrderFilled(
        client_order_id=order.client_order_id,
        fill=a_fill(order=order, trade_id="t", shares="4", fee="0.01"),
    )
    rig.step(found)
    assert rig.state.position(YES).shares == shares("4")
    assert rig.state.portfolio.fees() == cash("0.01")
    rig.step(found)
    assert rig.last.facts == (OrderDuplicate(trade_id=TradeId("t")),)
    assert rig.state.position(YES).shares == shares("4")


def test_a_flat_position_is_not_marked() -> None:
    rig = resting()
    order = the_order(rig)
    rig.fill(order, "4", trade_id="t", settlement=SettlementStatus.MATCHED)
    rig.step(settled("t", SettlementStatus.FAILED))
    assert rig.step(MarkRequested()).facts == ()


def test_a_fill_of_an_order_whose_market_we_left_counts_without_a_fee() -> None:
    before = resting()
    order = the_order(before)
    before.markets = ()
    before.strategies = ()
    rig = before.restart()
    rig.fill(order, "4", liquidity=Liquidity.TAKER)
    assert rig.state.portfolio.fees() == 0
    assert rig.state.portfolio.position(YES, order.condition_id).shares == shares("4")
    changed = rig.last.facts[-1]
    assert isinstance(changed, PositionChanged)
    assert changed.mark is None


def test_news_of_an_order_that_never_was_is_a_broken_invariant() -> None:
    rig = resting()
    with pytest.raises(AssertionError, match="no order run-99"):
        rig.step(ev.OrderSent(client_order_id=ClientOrderId("run-99")))
