"""Every status meets every kind of news, against rules in prose that do not look at the table."""

from collections.abc import Iterable
from itertools import product

import pytest

from daemon.domain import order_events as ev
from daemon.domain.order import CANCELABLE, TERMINAL, Order, OrderStatus
from daemon.domain.order_machine import TRANSITIONS, Kind, apply, classify
from daemon.domain.units import Shares
from daemon.errors import IllegalTransition
from tests.builders import a_fill, an_order, shares

S, K = OrderStatus, Kind
Pair = tuple[OrderStatus, Kind]

FILLS = {K.FILLED_PART, K.FILLED_LAST}
ANSWERS = {K.ACCEPTED, K.ACCEPTED_PART, K.DELAYED}
ENDS = {K.CANCELED, K.EXPIRED}
FINISHED = {S.FILLED, S.CANCELED, S.EXPIRED, S.REJECTED, S.FAILED}
AT_VENUE = {S.SUBMITTED, S.DELAYED, S.OPEN, S.PARTIALLY_FILLED, S.PENDING_CANCEL}
HAVE_BEEN_THERE = {S.FILLED, S.CANCELED, S.EXPIRED}


def to(status: OrderStatus, pairs: Iterable[Pair]) -> dict[Pair, OrderStatus]:
    """Return the rule that all these pairs lead to one status."""
    return dict.fromkeys(pairs, status)


def stay(statuses: Iterable[OrderStatus], kinds: Iterable[Kind]) -> dict[Pair, OrderStatus]:
    """Return the rule that news changes nothing."""
    return {(status, kind): status for status, kind in product(statuses, kinds)}


RULES: dict[str, dict[Pair, OrderStatus]] = {
    "the last fill makes any order filled": to(S.FILLED, product(S, [K.FILLED_LAST])),
    "a part fill is counted in every status": {
        **to(
            S.PARTIALLY_FILLED,
            product(AT_VENUE - {S.PENDING_CANCEL} | {S.PENDING}, [K.FILLED_PART]),
        ),
        **stay({S.PENDING_CANCEL, S.UNKNOWN, *HAVE_BEEN_THERE}, [K.FILLED_PART]),
        **to(S.UNKNOWN, product([S.REJECTED, S.FAILED], [K.FILLED_PART])),
    },
    "unknown absorbs every kind of news": {
        **stay([S.UNKNOWN], [K.SENT, K.UNKNOWN, K.CANCEL_REQUESTED, K.CANCEL_REJECTED]),
        (S.UNKNOWN, K.FAILED): S.FAILED,
        (S.UNKNOWN, K.ACCEPTED): S.OPEN,
        (S.UNKNOWN, K.ACCEPTED_PART): S.PARTIALLY_FILLED,
        (S.UNKNOWN, K.DELAYED): S.DELAYED,
        (S.UNKNOWN, K.REJECTED): S.REJECTED,
        (S.UNKNOWN, K.CANCELED): S.CANCELED,
        (S.UNKNOWN, K.EXPIRED): S.EXPIRED,
    },
    "doubt about a finished order changes nothing": stay(FINISHED, [K.UNKNOWN, K.CANCEL_REJECTED]),
    "doubt makes any open order unknown": to(
        S.UNKNOWN, product(AT_VENUE | {S.PENDING}, [K.UNKNOWN])
    ),
    "a refused cancel makes the order unknown": to(
        S.UNKNOWN, product(AT_VENUE - {S.SUBMITTED}, [K.CANCEL_REJECTED])
    ),
    "a cancel is asked of what may be cancelled": to(
        S.PENDING_CANCEL, product(CANCELABLE | {S.PENDING_CANCEL}, [K.CANCEL_REQUESTED])
    ),
    "what is at the venue can end there": {
        **to(S.CANCELED, product(AT_VENUE, [K.CANCELED])),
        **to(S.EXPIRED, product(AT_VENUE, [K.EXPIRED])),
    },
    "the venue's late news of an end changes nothing": stay(
        HAVE_BEEN_THERE | {S.REJECTED}, ENDS | {K.REJECTED}
    ),
    "late answers change nothing": {
        **stay([S.PENDING_CANCEL, S.CANCELED, S.EXPIRED], ANSWERS),
        **stay([S.PARTIALLY_FILLED, S.FILLED], ANSWERS - {K.ACCEPTED}),
        **stay([S.OPEN, S.DELAYED], ANSWERS - {K.ACCEPTED_PART}),
    },
    "an answer opens the order": {
        **to(S.OPEN, product([S.SUBMITTED, S.DELAYED], [K.ACCEPTED])),
        **to(S.PARTIALLY_FILLED, product([S.SUBMITTED, S.DELAYED], [K.ACCEPTED_PART])),
        (S.SUBMITTED, K.DELAYED): S.DELAYED,
    },
    "the venue refuses": to(
        S.REJECTED, product([S.SUBMITTED, S.DELAYED, S.PENDING_CANCEL], [K.REJECTED])
    ),
    "what was taken for refused or never sent, and is there, is looked up": to(
        S.UNKNOWN, product([S.REJECTED, S.FAILED], ANSWERS)
    ),
    "a refusal after a fill is not true": {(S.PARTIALLY_FILLED, K.REJECTED): S.UNKNOWN},
    "sending": {(S.PENDING, K.SENT): S.SUBMITTED},
    "news of sending that a fill overtook": stay(
        [S.PARTIALLY_FILLED, S.PENDING_CANCEL, S.FILLED], [K.SENT]
    ),
    "never sent": to(S.FAILED, product([S.PENDING, S.SUBMITTED, S.PENDING_CANCEL], [K.FAILED])),
}
del RULES["late answers change nothing"][(S.DELAYED, K.ACCEPTED)]  # This one opens it.

