"""One small function per rule: a target in a situation → the rule's numbers, or None when it holds.

A SELL never opens risk (the venue knows no short sale), so exposure rules bind BUYs only; nothing
here ever stands in the way of getting out.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from daemon.domain.market import MARKETABLE_BUY_MIN
from daemon.domain.order import Order
from daemon.domain.reasons import DenialReason
from daemon.domain.side import Side
from daemon.domain.strategy import TargetOrder
from daemon.domain.units import (
    LOT,
    MICRO,
    NANOS_PER_MS,
    ONE,
    Rounding,
    format_micros,
    notional,
    round_exact,
)
from daemon.risk.limits import RiskLimits
from daemon.risk.situation import Situation
from daemon.risk.trading_state import TradingState

# Before Python 3.12, to ask a class for its member is as slow as a call.
_BUY, _SELL, _ACTIVE = Side.BUY, Side.SELL, TradingState.ACTIVE
_UP, _DOWN = Rounding.UP, Rounding.DOWN

Check: TypeAlias = Callable[[TargetOrder, Situation, RiskLimits], str | None]


def is_trading(_: TargetOrder, now: Situation, __: RiskLimits) -> str | None:
    """Nothing opens while paused or halted, as a whole or in this market."""
    reasons = now.reasons
    if reasons.state is not _ACTIVE:
        return reasons.describe()
    if not reasons.markets:
        return None
    return reasons.describe_market(now.market.condition_id) or None


def market_is_on(_: TargetOrder, now: Situation, __: RiskLimits) -> str | None:
    """Nothing opens in a market that is over."""
    return f"{now.market.slug} is over" if now.market.is_over(now.now) else None


def book_is_trusted(_: TargetOrder, now: Situation, __: RiskLimits) -> str | None:
    """Nothing is decided on a book that is not believed."""
    return "the book is not complete, two-sided and believed" if now.book is None else None


def data_is_fresh(_: TargetOrder, now: Situation, limits: RiskLimits) -> str | None:
    """Nothing is decided on old news."""
    if now.book_age <= limits.stale_after:
        return None
    age, most = now.book_age // NANOS_PER_MS, limits.stale_after // NANOS_PER_MS
    return f"last news {age} ms ago, at most {most} ms"


def continuity_holds(target: TargetOrder, now: Situation, _: RiskLimits) -> str | None:
    """A target made before its book broke is void."""
    if target.continuity == now.continuity:
        return None
    return f"decided under book epoch {target.continuity}, now {now.continuity}"


def price_on_grid(target: TargetOrder, now: Situation, _: RiskLimits) -> str | None:
    """The venue takes whole ticks within [tick, 1 − tick] only."""
    if now.market.on_grid(target.price):
        return None
    tick = format_micros(now.market.tick)
    return f"{format_micros(target.price)} is not on the {tick} grid"


def size_in_lots(target: TargetOrder, _: Situation, __: RiskLimits) -> str | None:
    """The venue takes sizes of two decimals only."""
    if target.shares % LOT == 0:
        return None
    return f"{format_micros(target.shares)} shares are not whole lots of {format_micros(LOT)}"


def size_reaches_minimum(target: TargetOrder, now: Situation, _: RiskLimits) -> str | None:
    """The venue's smallest resting order."""
    if target.shares >= now.market.shares_min:
        return None
    return f"{format_micros(target.shares)} shares, at least {format_micros(now.market.shares_min)}"


def size_within_limit(target: TargetOrder, _: Situation, limits: RiskLimits) -> str | None:
    """Shares of one order."""
    if target.shares <= limits.order_shares_max:
        return None
    most = format_micros(limits.order_shares_max)
    return f"{format_micros(target.shares)} shares, at most {most}"


def notional_within_limit(target: TargetOrder, _: Situation, limits: RiskLimits) -> str | None:
    """Dollars of one opening order."""
    cost = notional(target.price, target.shares, _UP)
    if target.side is _SELL or cost <= limits.trade_notional_max:
        return None
    return f"${format_micros(cost)}, at most ${format_micros(limits.trade_notional_max)} a trade"


def marketable_buy_reaches_minimum(
    target: TargetOrder, now: Situation, _: RiskLimits
) -> str | None:
    """The venue refuses a taking BUY of less than one dollar."""
    if target.side is _SELL or now.book is None or target.price < now.book.best_ask:
        return None
    cost = notional(target.price, target.shares, _DOWN)
    if cost >= MARKETABLE_BUY_MIN:
        return None
    return (
        f"takes at once for ${format_micros(cost)}, at least ${format_micros(MARKETABLE_BUY_MIN)}"
    )


def would_not_cross(target: TargetOrder, now: Situation, _: RiskLimits) -> str | None:
    """A post-only order that would take is refused by the venue; refuse it here for free."""
    if not target.is_post_only or now.book is None:
        return None
    if target.side is _BUY:
        opposite = now.book.best_ask
        is_apart = target.price < opposite
    else:
        opposite = now.book.best_bid
        is_apart = target.price > opposite
    if is_apart:
        return None
    return f"post-only at {format_micros(target.price)} meets {format_micros(opposite)}"


def price_within_collar(target: TargetOrder, now: Situation, limits: RiskLimits) -> str | None:
    """A limit price far beyond the midpoint, against ourselves, is a mistake."""
    if now.book is None:
        return None
    beyond = target.price - now.book.midpoint
    if target.side is _SELL:
        beyond = -beyond
    if beyond <= limits.price_collar:
        return None
    return (
        f"{format_micros(target.price)} is {format_micros(beyond)} beyond the midpoint "
        f"{format_micros(now.book.midpoint)}, at most {format_micros(limits.price_collar)}"
    )


