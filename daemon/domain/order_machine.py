"""The life of an order as a table: (status, kind of news) → status.

The table is the specification, the test and the drawing (docs/order-machine.md). A fill may arrive
in any status, terminal ones included, and is always counted. Late or repeated news is a row; what
is missing is illegal and halts the daemon, because then our model of the venue is wrong.
"""

from enum import StrEnum
from typing import Final

from daemon.domain import order_events as ev
from daemon.domain.order import Order, OrderStatus
from daemon.domain.units import LOT, Shares
from daemon.errors import IllegalTransition

DUST: Final = LOT
"""An order that lacks less than the venue's size precision, 0.01 share, is filled."""


class Kind(StrEnum):
    """Kinds of news; a fill is classified as part or last before the lookup."""

    SENT = "sent"
    FAILED = "failed"
    ACCEPTED = "accepted"
    ACCEPTED_PART = "accepted, part filled"
    DELAYED = "delayed"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    CANCEL_REQUESTED = "cancel requested"
    CANCEL_REJECTED = "cancel rejected"
    CANCELED = "canceled"
    EXPIRED = "expired"
    FILLED_PART = "filled in part"
    FILLED_LAST = "filled"


_S = OrderStatus
_K = Kind

TRANSITIONS: Final[dict[OrderStatus, dict[Kind, OrderStatus]]] = {
    _S.PENDING: {
        _K.SENT: _S.SUBMITTED,
        _K.FAILED: _S.FAILED,
        _K.UNKNOWN: _S.UNKNOWN,  # After a crash: it may have been sent.
        _K.FILLED_PART: _S.PARTIALLY_FILLED,  # A fill that overtook the news of sending.
        _K.FILLED_LAST: _S.FILLED,
    },
    _S.SUBMITTED: {
        _K.FAILED: _S.FAILED,  # Announced as sent, then no connection could be made.
        _K.ACCEPTED: _S.OPEN,
        _K.ACCEPTED_PART: _S.PARTIALLY_FILLED,
        _K.DELAYED: _S.DELAYED,
        _K.REJECTED: _S.REJECTED,
        _K.UNKNOWN: _S.UNKNOWN,
        _K.CANCEL_REQUESTED: _S.PENDING_CANCEL,
        _K.CANCELED: _S.CANCELED,
        _K.EXPIRED: _S.EXPIRED,
        _K.FILLED_PART: _S.PARTIALLY_FILLED,
        _K.FILLED_LAST: _S.FILLED,
    },
    _S.DELAYED: {
        _K.ACCEPTED: _S.OPEN,
        _K.ACCEPTED_PART: _S.PARTIALLY_FILLED,
        _K.DELAYED: _S.DELAYED,
        _K.REJECTED: _S.REJECTED,
        _K.UNKNOWN: _S.UNKNOWN,
        _K.CANCEL_REJECTED: _S.UNKNOWN,  # Asked before a lookup found it delayed.
        _K.CANCELED: _S.CANCELED,
        _K.EXPIRED: _S.EXPIRED,
        _K.FILLED_PART: _S.PARTIALLY_FILLED,
        _K.FILLED_LAST: _S.FILLED,
    },
    _S.OPEN: {
        _K.ACCEPTED: _S.OPEN,
        _K.DELAYED: _S.OPEN,  # A reply that the end of the delay overtook.
        _K.UNKNOWN: _S.UNKNOWN,
        _K.CANCEL_REQUESTED: _S.PENDING_CANCEL,
        _K.CANCEL_REJECTED: _S.UNKNOWN,  # Asked before a lookup found it open.
        _K.CANCELED: _S.CANCELED,
        _K.EXPIRED: _S.EXPIRED,
        _K.FILLED_PART: _S.PARTIALLY_FILLED,
        _K.FILLED_LAST: _S.FILLED,
    },
    _S.PARTIALLY_FILLED: {
        _K.SENT: _S.PARTIALLY_FILLED,  # The fill had overtaken it.
        _K.ACCEPTED_PART: _S.PARTIALLY_FILLED,
        _K.DELAYED: _S.PARTIALLY_FILLED,  # A reply that a fill overtook.
        _K.REJECTED: _S.UNKNOWN,  # The refusal is not true: look it up.
        _K.UNKNOWN: _S.UNKNOWN,
        _K.CANCEL_REQUESTED: _S.PENDING_CANCEL,
        _K.CANCEL_REJECTED: _S.UNKNOWN,  # Asked before a lookup found it open.
        _K.CANCELED: _S.CANCELED,
        _K.EXPIRED: _S.EXPIRED,
        _K.FILLED_PART: _S.PARTIALLY_FILLED,
        _K.FILLED_LAST: _S.FILLED,
    },
    _S.PENDING_CANCEL: {
        _K.SENT: _S.PENDING_CANCEL,  # A fill had overtaken it.
        _K.FAILED: _S.FAILED,
        _K.ACCEPTED: _S.PENDING_CANCEL,
        _K.ACCEPTED_PART: _S.PENDING_CANCEL,
        _K.DELAYED: _S.PENDING_CANCEL,
        _K.REJECTED: _S.REJECTED,
        _K.UNKNOWN: _S.UNKNOWN,
        _K.CANCEL_REQUESTED: _S.PENDING_CANCEL,
        _K.CANCEL_REJECTED: _S.UNKNOWN,  # Filled, expired or never arrived: not ours to guess.
        _K.CANCELED: _S.CANCELED,
        _K.EXPIRED: _S.EXPIRED,
        _K.FILLED_PART: _S.PENDING_CANCEL,
        _K.FILLED_LAST: _S.FILLED,
    },
    _S.UNKNOWN: {
        _K.SENT: _S.UNKNOWN,
        _K.FAILED: _S.FAILED,  # Our own outbox proves that it never left.
        _K.ACCEPTED: _S.OPEN,
        _K.ACCEPTED_PART: _S.PARTIALLY_FILLED,
        _K.DELAYED: _S.DELAYED,
        _K.REJECTED: _S.REJECTED,
        _K.UNKNOWN: _S.UNKNOWN,
        _K.CANCEL_REQUESTED: _S.UNKNOWN,
        _K.CANCEL_REJECTED: _S.UNKNOWN,
        _K.CANCELED: _S.CANCELED,
        _K.EXPIRED: _S.EXPIRED,
        _K.FILLED_PART: _S.UNKNOWN,  # It was accepted once; whether it still rests is unknown.
        _K.FILLED_LAST: _S.FILLED,
    },
    # Terminal: late fills are counted, late news and doubt are absorbed. Proof that the venue has what
    # we took for refused or never sent brings it back.
    _S.FILLED: {
        _K.SENT: _S.FILLED,
        _K.ACCEPTED_PART: _S.FILLED,
        _K.DELAYED: _S.FILLED,
        _K.REJECTED: _S.FILLED,
        _K.UNKNOWN: _S.FILLED,
        _K.CANCEL_REJECTED: _S.FILLED,
        _K.CANCELED: _S.FILLED,
        _K.EXPIRED: _S.FILLED,
        _K.FILLED_PART: _S.FILLED,
        _K.FILLED_LAST: _S.FILLED,  # More than ordered: counted; the engine objects beyond dust.
    },
    _S.CANCELED: {
        _K.ACCEPTED: _S.CANCELED,
        _K.ACCEPTED_PART: _S.CANCELED,
        _K.DELAYED: _S.CANCELED,
        _K.REJECTED: _S.CANCELED,
        _K.UNKNOWN: _S.CANCELED,
        _K.CANCEL_REJECTED: _S.CANCELED,
        _K.CANCELED: _S.CANCELED,
        _K.EXPIRED: _S.CANCELED,
        _K.FILLED_PART: _S.CANCELED,
        _K.FILLED_LAST: _S.FILLED,
    },
    _S.EXPIRED: {
        _K.ACCEPTED: _S.EXPIRED,
        _K.ACCEPTED_PART: _S.EXPIRED,
        _K.DELAYED: _S.EXPIRED,
        _K.REJECTED: _S.EXPIRED,
        _K.UNKNOWN: _S.EXPIRED,
        _K.CANCEL_REJECTED: _S.EXPIRED,
        _K.CANCELED: _S.EXPIRED,
        _K.EXPIRED: _S.EXPIRED,
        _K.FILLED_PART: _S.EXPIRED,
        _K.FILLED_LAST: _S.FILLED,
    },
    _S.REJECTED: {
        _K.ACCEPTED: _S.UNKNOWN,  # It arrived after all, later than we believed: look it up.
        _K.ACCEPTED_PART: _S.UNKNOWN,
        _K.DELAYED: _S.UNKNOWN,
        _K.REJECTED: _S.REJECTED,
        _K.UNKNOWN: _S.REJECTED,
        _K.CANCEL_REJECTED: _S.REJECTED,
        _K.CANCELED: _S.REJECTED,
        _K.EXPIRED: _S.REJECTED,
        _K.FILLED_PART: _S.UNKNOWN,  # The refusal was not true: look it up.
        _K.FILLED_LAST: _S.FILLED,
    },
    _S.FAILED: {
        _K.ACCEPTED: _S.UNKNOWN,  # It did leave: look it up.
        _K.ACCEPTED_PART: _S.UNKNOWN,
        _K.DELAYED: _S.UNKNOWN,
        _K.UNKNOWN: _S.FAILED,
        _K.CANCEL_REJECTED: _S.FAILED,
        _K.FILLED_PART: _S.UNKNOWN,  # It did leave: look it up.
        _K.FILLED_LAST: _S.FILLED,
    },
}


