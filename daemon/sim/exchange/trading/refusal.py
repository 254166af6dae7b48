"""What the exchange says when it takes no order, word for word; a refused order never existed."""

from typing import Final

from daemon.domain.ids import VenueOrderId
from daemon.domain.units import Cash, Price, Shares, format_micros
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.amounts import Accuracy

NO_ORDERBOOK: Final = Refusal(404, "No orderbook exists for the requested token id")
NOT_READY: Final = Refusal(400, "the market is not yet ready to process new orders")
CROSSES_BOOK: Final = Refusal(400, "invalid post-only order: order crosses book")
NOT_FULLY_FILLED: Final = Refusal(
    400, "order couldn't be fully filled. FOK orders are fully filled or killed."
)
NO_MATCH: Final = Refusal(
    400,
    "no orders found to match with FAK order. "
    "FAK orders are partially filled or killed if no match is found.",
)

_NOT_ENOUGH: Final = "not enough balance / allowance"


def duplicated(order_id: VenueOrderId) -> Refusal:
    """The same id was accepted before."""
    return Refusal(400, f"order {order_id} is invalid. Duplicated.")


def breaks_tick(order_id: VenueOrderId, price: int, tick: Price) -> Refusal:
    """The amounts encode a price that is not on the grid."""
    return Refusal(
        400,
        f"order {order_id} is invalid. Price ({format_micros(price, 0)}) "
        f"breaks minimum tick size rule: {format_micros(tick, 0)}",
    )


def too_small(order_id: VenueOrderId, shares: Shares, shares_min: Shares) -> Refusal:
    """Fewer shares than an order in this market may have."""
    return Refusal(
        400,
        f"order {order_id} is invalid. Size ({format_micros(shares, 0)}) "
        f"lower than the minimum: {format_micros(shares_min, 0)}",
    )


def inaccurate(allowed: Accuracy) -> Refusal:
    """An amount has too many decimals."""
    return Refusal(
        400,
        f"invalid amounts, the {allowed.orders} orders maker amount supports a max accuracy of "
        f"{allowed.maker_decimals} decimals, taker amount a max of {allowed.taker_decimals} decimals",
    )


def marketable_too_small(cash: Cash) -> Refusal:
    """A BUY that would take at once is worth less than a dollar."""
    return Refusal(
        400, f"invalid amount for a marketable BUY order (${format_micros(cash, 0)}), min size: $1"
    )


def not_enough_balance(*, balance: int, active: int, matched: int, needed: int) -> Refusal:
    """The wallet cannot pay; what its open orders and unsettled matches claim is named if any."""
    if active or matched:
        claims = f"sum of active orders: {active}, sum of matched orders: {matched}, "
        amount = f"{claims}order amount (inc. fees): {needed}"
    else:
        amount = f"order amount: {needed}"
    return Refusal(400, f"{_NOT_ENOUGH}: the balance is not enough -> balance: {balance}, {amount}")


def not_enough_allowance(spender: str, allowance: int) -> Refusal:
    """The wallet has not approved the contract that settles this market."""
    return Refusal(
        400,
        f"{_NOT_ENOUGH}: the allowance is not enough -> spender: {spender}, allowance: {allowance}",
    )
