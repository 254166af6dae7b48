"""What the two amounts of a posted order say: its price, and whether they are as exact as allowed."""

from typing import Final, NamedTuple

from daemon.domain.side import Side
from daemon.domain.units import MICRO, ONE
from daemon.sim.exchange.trading.listing import AMOUNT_DECIMALS
from daemon.sim.exchange.trading.venue_order import PostedOrder

SIZE_DECIMALS: Final = 2
BUDGET_DECIMALS: Final = 2
BUDGET_SHARES_DECIMALS: Final = 4
MARKETABLE_CASH_DECIMALS: Final = 4
_DECIMALS: Final = 6


class ImpliedPrice(NamedTuple):
    """The price of an order by its amounts, in millionths."""

    price: int
    is_on_grid: bool


class Accuracy(NamedTuple):
    """How many decimals the amounts of an order may have, and what the venue calls such orders."""

    orders: str
    maker_decimals: int
    taker_decimals: int


def implied_price(posted: PostedOrder, tick: int) -> ImpliedPrice:
    """Return the price that the amounts encode; both amounts must be positive.

    The ratio must be a grid price exactly. Only the shares of a budget are rounded by the client, to
    four decimals, so there the nearest grid price counts when its shares differ by less than that.
    """
    cash, shares = posted.cash * ONE, posted.shares
    nearest = (2 * cash + shares * tick) // (2 * shares * tick) * tick
    slack = 10 ** (_DECIMALS - BUDGET_SHARES_DECIMALS) * nearest if posted.is_budget else 1
    if abs(cash - shares * nearest) < slack:
        return ImpliedPrice(nearest, is_on_grid=True)
    return ImpliedPrice(cash // shares, is_on_grid=False)


def accuracy(posted: PostedOrder, tick: int, *, is_marketable: bool) -> Accuracy:
    """Return how exact the amounts of such an order may be."""
    if posted.is_budget:
        return Accuracy("market buy", BUDGET_DECIMALS, BUDGET_SHARES_DECIMALS)
    cash_decimals = AMOUNT_DECIMALS[tick]
    if posted.side is Side.SELL:
        orders = "sell" if posted.order_type.rests else "market sell"
        return Accuracy(orders, SIZE_DECIMALS, cash_decimals)
    if is_marketable:
        cash_decimals = min(cash_decimals, MARKETABLE_CASH_DECIMALS)
    return Accuracy("buy", cash_decimals, SIZE_DECIMALS)


def is_accurate(posted: PostedOrder, allowed: Accuracy) -> bool:
    """Tell whether neither amount has more decimals than allowed."""
    return not (
        posted.maker_amount % (MICRO // 10**allowed.maker_decimals)
        or posted.taker_amount % (MICRO // 10**allowed.taker_decimals)
    )