EXPECTED: dict[Pair, OrderStatus] = {
    pair: status for rule in RULES.values() for pair, status in rule.items()
}


def news(kind: Kind, status: OrderStatus) -> tuple[Order, ev.OrderEvent]:
    """Return an order in a status and an event that is this kind of news for it."""
    order = an_order(status=status, filled="4" if kind is K.ACCEPTED_PART else "0")
    name = order.client_order_id
    match kind:
        case K.SENT:
            return order, ev.OrderSent(client_order_id=name)
        case K.FAILED:
            return order, ev.OrderFailed(client_order_id=name, reason="too late")
        case K.ACCEPTED | K.ACCEPTED_PART:
            return order, ev.OrderAccepted(client_order_id=name)
        case K.DELAYED:
            return order, ev.OrderDelayed(client_order_id=name)
        case K.REJECTED:
            return order, ev.OrderRejected(client_order_id=name, reason="no balance")
        case K.UNKNOWN:
            return order, ev.OrderUnknown(client_order_id=name, reason="no answer")
        case K.CANCEL_REQUESTED:
            return order, ev.CancelRequested(client_order_id=name, reason="replaced")
        case K.CANCEL_REJECTED:
            return order, ev.CancelRejected(client_order_id=name, reason="matched")
        case K.CANCELED:
            return order, ev.OrderCanceled(client_order_id=name, matched=None, reason="asked")
        case K.EXPIRED:
            return order, ev.OrderExpired(client_order_id=name, matched=None)
        case K.FILLED_PART | K.FILLED_LAST:
            fill = a_fill(order=order, shares="10" if kind is K.FILLED_LAST else "1")
            return order, ev.OrderFilled(client_order_id=name, fill=fill)


def test_no_pair_is_decided_by_two_rules() -> None:
    assert sum(len(rule) for rule in RULES.values()) == len(EXPECTED)


def test_table_names_every_status() -> None:
    assert set(TRANSITIONS) == set(S)
    assert set(S) == FINISHED | AT_VENUE | {S.PENDING, S.UNKNOWN}
    assert TERMINAL == FINISHED


