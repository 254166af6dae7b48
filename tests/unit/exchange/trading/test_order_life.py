"""What may become of an order once it was accepted."""

import pytest

from daemon.domain.ids import VenueOrderId
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Cash, Nanos
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.refusal import NO_MATCH, NO_ORDERBOOK
from daemon.sim.exchange.trading.reply import Accepted, CancelReply, Held, PostStatus
from daemon.sim.exchange.trading.venue_event import SubmitAnswered
from daemon.sim.exchange.trading.venue_order import OrderStatus, OrderType
from tests.unit.exchange.trading.venue_bench import (
    CONDITION,
    DOWN,
    START,
    UP,
    VenueBench,
    a_listing,
)

NOW_S = START // NANOS_PER_S


@pytest.fixture
def bench() -> VenueBench:
    return open_bench(VenueBench())


@pytest.fixture
def sports() -> VenueBench:
    return open_bench(VenueBench(a_listing(delay_ms=3_000)))


@pytest.fixture
def crypto() -> VenueBench:
    return open_bench(VenueBench(a_listing(delay_ms=250, is_delay_silent=True)))


def open_bench(bench: VenueBench) -> VenueBench:
    for owner in ("mia", "tom"):
        bench.open_account(owner, pairs="100")
    return bench


def answers(bench: VenueBench) -> list[Accepted | Refusal]:
    return [event.reply for event in bench.events if isinstance(event, SubmitAnswered)]


def test_a_cancel_names_what_went_and_why_the_rest_did_not(bench: VenueBench) -> None:
    live, partly = bench.order("mia", "BUY", "10", "0.40"), bench.order("mia", "BUY", "10", "0.50")
    done, foreign = bench.order("mia", "BUY", "5", "0.55"), bench.order("tom", "SELL", "9", "0.50")
    for order in (live, partly, done):
        bench.accept(order)
    bench.accept(foreign)
    ids = [order.order_id for order in (live, partly, done, foreign)]
    assert bench.cancel("mia", *ids, "0xno", ids[0]) == CancelReply(
        (live.order_id, partly.order_id),
        {
            done.order_id: "Order already matched",
            foreign.order_id: "Order not found or already canceled",
            VenueOrderId("0xno"): "Order not found or already canceled",
        },
    )
    assert bench.cancel("mia", live.order_id).not_canceled == {
        live.order_id: "Order not found or already canceled"
    }
    assert bench.told_orders("mia")[-2:] == [
        ("CANCELLATION", "CANCELED", 0),
        ("CANCELLATION", "CANCELED", 4_000_000),
    ]
    assert bench.active("mia") == 0


def test_all_orders_of_a_token_a_market_or_an_owner_are_cancelled(bench: VenueBench) -> None:
    mia = Owner("mia")
    up, down, more = (
        bench.order("mia", "BUY", "10", "0.40", token=UP),
        bench.order("mia", "BUY", "10", "0.30", token=DOWN),
        bench.order("mia", "SELL", "10", "0.80", token=UP),
    )
    for order in (up, down, more):
        bench.accept(order)
    turn = bench.exchange.cancel_market(mia, bench.now, token=DOWN)
    assert turn.reply.canceled == (down.order_id,)
    other = a_listing(number=1).condition_id
    assert bench.exchange.cancel_market(mia, bench.now, condition_id=other).reply == CancelReply()
    turn = bench.exchange.cancel_market(mia, bench.now, condition_id=CONDITION)
    assert turn.reply.canceled == (up.order_id, more.order_id)
    bench.accept(bench.order("mia", "BUY", "10", "0.40"))
    assert len(bench.exchange.cancel_all(mia, bench.now).reply.canceled) == 1
    assert bench.exchange.cancel_all(mia, bench.now).reply == CancelReply()


def test_a_gtd_order_is_removed_a_minute_before_its_second(bench: VenueBench) -> None:
    order = bench.order(
        "mia", "BUY", "10", "0.40", order_type=OrderType.GTD, expiration_s=NOW_S + 180
    )
    bench.accept(order)
    bench.pass_ms(119_999)
    assert bench.state(order).status is OrderStatus.LIVE
    bench.pass_ms(1)
    assert bench.told_orders("mia")[-1] == ("CANCELLATION", "CANCELED_EXPIRED_ORDER", 0)
    assert bench.active("mia") == 0


def test_an_order_that_comes_when_a_gtd_order_is_due_does_not_meet_it(bench: VenueBench) -> None:
    bench.accept(
        bench.order("mia", "BUY", "10", "0.40", order_type=OrderType.GTD, expiration_s=NOW_S + 180)
    )
    turn = bench.exchange.submit(
        bench.order("tom", "SELL", "10", "0.40", order_type=OrderType.FAK),
        Nanos(bench.now + 120 * NANOS_PER_S),
    )
    assert turn.reply == NO_MATCH
    assert len(turn.events) == 2


