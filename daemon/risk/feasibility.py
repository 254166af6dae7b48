"""Can an order like this ever pass the limits and the venue's minimums? Asked once, before the start.

Pure arithmetic on one kind of order. It knows no book, so it says what can never trade (an error)
and up to which price something trades (a warning), and not whether the market ever gets there.
"""

from dataclasses import dataclass

from daemon.domain.market import MARKETABLE_BUY_MIN
from daemon.domain.side import Side
from daemon.domain.units import MICRO, ONE, Cash, Price, Rounding, Shares, format_micros, notional
from daemon.risk.limits import RiskLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class IntendedOrder:
    """The largest single order a strategy will want, and the whole it is a part of."""

    side: Side
    limit_price: Price
    shares: Shares
    total_shares: Shares
    """What the strategy wants in all; the same as `shares` when it never wants more."""
    is_taking: bool = False
    """It may take at once instead of resting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the order has to fit: limits, purse and the market's own rules."""

    limits: RiskLimits
    cash: Cash | None
    """Money there is; None when only the venue knows."""
    shares_min: Shares
    tick: Price


@dataclass(frozen=True, slots=True)
class Findings:
    """Sentences with the numbers in them."""

    errors: tuple[str, ...]
    """Why it can never trade."""
    warnings: tuple[str, ...]
    """Where it will not trade."""


def examine(order: IntendedOrder, ground: Ground) -> Findings:
    """Return what stands in the way of an order."""
    errors = [*_size_errors(order, ground), *_price_errors(order, ground)]
    if order.side is Side.SELL or errors:
        return Findings(tuple(errors), ())
    budget, name = _budget(ground)
    highest = _affordable(budget, order.shares, ground.tick)
    reach = Price(min(order.limit_price, ONE - ground.tick) // ground.tick * ground.tick)
    if highest < ground.tick:
        return Findings((_never_affordable(order, ground, budget, name),), ())
    warnings: list[str] = []
    if highest < reach:
        warnings.append(_partly_affordable(order, ground, budget, name, highest))
    warnings += _taking(order, ground, Price(min(highest, reach)))
    warnings += _whole(order, ground, Price(min(highest, reach)))
    return Findings((), tuple(warnings))


def _size_errors(order: IntendedOrder, ground: Ground) -> list[str]:
    size, limits = order.shares, ground.limits
    found: list[str] = []
    if size < ground.shares_min:
        found.append(
            f"{_shares(size)} an order, the venue takes no resting order below "
            f"{_shares(ground.shares_min)}: order at least that many"
        )
    if size > limits.order_shares_max:
        found.append(
            f"{_shares(size)} an order, order_shares_max allows {_shares(limits.order_shares_max)}: "
            "order less, or raise order_shares_max"
        )
    if order.side is Side.BUY and size > limits.market_position_max:
        found.append(
            f"{_shares(size)} an order, market_position_max allows to hold "
            f"{_shares(limits.market_position_max)}: order less, or raise market_position_max"
        )
    return found


def _price_errors(order: IntendedOrder, ground: Ground) -> list[str]:
    limit, lowest, highest = order.limit_price, ground.tick, Price(ONE - ground.tick)
    if order.side is Side.BUY and limit < lowest:
        return [
            f"limit price {_price(limit)}, the market's lowest price is {_price(lowest)}: raise it"
        ]
    if order.side is Side.SELL and limit > highest:
        return [
            f"limit price {_price(limit)}, the market's highest price is {_price(highest)}: lower it"
        ]
    return []


def _budget(ground: Ground) -> tuple[Cash, str]:
    """Return the tightest limit of one BUY and its name."""
    limits = ground.limits
    bounds = [
        (limits.trade_notional_max, "trade_notional_max"),
        (limits.window_notional_max, "window_notional_max"),
        (limits.total_exposure_max, "total_exposure_max"),
    ]
    if ground.cash is not None:
        bounds.append((ground.cash, "the purse"))
    return min(bounds, key=lambda bound: bound[0])


def _affordable(budget: Cash, shares: Shares, tick: Price) -> Price:
    """Return the highest grid price at which the shares cost no more; below a tick for none."""
    return Price(budget * MICRO // shares // tick * tick)


def _never_affordable(order: IntendedOrder, ground: Ground, budget: Cash, name: str) -> str:
    cost = notional(ground.tick, order.shares, Rounding.UP)
    return (
        f"{_size(order, ground)} cost ${format_micros(cost)} even at the lowest price "
        f"{_price(ground.tick)}, {name} is ${format_micros(budget)}: order less, or raise it"
    )


def _partly_affordable(
    order: IntendedOrder, ground: Ground, budget: Cash, name: str, highest: Price
) -> str:
    return (
        f"{_size(order, ground)} cost more than ${format_micros(budget)} ({name}) above "
        f"{_price(highest)}: trades only at prices up to {_price(highest)}, not up to the limit "
        f"price {_price(order.limit_price)}"
    )


def _taking(order: IntendedOrder, ground: Ground, reach: Price) -> list[str]:
    """Say so when no order is worth the dollar that a taking BUY must cost."""
    worth = notional(reach, order.shares, Rounding.DOWN)
    if not order.is_taking or worth >= MARKETABLE_BUY_MIN:
        return []
    sentence = (
        f"{_size(order, ground)} cost at most ${format_micros(worth)} (at {_price(reach)}), and the "
        f"venue takes no BUY at once below ${format_micros(MARKETABLE_BUY_MIN)}: every order rests"
    )
    return [sentence]


def _whole(order: IntendedOrder, ground: Ground, reach: Price) -> list[str]:
    """Say so when the parts fit but the whole does not."""
    total, limits = order.total_shares, ground.limits
    if total > limits.market_position_max:
        most = _shares(limits.market_position_max)
        return [f"{_shares(total)} in all, market_position_max stops it at {most}"]
    window = limits.window_notional_max
    budget = min(window, limits.total_exposure_max)
    name = "window_notional_max" if budget == window else "total_exposure_max"
    highest = _affordable(budget, total, ground.tick)
    if highest >= reach:
        return []
    sentence = (
        f"{_shares(total)} in all cost more than ${format_micros(budget)} ({name}) above "
        f"{_price(highest)}: at higher prices it stops before the end"
    )
    return [sentence]


def _size(order: IntendedOrder, ground: Ground) -> str:
    smallest = ", the venue's smallest order," if order.shares == ground.shares_min else ""
    return f"{_shares(order.shares)}{smallest}"


def _shares(shares: Shares) -> str:
    return f"{format_micros(shares, 0)} shares"


def _price(price: Price) -> str:
    return format_micros(price)