@pytest.mark.requirement(
    "S3-022", "S3-023", "S3-024", "S3-025", "S3-026", "S3-027", "S3-028", "S3-029", "S3-030",
    "S2-042", "S2-043", "S2-044",
)  # fmt: skip
@pytest.mark.parametrize("kind", K)
@pytest.mark.parametrize("status", S)
def test_every_status_meets_every_kind_of_news(status: OrderStatus, kind: Kind) -> None:
    order, event = news(kind, status)
    assert classify(order, event) is kind
    expected = EXPECTED.get((status, kind))
    if expected is None:
        with pytest.raises(IllegalTransition, match=rf"is {status} and was told '{kind}'"):
            apply(order, event)
        assert order.status is status
    else:
        assert apply(order, event).status is expected


@pytest.mark.parametrize("kind", [K.FILLED_PART, K.FILLED_LAST])
@pytest.mark.parametrize("status", S)
def test_a_fill_is_counted_in_every_status(status: OrderStatus, kind: Kind) -> None:
    order, event = news(kind, status)
    assert isinstance(event, ev.OrderFilled)
    after = apply(order, event)
    assert after.filled == event.fill.shares
    assert after.filled_exact == event.fill.shares * event.fill.price


def test_fill_beyond_the_size_is_counted_too() -> None:
    order = an_order(shares="10", status=S.FILLED, filled="10")
    fill = a_fill(order=order, shares="0.5")
    after = apply(order, ev.OrderFilled(client_order_id=order.client_order_id, fill=fill))
    assert (after.status, after.filled, after.leaves) == (S.FILLED, shares("10.5"), 0)


@pytest.mark.parametrize(
    "first, status",
    [("99.99", S.PARTIALLY_FILLED), ("99.990001", S.FILLED), ("99.9977", S.FILLED)],
)
def test_order_that_lacks_only_dust_is_filled(first: str, status: OrderStatus) -> None:
    order = an_order(shares="100", status=S.OPEN)
    fill = a_fill(order=order, shares=first)
    after = apply(order, ev.OrderFilled(client_order_id=order.client_order_id, fill=fill))
    assert after.status is status


def test_late_fill_after_dust_is_counted() -> None:
    order = an_order(shares="100", status=S.FILLED, filled="99.9977")
    fill = a_fill(order=order, shares="0.0023")
    after = apply(order, ev.OrderFilled(client_order_id=order.client_order_id, fill=fill))
    assert (after.status, after.filled) == (S.FILLED, shares("100"))


def test_reason_says_why_the_order_ended() -> None:
    order = an_order(status=S.OPEN)
    name = order.client_order_id
    asked = apply(order, ev.CancelRequested(client_order_id=name, reason="replaced"))
    assert asked.reason == "replaced"
    gone = apply(asked, ev.OrderCanceled(client_order_id=name, matched=None, reason="by request"))
    assert gone.reason == "by request"
    doubted = apply(gone, ev.OrderUnknown(client_order_id=name, reason="reconnected"))
    assert doubted.reason == "by request"
    fill = a_fill(order=order, shares="10")
    assert apply(doubted, ev.OrderFilled(client_order_id=name, fill=fill)).reason == ""


def test_word_of_the_venue_on_what_matched_is_kept() -> None:
    order = an_order(status=S.PENDING_CANCEL)
    name = order.client_order_id
    silent = apply(order, ev.OrderCanceled(client_order_id=name, matched=None, reason=""))
    assert silent.matched is None
    told = apply(
        silent, ev.OrderCanceled(client_order_id=name, matched=shares("4"), reason="looked up")
    )
    assert told.matched == shares("4")
    repeated = apply(told, ev.OrderCanceled(client_order_id=name, matched=None, reason=""))
    assert repeated.matched == shares("4")
    late = apply(repeated, ev.OrderExpired(client_order_id=name, matched=Shares(0)))
    assert late.matched == shares("4"), "what has matched stays matched"


def test_event_of_another_order_is_a_broken_promise() -> None:
    with pytest.raises(AssertionError):
        apply(an_order(), ev.OrderSent(client_order_id=an_order().client_order_id))
