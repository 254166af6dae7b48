"""What an order must pass to be accepted, in the exchange's order; the first no is the answer.

What comes before (who posts, in what mode the exchange is, rate limits, the shape of the payload, the
signature) is asked by whoever takes the request.
"""

from collections.abc import Callable
from typing import Final

from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_S, ONE, Cash
from daemon.sim.exchange.refusal import INVALID_EXPIRATION, INVALID_PAYLOAD, INVALID_PRICE, Refusal
from daemon.sim.exchange.trading import refusal
from daemon.sim.exchange.trading.amounts import accuracy, is_accurate
from daemon.sim.exchange.trading.candidate import Candidate
from daemon.sim.exchange.trading.order_match import fills_completely
from daemon.sim.exchange.trading.venue_market import MarketStatus, VenueMarket
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder

EXPIRATION_AHEAD_MIN_S: Final = 180
"""A GTD order must end at least three minutes ahead."""

MARKETABLE_BUY_MIN: Final = Cash(1 * MICRO)


def refuse_market(market: VenueMarket) -> Refusal | None:
    """The market must be taking orders."""
    if market.status is MarketStatus.OPEN:
        return None
    if market.status is MarketStatus.NOT_READY:
        return refusal.NOT_READY
    return refusal.NO_ORDERBOOK


def refuse_shape(posted: PostedOrder) -> Refusal | None:
    """The amounts must make a price, and only an order that may rest can be post-only."""
    if posted.maker_amount <= 0 or posted.taker_amount <= 0:
        return INVALID_PRICE
    if posted.is_post_only and not posted.order_type.rests:
        return INVALID_PAYLOAD
    return None


def check_tick(candidate: Candidate) -> Refusal | None:
    """The price must lie on the grid."""
    if candidate.is_on_grid:
        return None
    price = candidate.order.price
    return refusal.breaks_tick(candidate.posted.order_id, price, candidate.market.tick)


def check_price_range(candidate: Candidate) -> Refusal | None:
    """The price must lie between one tick and one dollar less one tick."""
    tick = candidate.market.tick
    return None if tick <= candidate.order.price <= ONE - tick else INVALID_PRICE


def check_size(candidate: Candidate) -> Refusal | None:
    """An order that may rest must have the market's smallest size; others may be smaller."""
    posted, shares_min = candidate.posted, candidate.listing.shares_min
    if posted.order_type.rests and posted.shares < shares_min:
        return refusal.too_small(posted.order_id, posted.shares, shares_min)
    return None


def check_accuracy(candidate: Candidate) -> Refusal | None:
    """The amounts may have so many decimals and no more."""
    tick, is_marketable = candidate.market.tick, candidate.is_marketable
    allowed = accuracy(candidate.posted, tick, is_marketable=is_marketable)
    return None if is_accurate(candidate.posted, allowed) else refusal.inaccurate(allowed)


def check_marketable_amount(candidate: Candidate) -> Refusal | None:
    """A BUY that takes must be worth a dollar."""
    posted = candidate.posted
    if posted.side is Side.SELL or posted.cash >= MARKETABLE_BUY_MIN:
        return None
    return refusal.marketable_too_small(posted.cash) if candidate.is_marketable else None


def check_expiration(candidate: Candidate) -> Refusal | None:
    """A GTD order ends at least three minutes ahead, every other has no end."""
    posted = candidate.posted
    if posted.order_type is not OrderType.GTD:
        return INVALID_EXPIRATION if posted.expiration_s else None
    ahead = posted.expiration_s * NANOS_PER_S - candidate.now
    return INVALID_EXPIRATION if ahead < EXPIRATION_AHEAD_MIN_S * NANOS_PER_S else None


def check_funds(candidate: Candidate) -> Refusal | None:
    """The wallet can pay, besides what its open orders and unsettled matches claim, and allows it."""
    posted, ledger, now = candidate.posted, candidate.ledger, candidate.now
    needed, spender = candidate.needed, candidate.listing.spender
    holding = ledger.holding(posted.wallet, posted.pays_with)
    balance, claimed = holding.trusted(now), holding.active + holding.matched
    if balance < claimed + needed:
        return refusal.not_enough_balance(
            balance=balance, active=holding.active, matched=holding.matched, needed=needed
        )
    allowance = ledger.allowance(posted.wallet, posted.pays_with, spender, now)
    if allowance < claimed + needed:
        return refusal.not_enough_allowance(spender, allowance)
    return None


def check_post_only(candidate: Candidate) -> Refusal | None:
    """A post-only order takes nothing."""
    if candidate.posted.is_post_only and candidate.market.book.crosses(candidate.order):
        return refusal.CROSSES_BOOK
    return None


def check_feasible(candidate: Candidate) -> Refusal | None:
    """FOK finds all of it in the book, FAK some of it."""
    posted = candidate.posted
    if posted.order_type is OrderType.FOK:
        is_complete = fills_completely(candidate.order, candidate.matches)
        return None if is_complete else refusal.NOT_FULLY_FILLED
    if posted.order_type is OrderType.FAK and not candidate.matches:
        return refusal.NO_MATCH
    return None


CHECKS: Final[tuple[Callable[[Candidate], Refusal | None], ...]] = (
    check_tick,
    check_price_range,
    check_size,
    check_accuracy,
    check_marketable_amount,
    check_expiration,
    check_funds,
    check_post_only,
    check_feasible,
)
"""In the order in which they are asked, after the market's state."""

CHECKS_AFTER_DELAY: Final = (check_funds, check_feasible)
"""What may have changed while an order waited; its price was valid when it came."""


def first_refusal(
    candidate: Candidate, checks: tuple[Callable[[Candidate], Refusal | None], ...] = CHECKS
) -> Refusal | None:
    """Return the first no."""
    for check in checks:
        answer = check(candidate)
        if answer is not None:
            return answer
    return None