def test_a_delayed_order_matches_later_and_cannot_be_cancelled_meanwhile(
    sports: VenueBench,
) -> None:
    sports.accept(sports.order("mia", "SELL", "10", "0.60"))
    taking = sports.order("tom", "BUY", "15", "0.60")
    assert sports.accept(taking) == Accepted(order_id=taking.order_id, status=PostStatus.DELAYED)
    assert sports.active("tom") == 9_000_000 + 252_000
    assert sports.cancel("tom", taking.order_id).not_canceled == {
        taking.order_id: "Order is currently delayed"
    }
    assert [state.status for state in sports.exchange.open_orders(Owner("tom"))] == ["DELAYED"]
    sports.pass_ms(2_999)
    assert sports.told_orders("tom") == [("PLACEMENT", "DELAYED", 0)]
    sports.pass_ms(1)
    assert sports.told_orders("tom")[1:] == [("UPDATE", "LIVE", 10_000_000)]
    assert sports.active("tom") == 3_000_000


def test_a_delayed_order_whose_makers_went_rests_or_dies(sports: VenueBench) -> None:
    making = sports.order("mia", "SELL", "10", "0.60")
    sports.accept(making)
    sports.accept(sports.order("tom", "BUY", "10", "0.60"))
    sports.accept(sports.order("tom", "BUY", "10", "0.60", order_type=OrderType.FAK))
    sports.cancel("mia", making.order_id)
    sports.pass_ms(3_000)
    assert sports.told_orders("tom")[2:] == [
        ("UPDATE", "LIVE", 0),
        ("CANCELLATION", "CANCELED", 0),
    ]


def test_a_delayed_order_whose_money_went_is_cancelled(sports: VenueBench) -> None:
    sports.accept(sports.order("mia", "SELL", "10", "0.60"))
    sports.accept(sports.order("tom", "BUY", "10", "0.60"))
    sports.exchange.withdraw(Wallet("0xtom"), Cash(999_000_000), sports.now)
    sports.pass_ms(3_000)
    assert sports.told_orders("tom")[-1] == ("CANCELLATION", "CANCELED_NOT_ENOUGH_BALANCE", 0)


def test_orders_that_take_nothing_are_not_delayed(sports: VenueBench) -> None:
    assert sports.accept(sports.order("mia", "SELL", "10", "0.60")).status is PostStatus.LIVE


def test_a_held_order_is_answered_late_and_seen_by_nobody_before(crypto: VenueBench) -> None:
    making, taking = (
        crypto.order("mia", "SELL", "10", "0.60"),
        crypto.order("tom", "BUY", "10", "0.6"),
    )
    crypto.accept(making)
    until = crypto.now + 250 * NANOS_PER_MS
    assert crypto.submit(taking) == Held(order_id=taking.order_id, until=Nanos(until))
    assert crypto.exchange.order(taking.order_id) is None
    assert crypto.exchange.open_orders(Owner("tom")) == ()
    assert crypto.submit(taking) == Refusal(400, f"order {taking.order_id} is invalid. Duplicated.")
    assert crypto.cancel("tom", taking.order_id).canceled == ()
    assert crypto.told_orders("tom") == []
    crypto.pass_ms(250)
    (answer,) = answers(crypto)
    assert isinstance(answer, Accepted)
    assert (answer.status, answer.making_amount) == (PostStatus.MATCHED, 6_000_000)
    assert crypto.told_orders("tom") == [
        ("PLACEMENT", "LIVE", 0),
        ("UPDATE", "MATCHED", 10_000_000),
    ]


def test_a_held_order_refused_in_the_end_never_existed(crypto: VenueBench) -> None:
    making = crypto.order("mia", "SELL", "10", "0.60")
    crypto.accept(making)
    taking = crypto.order("tom", "BUY", "10", "0.60", order_type=OrderType.FAK)
    crypto.submit(taking)
    crypto.cancel("mia", making.order_id)
    crypto.pass_ms(250)
    assert answers(crypto) == [NO_MATCH]
    assert crypto.exchange.order(taking.order_id) is None
    assert (crypto.active("tom"), crypto.told_orders("tom")) == (0, [])


def test_a_market_resolved_during_the_hold_refuses(crypto: VenueBench) -> None:
    crypto.accept(crypto.order("mia", "SELL", "10", "0.60"))
    crypto.submit(crypto.order("tom", "BUY", "10", "0.60"))
    crypto.exchange.resolve(CONDITION, UP, crypto.now)
    crypto.pass_ms(250)
    assert answers(crypto) == [NO_ORDERBOOK]
