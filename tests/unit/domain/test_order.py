from fractions import Fraction

import pytest

from daemon.domain.order import CANCELABLE, SQL_STATUS, TERMINAL, OrderStatus, TimeInForce
from tests.builders import an_order, cash, price, shares

S = OrderStatus


@pytest.mark.parametrize("status", S)
def test_order_is_open_until_its_status_is_terminal(status: OrderStatus) -> None:
    assert an_order(status=status).is_open is (status not in TERMINAL)


def test_only_orders_that_may_rest_are_cancelled() -> None:
    assert not CANCELABLE & TERMINAL
    assert S.DELAYED not in CANCELABLE


@pytest.mark.parametrize("status", sorted(set(S) - TERMINAL))
def test_all_leaves_of_an_open_order_are_at_risk(status: OrderStatus) -> None:
    assert an_order(status=status, shares="10", filled="4").at_risk == shares("6")


@pytest.mark.parametrize("status", [S.CANCELED, S.EXPIRED])
def test_leaves_stay_at_risk_until_the_venue_has_said_what_matched(status: OrderStatus) -> None:
    assert an_order(status=status, shares="10", filled="4").at_risk == shares("6")


@pytest.mark.parametrize("status", sorted(TERMINAL))
@pytest.mark.parametrize("matched, at_risk", [("4", "0"), ("7", "3"), ("3", "0")])
def test_gap_between_the_two_witnesses_is_at_risk(
    status: OrderStatus, matched: str, at_risk: str
) -> None:
    order = an_order(status=status, shares="10", filled="4", matched=matched)
    assert order.at_risk == shares(at_risk)


@pytest.mark.parametrize("status", [S.FILLED, S.REJECTED, S.FAILED])
def test_nothing_is_at_risk_in_what_never_rested_or_is_done(status: OrderStatus) -> None:
    assert an_order(status=status, shares="10").at_risk == 0


def test_leaves_are_never_negative() -> None:
    assert an_order(shares="10", filled="10.5").leaves == 0


def test_average_price_is_that_of_the_fills() -> None:
    assert an_order().average_price is None
    assert an_order(price="0.42", filled="3").average_price == price("0.42")


def test_notional_rounds_up_and_what_is_at_risk_stays_exact() -> None:
    order = an_order(price="0.333333", shares="0.000001")
    assert order.notional == 1
    assert Fraction(order.notional_at_risk_exact, 10**12) == Fraction("0.333333") / 10**6
    assert an_order(price="0.42", shares="10").notional == cash("4.2")


def test_people_and_tables_read_the_customers_spelling() -> None:
    assert set(SQL_STATUS) == set(S)
    assert SQL_STATUS[S.CANCELED] == "cancelled"
    assert SQL_STATUS[S.PARTIALLY_FILLED] == "partially_filled"
    assert len(set(SQL_STATUS.values())) == len(S)


def test_only_good_till_orders_rest() -> None:
    assert [tif for tif in TimeInForce if tif.rests] == [TimeInForce.GTC, TimeInForce.GTD]
