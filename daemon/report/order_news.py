"""One fact of an order's life as a record: the event's name in the log, and what it says."""

from collections.abc import Iterable
from typing import NotRequired, TypedDict

from daemon.domain import order_events as ev
from daemon.domain.facts import (
    BookDistrusted,
    Fact,
    FeedWasLost,
    FillSettled,
    MarketClosed,
    OrderDuplicate,
    ParentCompleted,
    TradingHalted,
    TradingPaused,
)
from daemon.domain.fill import Fill
from daemon.domain.order import Order
from daemon.domain.units import Shares, format_micros


class News(TypedDict):
    """What happened; keys that do not apply are left out."""

    event: str
    reason: NotRequired[str]
    because: NotRequired[str]
    """What else happened in the same step and led to it."""
    matched: NotRequired[str]
    """The venue's word on what had matched."""
    trade_id: NotRequired[str]
    price: NotRequired[str]
    size: NotRequired[str]
    fee: NotRequired[str]
    liquidity: NotRequired[str]
    settlement: NotRequired[str]
    cause: NotRequired[str]
    """Why the paper venue filled."""
    book_id: NotRequired[str]
    """The book a simulated fill was taken from."""


def news_of(fact: Fact) -> News | None:
    """Return what a fact says of its order, None when it is about none."""
    match fact:
        case ev.OrderCreated():
            return News(event="order.created")
        case ev.OrderSent():
            return News(event="order.sent")
        case ev.OrderAccepted():
            return News(event="order.accepted")
        case ev.OrderDelayed():
            return News(event="order.delayed")
        case ev.OrderFailed(reason=reason):
            return News(event="order.failed", reason=reason)
        case ev.OrderRejected(reason=reason):
            return News(event="order.rejected", reason=reason)
        case ev.OrderUnknown(reason=reason):
            return News(event="order.unknown", reason=reason)
        case ev.CancelRequested(reason=reason):
            return News(event="cancel.requested", reason=reason)
        case ev.CancelRejected(reason=reason):
            return News(event="cancel.rejected", reason=reason)
        case ev.OrderCanceled(reason=reason, matched=matched):
            return _with_matched(News(event="order.canceled", reason=reason), matched)
        case ev.OrderExpired(matched=matched):
            return _with_matched(News(event="order.expired"), matched)
        case ev.OrderFilled(fill=fill):
            return _filled(fill)
        case FillSettled(trade_id=trade_id, settlement=settlement):
            return News(event="fill.settled", trade_id=trade_id, settlement=settlement.value)
        case OrderDuplicate(trade_id=trade_id):
            return News(event="order.duplicate", trade_id=trade_id)
        case _:
            return None


def cause_of(facts: Iterable[Fact], order: Order) -> str:
    """Return what of a step's other facts took the order's ground away; empty when none did."""
    return "; ".join(words for fact in facts if (words := _cause(fact, order)))


def _cause(fact: Fact, order: Order) -> str:
    match fact:
        case TradingPaused(reason=reason, detail=detail):
            return _with_detail(f"trading paused: {reason.value}", detail)
        case TradingHalted(reason=reason, detail=detail):
            return _with_detail(f"trading halted: {reason.value}", detail)
        case FeedWasLost(tokens=tokens, reason=reason) if order.token in tokens:
            return f"feed lost: {reason}"
        case BookDistrusted(token=token, reason=reason) if token == order.token:
            return f"book not believed: {reason}"
        case MarketClosed(condition_id=condition_id, detail=detail) if (
            condition_id == order.condition_id
        ):
            return _with_detail("market closed", detail)
        case ParentCompleted(parent_id=parent_id) if parent_id == order.parent_id:
            return "its parent was done"
        case _:
            return ""


def _with_detail(words: str, detail: str) -> str:
    return f"{words} ({detail})" if detail else words


def _with_matched(news: News, matched: Shares | None) -> News:
    if matched is not None:
        news["matched"] = format_micros(matched)
    return news


def _filled(fill: Fill) -> News:
    news = News(
        event="order.filled",
        trade_id=fill.trade_id,
        price=format_micros(fill.price),
        size=format_micros(fill.shares),
        fee=format_micros(fill.fee),
        liquidity=fill.liquidity.value,
        settlement=fill.settlement.value,
    )
    if fill.simulated is not None:
        news["cause"] = fill.simulated.cause.value
        news["book_id"] = fill.simulated.book_id
    return news
