"""Why an order was made and what became of it, as one JSON value; made of facts alone.

Instants are venue time. `after_ms` counts from the decision: what lies before it is negative. Money,
prices and shares are exact decimal texts.
"""

from collections.abc import Iterator
from typing import TypedDict

from daemon.domain.order import Order
from daemon.domain.order_events import CancelRequested, OrderCanceled, OrderExpired
from daemon.domain.units import NANOS_PER_MS, Nanos, format_micros
from daemon.report.figures import instant
from daemon.report.order_facts import Noted, OrderFacts
from daemon.report.order_news import News, cause_of, news_of


class OrderFigures(TypedDict):
    """An order as it was wanted."""

    order_id: str
    """The venue's."""
    client_order_id: str
    side: str
    price: str
    size: str
    created_at: str
    after_ms: float


class Refusal(TypedDict):
    """A target that risk refused."""

    at: str
    after_ms: float
    side: str
    price: str
    size: str
    reason: str
    detail: str


class Event(News):
    """One thing that happened to the order."""

    at: str
    after_ms: float
    run_id: str
    seq: int
    """The number of the fact in table `fact`."""


class Replacement(TypedDict):
    """The order whose place was taken, and why it had to go."""

    order: OrderFigures
    events: list[Event]
    """From the request to cancel it on."""


class Held(TypedDict):
    """What was held of the token after the last fill."""

    shares: str
    avg_price: str | None
    realized_pnl: str
    fees: str
    mark: str | None


class OrderStory(TypedDict):
    """The causal chain of one order."""

    order: OrderFigures
    run_id: str
    market: str
    market_id: str
    outcome: str
    token_id: str
    time_in_force: str
    is_post_only: bool
    status: str
    filled: str
    reason: str
    strategy: str
    slot: str
    parent: str | None
    arrival_price: str
    """The midpoint when it was decided."""
    replaced: Replacement | None
    denied_before: list[Refusal]
    """What risk had refused in its slot since the order before."""
    events: list[Event]
    replaced_by: OrderFigures | None
    position: Held | None


def order_story(facts: OrderFacts) -> OrderStory:
    """Return the story that the facts tell."""
    order = facts.order
    since = order.created_at
    return OrderStory(
        order=_figures(order, since),
        run_id=facts.run_id,
        market=facts.market,
        market_id=order.condition_id,
        outcome=facts.outcome,
        token_id=order.token,
        time_in_force=order.time_in_force.value,
        is_post_only=order.is_post_only,
        status=facts.status,
        filled=format_micros(facts.filled),
        reason=facts.reason,
        strategy=order.strategy_id,
        slot=order.slot,
        parent=order.parent_id,
        arrival_price=format_micros(order.arrival_price),
        replaced=_replacement(facts),
        denied_before=[
            Refusal(
                at=instant(at),
                after_ms=after_ms(at, since),
                side=denial.side.value,
                price=format_micros(denial.price),
                size=format_micros(denial.shares),
                reason=denial.reason.value,
                detail=denial.detail,
            )
            for at, denial in facts.denials
        ],
        events=list(_events(facts, facts.news)),
        replaced_by=None if facts.replaced_by is None else _figures(facts.replaced_by, since),
        position=_held(facts),
    )


def after_ms(at: Nanos, since: Nanos) -> float:
    """Return milliseconds between two instants, to the microsecond."""
    return round((at - since) / NANOS_PER_MS, 3)


def _events(facts: OrderFacts, news: tuple[Noted, ...]) -> Iterator[Event]:
    for noted in news:
        told = news_of(noted.fact)
        if told is None:
            continue
        cause = cause_of(facts.causes.get((noted.run_id, noted.seq), ()), facts.order)
        if cause:
            told["because"] = cause
        yield Event(
            **told,
            at=instant(noted.at),
            after_ms=after_ms(noted.at, facts.order.created_at),
            run_id=noted.run_id,
            seq=noted.seq,
        )


def _replacement(facts: OrderFacts) -> Replacement | None:
    if facts.replaced is None:
        return None
    ends = tuple(
        noted
        for noted in facts.replaced_news
        if isinstance(noted.fact, CancelRequested | OrderCanceled | OrderExpired)
    )
    return Replacement(
        order=_figures(facts.replaced, facts.order.created_at), events=list(_events(facts, ends))
    )


def _figures(order: Order, since: Nanos) -> OrderFigures:
    return OrderFigures(
        order_id=order.venue_order_id,
        client_order_id=order.client_order_id,
        side=order.side.value,
        price=format_micros(order.price),
        size=format_micros(order.shares),
        created_at=instant(order.created_at),
        after_ms=after_ms(order.created_at, since),
    )


def _held(facts: OrderFacts) -> Held | None:
    if facts.position is None:
        return None
    position, mark = facts.position.position, facts.position.mark
    average = position.average_price
    return Held(
        shares=format_micros(position.shares),
        avg_price=None if average is None else format_micros(average),
        realized_pnl=format_micros(position.realized),
        fees=format_micros(position.fees),
        mark=None if mark is None else format_micros(mark),
    )
