"""What risk refuses is written down once, and no wish is ever forgotten."""

from dataclasses import replace

import pytest

from daemon.domain.facts import TargetDenied
from daemon.domain.fill import Liquidity
from daemon.domain.ids import TradeId
from daemon.domain.reasons import DenialReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.venue_reports import SettlementReported
from daemon.engine.inputs import Pulse
from tests.builders import YES, a_target, cash, price, seconds, shares
from tests.engine_builders import (
    EVERYTHING_ALLOWED,
    NOTHING_ALLOWED,
    Wisher,
    a_change,
    level,
)
from tests.rig import Rig, a_rig

LEAN = replace(EVERYTHING_ALLOWED, open_orders_max=1)


def denials(rig: Rig) -> list[DenialReason]:
    """Return why targets were denied in the last step."""
    return [fact.reason for fact in rig.last.facts if isinstance(fact, TargetDenied)]


def test_a_denial_says_what_was_wanted_and_why_not() -> None:
    rig = a_rig(Wisher("w", (a_target(),)), limits=NOTHING_ALLOWED)
    rig.show()
    denied = rig.last.facts[-1]
    assert denied == TargetDenied(
        strategy_id=rig.strategies[0].strategy_id,
        slot=a_target().slot,
        token=YES,
        side=Side.BUY,
        price=price("0.42"),
        shares=shares("10"),
        reason=DenialReason.OPEN_ORDERS,
        detail="0 open, at most 0",
    )
    assert rig.submits == ()


def test_the_same_denial_is_written_down_once_per_slot() -> None:
    wisher = Wisher("w", (a_target(slot="a"), a_target(slot="b")))
    rig = a_rig(wisher, limits=NOTHING_ALLOWED)
    rig.show()
    assert denials(rig) == [DenialReason.OPEN_ORDERS] * 2
    for bid in ("0.44", "0.45"):
        rig.show({bid: "10"})
        rig.pulse()
        assert denials(rig) == []


def test_another_reason_for_the_same_slot_is_written_down() -> None:
    wisher = Wisher("w", (a_target(),))
    rig = a_rig(wisher, limits=NOTHING_ALLOWED)
    rig.show()
    wisher.wants = (a_target(shares="4"),)
    rig.show({"0.44": "10"})
    assert denials(rig) == [DenialReason.BELOW_MINIMUM_SIZE]


def test_a_wish_given_up_and_taken_up_again_is_denied_anew() -> None:
    wisher = Wisher("w", (a_target(),))
    rig = a_rig(wisher, limits=NOTHING_ALLOWED)
    rig.show()
    wisher.wants = ()
    rig.show({"0.44": "10"})
    wisher.wants = (a_target(),)
    rig.show({"0.45": "10"})
    assert denials(rig) == [DenialReason.OPEN_ORDERS]


def test_a_denied_wish_is_tried_again_on_a_pulse_though_the_market_is_silent() -> None:
    blocker = Wisher("blocker", (a_target(slot="x", price="0.4"),))
    wisher = Wisher("w", (a_target(),))
    rig = a_rig(blocker, wisher, limits=LEAN)
    rig.show()
    (first,) = rig.submits
    assert denials(rig) == [DenialReason.OPEN_ORDERS]
    blocker.wants = ()
    rig.accept(first)
    rig.cancel(first)
    rig.pulse(100)
    assert [order.strategy_id for order in rig.submits] == ["w"]


@pytest.mark.requirement("S3-074")
def test_a_target_made_under_a_broken_continuity_is_denied() -> None:
    wisher = Wisher("w", (a_target(),), is_stuck_at=1)
    rig = a_rig(wisher)
    rig.show()
    assert len(rig.submits) == 1
    rig.reject(rig.submits[0])
    rig.step(a_change(level(Side.BUY, "0.4", "1", touch=("0.1", "0.9"))))
    rig.pulse(2_000)
    rig.show()
    assert denials(rig) == [DenialReason.CONTINUITY_BROKEN]
    assert rig.submits == ()


@pytest.mark.requirement("S3-074")
def test_a_book_that_loses_our_trust_takes_its_orders_with_it() -> None:
    rig = a_rig(Wisher("w", (a_target(),)))
    rig.show()
    (order,) = rig.submits
    rig.accept(order)
    rig.step(a_change(level(Side.BUY, "0.4", "1", touch=("0.1", "0.9"))))
    assert [o.client_order_id for o in rig.cancels] == [order.client_order_id]
    rig.cancel(order)
    assert rig.submits == ()
    rig.pulse(1_000)
    rig.show()
    assert len(rig.submits) == 1


