"""One order from wish to fill, and what takes its place: the engine end to end, without IO."""

import pytest

from daemon.domain import order_events as ev
from daemon.domain.facts import PositionChanged
from daemon.domain.ids import StrategyId
from daemon.domain.order import OrderStatus
from daemon.domain.side import Side
from daemon.errors import IllegalTransition
from strategies.top_bidder import TopBidder, TopBidderParams
from tests.builders import START, YES, a_target, price, seconds, shares
from tests.engine_builders import Wisher, a_change, level
from tests.rig import Rig, a_rig


def a_top_bidder(side: Side = Side.BUY, limit: str = "0.6") -> TopBidder:
    params = TopBidderParams(
        token=YES, side=side, limit_price=price(limit), shares_per_order=shares("10")
    )
    return TopBidder(StrategyId(f"top-{side.lower()}"), params)


def kinds(rig: Rig) -> list[str]:
    """Return the names of the last step's facts."""
    return [type(fact).__name__ for fact in rig.last.facts]


@pytest.mark.requirement("S2-042")
def test_a_believed_book_makes_an_order_and_an_order_makes_a_position() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    (order,) = rig.submits
    assert kinds(rig) == ["BookResynced", "OrderCreated"]
    assert (order.price, order.shares) == (price("0.49"), shares("10"))
    assert (order.created_at, order.arrival_price) == (START, price("0.5"))
    assert order.status is OrderStatus.PENDING
    rig.send(order)
    assert rig.order(order).status is OrderStatus.SUBMITTED
    rig.step(ev.OrderAccepted(client_order_id=order.client_order_id))
    assert rig.order(order).status is OrderStatus.OPEN
    rig.fill(order, "4")
    assert kinds(rig) == ["OrderFilled", "PositionChanged"]
    assert rig.order(order).status is OrderStatus.PARTIALLY_FILLED
    rig.fill(order, "6")
    assert rig.order(order).status is OrderStatus.FILLED
    assert rig.state.position(YES).shares == shares("10")
    assert rig.state.position(YES).average_price == price("0.49")


def test_a_position_is_written_down_with_what_it_is_worth() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    rig.fill(rig.submits[0], "4")
    changed = rig.last.facts[-1]
    assert isinstance(changed, PositionChanged)
    assert (changed.position.shares, changed.mark) == (shares("4"), price("0.48"))


def test_an_unchanged_world_costs_no_effect_and_no_fact() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    rig.accept(rig.submits[0])
    rig.step(a_change(level(Side.BUY, "0.3", "5", touch=("0.48", "0.52"))))
    assert (rig.last.facts, rig.last.effects) == ((), ())


@pytest.mark.requirement("S2-027", "S2-028", "S2-046")
def test_an_outbid_order_is_cancelled_first_and_replaced_when_it_is_gone() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    (first,) = rig.submits
    rig.accept(first)
    rig.show({"0.49": "50"})
    assert [order.client_order_id for order in rig.cancels] == [first.client_order_id]
    assert rig.submits == ()
    rig.show({"0.49": "60"})
    assert (rig.cancels, rig.submits) == ((), ())
    rig.cancel(first)
    (second,) = rig.submits
    assert (second.price, second.replaces) == (price("0.5"), first.client_order_id)


def test_a_chain_of_replacements_names_each_time_the_one_before() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    orders = [rig.submits[0]]
    for bid in ("0.49", "0.5", "0.51"):
        rig.accept(orders[-1])
        rig.show({bid: "50"}, {"0.6": "9"})
        rig.cancel(orders[-1])
        orders.extend(rig.submits)
    assert [order.replaces for order in orders] == [
        None,
        *(order.client_order_id for order in orders[:-1]),
    ]
    assert len(rig.state.desk.open) == 1


@pytest.mark.requirement("S2-075")
def test_an_order_that_fills_before_its_cancel_arrives_is_no_replacement_and_counts_once() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    (first,) = rig.submits
    rig.accept(first)
    rig.show({"0.49": "50"})
    assert rig.order(first).status is OrderStatus.PENDING_CANCEL
    rig.fill(first, "10")
    (second,) = rig.submits
    assert second.replaces is None
    rig.step(ev.CancelRejected(client_order_id=first.client_order_id, reason="matched"))
    assert rig.order(first).status is OrderStatus.FILLED
    assert rig.state.position(YES).shares == shares("10")
    assert list(rig.state.desk.open) == [second.client_order_id]


@pytest.mark.requirement("S2-075")
def test_a_fill_after_the_cancel_is_counted() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    (first,) = rig.submits
    rig.accept(first)
    rig.show({"0.49": "50"})
    rig.cancel(first, matched="3")
    assert rig.submits == ()  # 3 shares may still come: the slot is not free.
    assert rig.order(first).at_risk == shares("3")
    rig.fill(first, "3")
    assert rig.order(first).status is OrderStatus.CANCELED
    assert rig.state.position(YES).shares == shares("3")
    assert [order.price for order in rig.submits] == [price("0.5")]