ACKNOWLEDGES: Final = frozenset(
    {_K.ACCEPTED, _K.ACCEPTED_PART, _K.DELAYED, _K.FILLED_PART, _K.FILLED_LAST}
)
"""News that proves that the venue had the order."""


_KINDS: Final[dict[type, Kind]] = {
    ev.OrderSent: _K.SENT,
    ev.OrderFailed: _K.FAILED,
    ev.OrderDelayed: _K.DELAYED,
    ev.OrderRejected: _K.REJECTED,
    ev.OrderUnknown: _K.UNKNOWN,
    ev.CancelRequested: _K.CANCEL_REQUESTED,
    ev.CancelRejected: _K.CANCEL_REJECTED,
    ev.OrderCanceled: _K.CANCELED,
    ev.OrderExpired: _K.EXPIRED,
}
"""Events that are one kind of news whatever the order; a look-up, because each order asks thrice."""


def classify(order: Order, event: ev.OrderEvent) -> Kind:
    """Return the kind of news an event is for this very order."""
    if isinstance(event, ev.OrderFilled):
        return _K.FILLED_LAST if order.leaves - event.fill.shares < DUST else _K.FILLED_PART
    if isinstance(event, ev.OrderAccepted):
        return _K.ACCEPTED_PART if order.filled else _K.ACCEPTED
    return _KINDS[type(event)]


def apply(order: Order, event: ev.OrderEvent) -> Order:
    """Return the order after the event; IllegalTransition when the table has no row for it."""
    assert event.client_order_id == order.client_order_id
    kind = classify(order, event)
    try:
        status = TRANSITIONS[order.status][kind]
    except KeyError:
        raise IllegalTransition(
            f"order {order.client_order_id} is {order.status} and was told '{kind}': "
            "compare it with the venue before resuming"
        ) from None
    filled, exact, matched = order.filled, order.filled_exact, order.matched
    if isinstance(event, ev.OrderFilled):
        filled = Shares(filled + event.fill.shares)
        exact += event.fill.price * event.fill.shares
    elif isinstance(event, (ev.OrderCanceled, ev.OrderExpired)) and event.matched is not None:
        matched = Shares(max(event.matched, order.matched or 0))  # What has matched stays matched.
    reason = order.reason if status is order.status else getattr(event, "reason", "")
    return order.after(
        status=status,
        filled=filled,
        filled_exact=exact,
        is_acknowledged=order.is_acknowledged or kind in ACKNOWLEDGES,
        matched=matched,
        reason=reason,
    )