@pytest.mark.requirement("S3-074")
def test_a_stale_book_takes_its_orders_with_it_and_news_brings_them_back() -> None:
    rig = a_rig(Wisher("w", (a_target(),)))
    rig.show()
    (order,) = rig.submits
    rig.accept(order)
    rig.pulse(10_000)
    assert rig.cancels == ()
    rig.pulse(1)
    assert len(rig.cancels) == 1
    rig.cancel(order)
    rig.step(a_change(level(Side.BUY, "0.3", "1", touch=("0.48", "0.52")), at=rig.now))
    assert len(rig.submits) == 1


def test_a_sell_is_wanted_as_soon_as_what_was_bought_has_settled() -> None:
    buyer = Wisher("buyer", (a_target(),))
    seller = Wisher("seller", (a_target(side=Side.SELL, price="0.55"),))
    rig = a_rig(buyer, seller)
    rig.show()
    assert denials(rig) == [DenialReason.NOT_ENOUGH_SHARES]
    (bought,) = rig.submits
    rig.accept(bought)
    rig.fill(bought, "10", trade_id="t", settlement=SettlementStatus.MATCHED)
    buyer.wants = ()
    rig.pulse()
    rig.step(
        SettlementReported(
            trade_id=TradeId("t"),
            settlement=SettlementStatus.CONFIRMED,
        ),
        after_ms=100,
    )
    assert [order.side for order in rig.submits] == [Side.SELL]


def test_damping_holds_a_replacement_back_and_does_not_forget_it() -> None:
    wisher = Wisher("w", (a_target(price="0.42"),))
    rig = a_rig(wisher, rest_min_ms=500)
    rig.show()
    (order,) = rig.submits
    rig.accept(order)
    wisher.wants = (a_target(price="0.43"),)
    rig.show({"0.44": "10"})
    for _ in range(4):
        rig.pulse(100)
        assert rig.cancels == ()
    rig.pulse(100)
    assert [o.client_order_id for o in rig.cancels] == [order.client_order_id]


def test_a_strategy_is_asked_when_it_said_it_would_be_due() -> None:
    wisher = Wisher("w", (), due=seconds(3))
    rig = a_rig(wisher)
    rig.show()
    asked = wisher.asked
    rig.step(Pulse(), after_ms=2_999)
    assert wisher.asked == asked
    rig.step(Pulse(), after_ms=1)
    assert wisher.asked == asked + 1
    wisher.due = None
    rig.pulse()
    rig.pulse()
    assert wisher.asked == asked + 2


def test_two_wishes_for_one_slot_make_one_order() -> None:
    wisher = Wisher("w", (a_target(price="0.42"), a_target(price="0.43")))
    rig = a_rig(wisher)
    rig.show()
    assert [order.price for order in rig.submits] == [price("0.42")]
    assert denials(rig) == [DenialReason.DUPLICATE_INTENT]


def test_a_denied_replacement_still_names_what_it_replaces_when_it_comes() -> None:
    wisher = Wisher("w", (a_target(price="0.42"),))
    rig = a_rig(wisher)
    rig.show()
    (first,) = rig.submits
    rig.accept(first)
    wisher.wants = (a_target(price="0.43", shares="4"),)
    rig.show({"0.44": "10"})
    rig.cancel(first)
    assert denials(rig) == [DenialReason.BELOW_MINIMUM_SIZE]
    wisher.wants = (a_target(price="0.43", shares="5"),)
    rig.show({"0.45": "10"})
    assert [order.replaces for order in rig.submits] == [first.client_order_id]


def test_a_replacement_nobody_wants_any_more_is_forgotten() -> None:
    wisher = Wisher("w", (a_target(price="0.42"),))
    rig = a_rig(wisher)
    rig.show()
    (first,) = rig.submits
    rig.accept(first)
    wisher.wants = (a_target(price="0.43"),)
    rig.show({"0.44": "10"})
    wisher.wants = ()
    rig.cancel(first)
    wisher.wants = (a_target(price="0.43"),)
    rig.show({"0.45": "10"})
    assert [order.replaces for order in rig.submits] == [None]


def test_a_taker_pays_the_fee_of_the_market_and_a_maker_none() -> None:
    rig = a_rig(Wisher("w", (a_target(),)), cash_start=cash("100"))
    rig.show()
    (order,) = rig.submits
    rig.fill(order, "5", liquidity=Liquidity.MAKER)
    assert rig.state.portfolio.fees() == 0
    rig.fill(order, "5", liquidity=Liquidity.TAKER)
    assert rig.state.portfolio.fees() == cash("0.0609")