def crosses_no_own_order(target: TargetOrder, now: Situation, _: RiskLimits) -> str | None:
    """Never trade with ourselves: not in this book, not through the mirror of the other outcome.

    BUY YES at p meets our SELL YES at or below p, and our BUY NO at or above 1 − p (a mint); the
    same for SELL with the signs turned (a merge).
    """
    for order in now.orders:
        if (
            order.is_open
            and order.condition_id == now.market.condition_id
            and _meets(target, order)
        ):
            return f"would trade with our own {order.side} {format_micros(order.price)}"
    return None


def _meets(target: TargetOrder, order: Order) -> bool:
    sign = target.side.sign
    if order.token == target.token:
        return order.side is not target.side and (target.price - order.price) * sign >= 0
    return order.side is target.side and (target.price + order.price - ONE) * sign >= 0


def orders_within_limit(_: TargetOrder, now: Situation, limits: RiskLimits) -> str | None:
    """Open orders over all markets."""
    count = sum(order.is_open for order in now.orders)
    most = limits.open_orders_max
    return None if count < most else f"{count} open, at most {most}"


def market_position_within_limit(
    target: TargetOrder, now: Situation, limits: RiskLimits
) -> str | None:
    """Worst-case net shares of one outcome; the other outcome offsets."""
    if target.side is _SELL:
        return None
    token, sibling = target.token, now.market.sibling(target.token)
    condition = now.market.condition_id
    worst = target.shares + now.portfolio.position(token, condition).shares
    worst -= now.portfolio.position(sibling, condition).shares
    for order in now.orders:
        if order.token == (token if order.side is _BUY else sibling):
            worst += order.at_risk
    if worst <= limits.market_position_max:
        return None
    return f"{format_micros(worst)} shares, at most {format_micros(limits.market_position_max)}"


def market_exposure_within_limit(
    target: TargetOrder, now: Situation, limits: RiskLimits
) -> str | None:
    """Worst-case cash at stake in this market."""
    if target.side is _SELL:
        return None
    stake = now.portfolio.market_exposure(now.market.condition_id, now.orders)
    after = stake + notional(target.price, target.shares, _UP)
    if after <= limits.window_notional_max:
        return None
    return f"${format_micros(after)} at stake, at most ${format_micros(limits.window_notional_max)}"


def exposure_within_limit(target: TargetOrder, now: Situation, limits: RiskLimits) -> str | None:
    """Worst-case cash at stake over everything."""
    if target.side is _SELL:
        return None
    stake = now.portfolio.exposure(now.orders)
    after = stake + notional(target.price, target.shares, _UP)
    if after <= limits.total_exposure_max:
        return None
    return f"${format_micros(after)} at stake, at most ${format_micros(limits.total_exposure_max)}"


def cash_suffices(target: TargetOrder, now: Situation, _: RiskLimits) -> str | None:
    """A BUY costs its notional and, if it takes, the fee."""
    if target.side is _SELL:
        return None
    fee = now.market.fee.taker_fee(target.price, target.shares)
    cost = round_exact(target.price * target.shares + fee * MICRO, _UP)
    free = now.portfolio.cash_free(now.orders)
    if cost <= free:
        return None
    return f"costs ${format_micros(cost)} with fee, ${format_micros(free)} free"


def shares_suffice(target: TargetOrder, now: Situation, _: RiskLimits) -> str | None:
    """A SELL needs shares that are settled and not promised to another SELL."""
    if target.side is _BUY:
        return None
    free = now.portfolio.sellable(target.token, now.orders)
    if target.shares <= free:
        return None
    return f"{format_micros(target.shares)} shares, {format_micros(free)} sellable"


CHECKS: Final[tuple[tuple[DenialReason, Check], ...]] = (
    (DenialReason.NOT_TRADING, is_trading),
    (DenialReason.MARKET_OVER, market_is_on),
    (DenialReason.BOOK_NOT_TRUSTED, book_is_trusted),
    (DenialReason.STALE_DATA, data_is_fresh),
    (DenialReason.CONTINUITY_BROKEN, continuity_holds),
    (DenialReason.OFF_GRID, price_on_grid),
    (DenialReason.OFF_GRID, size_in_lots),
    (DenialReason.BELOW_MINIMUM_SIZE, size_reaches_minimum),
    (DenialReason.BELOW_MARKETABLE_MINIMUM, marketable_buy_reaches_minimum),
    (DenialReason.WOULD_CROSS, would_not_cross),
    (DenialReason.PRICE_COLLAR, price_within_collar),
    (DenialReason.ORDER_SIZE, size_within_limit),
    (DenialReason.TRADE_NOTIONAL, notional_within_limit),
    (DenialReason.OPEN_ORDERS, orders_within_limit),
    (DenialReason.OWN_CROSSING, crosses_no_own_order),
    (DenialReason.NOT_ENOUGH_SHARES, shares_suffice),
    (DenialReason.NOT_ENOUGH_CASH, cash_suffices),
    (DenialReason.MARKET_POSITION, market_position_within_limit),
    (DenialReason.WINDOW_NOTIONAL, market_exposure_within_limit),
    (DenialReason.TOTAL_EXPOSURE, exposure_within_limit),
)
"""In the order they are asked; the first refusal is the reason. DUPLICATE_INTENT is the manager's."""
