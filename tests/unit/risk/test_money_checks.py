"""Limits in shares and dollars: at the limit passes, a millionth over is refused."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from daemon.domain.order import OrderStatus
from daemon.domain.reasons import DenialReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.risk.limits import RiskLimits
from daemon.risk.situation import Situation
from tests.builders import NO, a_fill, a_market, a_target, an_order, cash, shares
from tests.engine_builders import EVERYTHING_ALLOWED, a_situation
from tests.unit.risk.refusal import refusal

OTHER = "other strategy's slot"


def with_limit(name: str, value: int) -> RiskLimits:
    changes: dict[str, Any] = {name: value}
    return replace(EVERYTHING_ALLOWED, **changes)


@dataclass(frozen=True)
class Edge:
    """10 shares at 0.42 need exactly `needs` of a limit."""

    limit: str
    needs: int
    reason: DenialReason
    situation: Callable[[], Situation] = a_situation


def working(*sides: tuple[Side, str, str, OrderStatus]) -> Callable[[], Situation]:
    orders = tuple(
        an_order(side=side, price=at, shares=size, status=status, slot=OTHER)
        for side, at, size, status in sides
    )
    return lambda: a_situation(orders=orders)


EDGES = {
    "shares of one order": Edge("order_shares_max", shares("10"), DenialReason.ORDER_SIZE),
    "dollars of one order": Edge("trade_notional_max", cash("4.2"), DenialReason.TRADE_NOTIONAL),
    "dollars in a market": Edge("window_notional_max", cash("4.2"), DenialReason.WINDOW_NOTIONAL),
    "dollars in all": Edge("total_exposure_max", cash("4.2"), DenialReason.TOTAL_EXPOSURE),
    "shares of an outcome": Edge("market_position_max", shares("10"), DenialReason.MARKET_POSITION),
    "what is held counts": Edge(
        "market_position_max",
        shares("17"),
        DenialReason.MARKET_POSITION,
        lambda: a_situation(fills=(a_fill(shares="7"),)),
    ),
    "what is held of the other outcome is taken off": Edge(
        "market_position_max",
        shares("3"),
        DenialReason.MARKET_POSITION,
        lambda: a_situation(fills=(a_fill(shares="7", token=NO),)),
    ),
    "unless it is being sold": Edge(
        "market_position_max",
        shares("8"),
        DenialReason.MARKET_POSITION,
        lambda: a_situation(
            fills=(a_fill(shares="7", token=NO),),
            orders=(an_order(side=Side.SELL, token=NO, shares="5", price="0.9", slot=OTHER),),
        ),
    ),
    "shares owed of the other outcome add": Edge(
        "market_position_max",
        shares("14"),
        DenialReason.MARKET_POSITION,
        lambda: a_situation(fills=(a_fill(side=Side.SELL, shares="4", token=NO),)),
    ),
    "a working buy counts": Edge(
        "market_position_max",
        shares("15"),
        DenialReason.MARKET_POSITION,
        working((Side.BUY, "0.4", "5", OrderStatus.OPEN)),
    ),
    "a working buy costs": Edge(
        "total_exposure_max",
        cash("6.2"),
        DenialReason.TOTAL_EXPOSURE,
        working((Side.BUY, "0.4", "5", OrderStatus.OPEN)),
    ),
    "a working buy costs in its market": Edge(
        "window_notional_max",
        cash("6.2"),
        DenialReason.WINDOW_NOTIONAL,
        working((Side.BUY, "0.4", "5", OrderStatus.OPEN)),
    ),
    "an order nobody knows about costs": Edge(
        "total_exposure_max",
        cash("6.2"),
        DenialReason.TOTAL_EXPOSURE,
        working((Side.BUY, "0.4", "5", OrderStatus.UNKNOWN)),
    ),
    "an order on its way out costs": Edge(
        "total_exposure_max",
        cash("6.2"),
        DenialReason.TOTAL_EXPOSURE,
        working((Side.BUY, "0.4", "5", OrderStatus.PENDING_CANCEL)),
    ),
    "a cancelled order that may have traded costs": Edge(
        "total_exposure_max",
        cash("6.2"),
        DenialReason.TOTAL_EXPOSURE,
        working((Side.BUY, "0.4", "5", OrderStatus.CANCELED)),
    ),
}


@pytest.mark.requirement("S2-056", "S2-057", "S4-071")
@pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES)
def test_a_limit_is_held_to_the_millionth(edge: Edge) -> None:
    situation = edge.situation()
    target = a_target(price="0.42", shares="10")
    assert refusal(target, situation, with_limit(edge.limit, edge.needs)) is None
    tighter = with_limit(edge.limit, edge.needs - 1)
    assert refusal(target, situation, tighter) is edge.reason


def test_open_orders_are_counted_over_everything_and_finished_ones_are_not() -> None:
    orders = (
        an_order(status=OrderStatus.OPEN, slot="a"),
        an_order(status=OrderStatus.PENDING, slot="b", price="0.3"),
        an_order(status=OrderStatus.CANCELED, slot="c"),
    )
    situation = a_situation(orders=orders)
    assert refusal(None, situation, with_limit("open_orders_max", 3)) is None
    full = refusal(None, situation, with_limit("open_orders_max", 2))
    assert full is DenialReason.OPEN_ORDERS


def test_a_buy_needs_its_notional_and_the_fee_of_taking() -> None:
    market = a_market(fee_rate="0.05")
    # 10 × 0.42 = 4.20 and 10 × 0.05 × 0.42 × 0.58 = 0.1218 of fee.
    assert refusal(None, a_situation(market=market, cash_start="4.3218")) is None
    short = a_situation(market=market, cash_start="4.321799")
    assert refusal(None, short) is DenialReason.NOT_ENOUGH_CASH


def test_cash_promised_to_a_working_buy_is_not_spent_twice() -> None:
    order = an_order(price="0.4", shares="5", status=OrderStatus.OPEN, slot=OTHER)
    free = a_market(fee_rate="0")
    enough = a_situation(market=free, orders=(order,), cash_start="6.2")
    assert refusal(None, enough) is None
    short = a_situation(market=free, orders=(order,), cash_start="6.199999")
    assert refusal(None, short) is DenialReason.NOT_ENOUGH_CASH


def selling(held: str, *, promised: str = "0", settled: bool = True) -> Situation:
    status = SettlementStatus.CONFIRMED if settled else SettlementStatus.MATCHED
    order = an_order(
        side=Side.SELL, price="0.6", shares=promised, status=OrderStatus.OPEN, slot=OTHER
    )
    return a_situation(
        fills=(a_fill(shares=held, settlement=status),),
        orders=(order,) if promised != "0" else (),
    )


@pytest.mark.requirement("S0-080")
def test_a_sell_needs_shares_that_are_settled_and_not_promised() -> None:
    sell = a_target(side=Side.SELL, price="0.6", shares="10")
    assert refusal(sell, selling("10")) is None
    assert refusal(sell, selling("9.999999")) is DenialReason.NOT_ENOUGH_SHARES
    assert refusal(sell, selling("15", promised="5")) is None
    assert refusal(sell, selling("14.999999", promised="5")) is DenialReason.NOT_ENOUGH_SHARES
    assert refusal(sell, selling("10", settled=False)) is DenialReason.NOT_ENOUGH_SHARES


@pytest.mark.parametrize(
    "limit",
    ["trade_notional_max", "market_position_max", "window_notional_max", "total_exposure_max"],
)
def test_no_exposure_limit_stands_in_the_way_of_a_sell(limit: str) -> None:
    sell = a_target(side=Side.SELL, price="0.6", shares="10")
    assert refusal(sell, selling("10"), with_limit(limit, 0)) is None


def test_a_sell_needs_no_cash() -> None:
    broke = a_situation(fills=(a_fill(shares="10", settlement=SettlementStatus.CONFIRMED),))
    sell = a_target(side=Side.SELL, price="0.6", shares="10")
    poor = replace(broke, portfolio=selling("10").portfolio)
    assert refusal(sell, poor) is None