def test_a_cancel_that_does_not_say_what_matched_keeps_the_slot_taken() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    (first,) = rig.submits
    rig.accept(first)
    rig.show({"0.49": "50"})
    rig.step(ev.OrderCanceled(client_order_id=first.client_order_id, matched=None, reason="asked"))
    rig.pulse(5_000)
    rig.show({"0.49": "51"})
    assert rig.submits == ()
    assert rig.last.facts == ()
    rig.cancel(first, matched="0")
    assert len(rig.submits) == 1


def test_nothing_is_submitted_into_a_slot_nobody_knows_about() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    (first,) = rig.submits
    rig.send(first)
    rig.step(ev.OrderUnknown(client_order_id=first.client_order_id, reason="timed out"))
    for bid in ("0.49", "0.5"):
        rig.show({bid: "50"})
        assert (rig.submits, rig.cancels) == ((), ())
    rig.step(ev.OrderAccepted(client_order_id=first.client_order_id))
    assert [order.client_order_id for order in rig.cancels] == [first.client_order_id]
    assert rig.submits == ()


def test_a_delayed_order_is_not_cancelled_until_the_venue_lets_it_go() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    (first,) = rig.submits
    rig.send(first)
    rig.step(ev.OrderDelayed(client_order_id=first.client_order_id))
    rig.show({"0.49": "50"})
    assert (rig.submits, rig.cancels) == ((), ())
    rig.step(ev.OrderAccepted(client_order_id=first.client_order_id))
    assert len(rig.cancels) == 1


def test_an_order_that_has_not_left_yet_is_not_cancelled_at_the_venue() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    (first,) = rig.submits
    rig.show({"0.49": "50"})
    assert rig.cancels == ()
    rig.send(first)
    assert [order.client_order_id for order in rig.cancels] == [first.client_order_id]


@pytest.mark.requirement("S2-043", "S2-045")
def test_a_refused_order_is_tried_again_after_the_interval_and_not_before() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    rig.reject(rig.submits[0])
    for _ in range(9):
        rig.pulse(100)
        assert rig.submits == ()
    rig.pulse(100)
    assert len(rig.submits) == 1


def test_a_refused_order_is_tried_at_another_price_at_once() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    rig.reject(rig.submits[0])
    rig.show({"0.49": "50"})
    assert [order.price for order in rig.submits] == [price("0.5")]


def test_an_order_that_never_left_frees_its_slot() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    (first,) = rig.submits
    rig.step(ev.OrderFailed(client_order_id=first.client_order_id, reason="too late"))
    assert rig.order(first).status is OrderStatus.FAILED
    rig.pulse(1_000)
    assert len(rig.submits) == 1


@pytest.mark.requirement("S2-044")
def test_a_partly_filled_order_keeps_its_place_and_is_not_topped_up() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    (order,) = rig.submits
    rig.accept(order)
    rig.fill(order, "9")
    rig.show({"0.48": "70"})
    assert (rig.submits, rig.cancels) == ((), ())


def test_two_orders_that_somehow_share_a_slot_become_one() -> None:
    """The venue refused an order that had traded: it lives again beside its successor."""
    rig = a_rig(a_top_bidder())
    rig.show()
    (first,) = rig.submits
    rig.reject(first)
    rig.pulse(1_000)
    (second,) = rig.submits
    rig.accept(second)
    rig.fill(first, "2")
    assert rig.order(first).status is OrderStatus.UNKNOWN
    rig.step(ev.OrderAccepted(client_order_id=first.client_order_id))
    assert [order.client_order_id for order in rig.cancels] == [first.client_order_id]
    rig.cancel(first)
    assert rig.submits == ()
    rig.show({"0.49": "50"})
    assert [order.client_order_id for order in rig.cancels] == [second.client_order_id]


def test_news_that_no_model_of_the_venue_allows_escapes_the_step() -> None:
    rig = a_rig(a_top_bidder())
    rig.show()
    (order,) = rig.submits
    with pytest.raises(IllegalTransition, match=order.client_order_id):
        rig.step(ev.OrderAccepted(client_order_id=order.client_order_id))


def test_facts_are_numbered_without_a_gap_and_orders_are_named_after_the_run() -> None:
    rig = a_rig(a_top_bidder(), run="r7")
    expected = 1
    outcome = rig.show()
    for _ in range(3):
        assert outcome.seq == expected
        expected += len(outcome.facts)
        outcome = rig.accept(rig.submits[0]) if rig.submits else rig.pulse()
    assert [order.client_order_id for order in rig.state.desk.open.values()] == ["r7-1"]


def test_ten_changes_in_one_step_make_one_decision() -> None:
    wisher = Wisher("w", (a_target(),))
    rig = a_rig(wisher)
    rig.show()
    asked = wisher.asked
    rig.step(
        *(a_change(level(Side.BUY, "0.3", str(n), touch=("0.48", "0.52"))) for n in range(1, 11))
    )
    assert wisher.asked == asked + 1
    assert rig.now < seconds(1)
