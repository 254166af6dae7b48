"""Never trade with ourselves, not even through the mirror of the other outcome."""

import pytest

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.order import OrderStatus
from daemon.domain.reasons import DenialReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from tests.builders import NO, YES, a_fill, a_target, an_order
from tests.engine_builders import a_situation
from tests.unit.risk.refusal import refusal

BUY, SELL = Side.BUY, Side.SELL
HOLDINGS = tuple(
    a_fill(token=token, shares="100", settlement=SettlementStatus.CONFIRMED) for token in (YES, NO)
)


def verdict(
    mine: tuple[Side, TokenId, str],
    wanted: tuple[Side, TokenId, str],
    status: OrderStatus = OrderStatus.OPEN,
    condition_id: ConditionId | None = None,
) -> DenialReason | None:
    side, token, at_price = mine
    order = an_order(side=side, token=token, price=at_price, status=status, slot="mine")
    if condition_id is not None:
        order = an_order(
            side=side, token=token, price=at_price, slot="mine", condition_id=condition_id
        )
    side, token, at_price = wanted
    target = a_target(side=side, token=token, price=at_price)
    return refusal(target, a_situation(orders=(order,), fills=HOLDINGS))


@pytest.mark.parametrize(
    ("mine", "wanted"),
    [
        pytest.param((SELL, YES, "0.5"), (BUY, YES, "0.5"), id="a buy meets our sell"),
        pytest.param((SELL, YES, "0.49"), (BUY, YES, "0.5"), id="a buy passes our sell"),
        pytest.param((BUY, YES, "0.5"), (SELL, YES, "0.5"), id="a sell meets our buy"),
        pytest.param((BUY, YES, "0.51"), (SELL, YES, "0.5"), id="a sell passes our buy"),
        pytest.param((BUY, NO, "0.5"), (BUY, YES, "0.5"), id="two buys mint a pair"),
        pytest.param((BUY, YES, "0.6"), (BUY, NO, "0.41"), id="two buys pay for a pair"),
        pytest.param((SELL, NO, "0.5"), (SELL, YES, "0.5"), id="two sells merge a pair"),
        pytest.param((SELL, YES, "0.4"), (SELL, NO, "0.59"), id="two sells ask for less"),
    ],
)
def test_an_order_that_would_meet_our_own_is_refused(
    mine: tuple[Side, TokenId, str], wanted: tuple[Side, TokenId, str]
) -> None:
    assert verdict(mine, wanted) is DenialReason.OWN_CROSSING


@pytest.mark.parametrize(
    ("mine", "wanted"),
    [
        pytest.param((SELL, YES, "0.51"), (BUY, YES, "0.5"), id="a tick below our sell"),
        pytest.param((BUY, YES, "0.49"), (SELL, YES, "0.5"), id="a tick above our buy"),
        pytest.param((BUY, YES, "0.6"), (BUY, YES, "0.5"), id="the same side never meets"),
        pytest.param((BUY, NO, "0.49"), (BUY, YES, "0.5"), id="a tick below a pair"),
        pytest.param((SELL, NO, "0.51"), (SELL, YES, "0.5"), id="a tick above a pair"),
        pytest.param((SELL, NO, "0.5"), (BUY, YES, "0.5"), id="our sell of the other outcome"),
    ],
)
def test_an_order_that_cannot_meet_our_own_is_approved(
    mine: tuple[Side, TokenId, str], wanted: tuple[Side, TokenId, str]
) -> None:
    assert verdict(mine, wanted) is None


def test_an_order_that_rests_no_more_is_not_met() -> None:
    mine, wanted = (SELL, YES, "0.5"), (BUY, YES, "0.5")
    assert verdict(mine, wanted, OrderStatus.CANCELED) is None
    for status in (OrderStatus.UNKNOWN, OrderStatus.PENDING, OrderStatus.PENDING_CANCEL):
        assert verdict(mine, wanted, status) is DenialReason.OWN_CROSSING


def test_orders_of_another_market_are_not_met() -> None:
    other = ConditionId("0x" + "0d" * 32)
    assert verdict((SELL, TokenId("8"), "0.5"), (BUY, YES, "0.5"), condition_id=other) is None
