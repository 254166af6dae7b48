"""One order at a venue that never lies, over wires that delay, lose and interleave what it says.

The world is a value; `steps` lists everything that may happen next. Each wire keeps its own order,
the wires overtake each other freely: the answer to the submit, the user stream, the answer to the
cancel, the answer to a lookup. The venue's fills are never lost, only late.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from daemon.domain import order_events as ev
from daemon.domain.order import CANCELABLE, Order, OrderStatus
from daemon.domain.units import MICRO, Shares
from tests.builders import a_fill, an_order

SHARES = 2
"""Whole shares of the order, which fill one by one."""
ORDER = an_order(client_order_id="run-1", shares=str(SHARES))
NAME = ORDER.client_order_id

News = tuple[ev.OrderEvent, ...]

SENT = ev.OrderSent(client_order_id=NAME)
FAILED = ev.OrderFailed(client_order_id=NAME, reason="")
ACCEPTED = ev.OrderAccepted(client_order_id=NAME)
DELAYED = ev.OrderDelayed(client_order_id=NAME)
REJECTED = ev.OrderRejected(client_order_id=NAME, reason="")
UNKNOWN = ev.OrderUnknown(client_order_id=NAME, reason="")
CANCEL_REQUESTED = ev.CancelRequested(client_order_id=NAME, reason="")
CANCEL_REJECTED = ev.CancelRejected(client_order_id=NAME, reason="")
FILLED = ev.OrderFilled(client_order_id=NAME, fill=a_fill(order=ORDER, trade_id="any", shares="1"))


def canceled(matched: int | None) -> ev.OrderCanceled:
    """Return the news of a cancel; `matched` in whole shares."""
    known = None if matched is None else Shares(matched * MICRO)
    return ev.OrderCanceled(client_order_id=NAME, matched=known, reason="")


def expired(matched: int) -> ev.OrderExpired:
    """Return the news of an expiry; `matched` in whole shares."""
    return ev.OrderExpired(client_order_id=NAME, matched=Shares(matched * MICRO))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Our order, the request, the venue's truth, and what is on the wires."""

    order: Order = ORDER
    request: str = "prepared"
    """prepared → sending (answer awaited) → given up (may still arrive) → arrived or lost."""
    truth: str = "absent"
    """absent, refused, delayed, live, filled, canceled, expired."""
    matched: int = 0
    is_cancel_out: bool = False
    answer: News = ()
    stream: News = ()
    cancel_answer: News = ()
    lookup_answer: News = ()
    cancels_left: int = 1
    doubts_left: int = 1
    lookups_left: int = 1

    @property
    def may_become_position(self) -> int:
        """Millionths of a share matched or still able to match, whatever we have heard."""
        can_match = self.truth in ("live", "delayed") or self.request in ("sending", "given up")
        return (SHARES if can_match else self.matched) * MICRO

    @property
    def is_quiet(self) -> bool:
        """Tell whether nothing more will come unless we ask or the market moves."""
        wires = (self.answer, self.stream, self.cancel_answer, self.lookup_answer)
        return self.request in ("arrived", "lost") and not self.is_cancel_out and not any(wires)


Apply = Callable[[Order, ev.OrderEvent], Order]


def steps(world: World, apply: Apply) -> Iterator[World]:
    """Yield every world that may follow; `apply` is the order machine and may raise."""
    yield from _request(world, apply)
    yield from _market(world)
    yield from _cancel(world, apply)
    yield from _doubt(world, apply)
    if world.answer:
        order = apply(world.order, world.answer[0])
        yield replace(world, order=order, answer=world.answer[1:])
    if world.stream:
        order = apply(world.order, world.stream[0])
        yield replace(world, order=order, stream=world.stream[1:])
    if world.cancel_answer:
        order = apply(world.order, world.cancel_answer[0])
        yield replace(world, order=order, cancel_answer=world.cancel_answer[1:])
    if world.lookup_answer:
        order = apply(world.order, world.lookup_answer[0])
        yield replace(world, order=order, lookup_answer=world.lookup_answer[1:])


def _request(world: World, apply: Apply) -> Iterator[World]:
    """The outbox sends or gives up; the request arrives, is late or is lost."""
    if world.request == "prepared":
        yield replace(world, request="lost", order=apply(world.order, FAILED))
        yield replace(world, request="sending", order=apply(world.order, SENT))
    if world.request == "sending":
        yield replace(world, request="lost", answer=(FAILED,))  # No connection could be made.
        yield replace(world, request="given up", answer=(UNKNOWN,))
    if world.request == "given up":
        yield replace(world, request="lost")
    if world.request in ("sending", "given up"):
        is_awaited = world.request == "sending"
        for truth, answer in (("refused", REJECTED), ("live", ACCEPTED), ("delayed", DELAYED)):
            yield replace(
                world,
                request="arrived",
                truth=truth,
                answer=(*world.answer, answer) if is_awaited else world.answer,
                stream=world.stream if truth == "refused" else (*world.stream, answer),
            )


def _market(world: World) -> Iterator[World]:
    """The venue matches, ends a delay, expires or cancels on its own account."""
    stream, matched = world.stream, world.matched
    if world.truth == "delayed":
        yield replace(world, truth="live", stream=(*stream, ACCEPTED))
    if world.truth in ("live", "delayed"):
        truth = "filled" if matched + 1 == SHARES else "live"
        yield replace(world, truth=truth, matched=matched + 1, stream=(*stream, FILLED))
        yield replace(world, truth="canceled", stream=(*stream, canceled(matched)))
    if world.truth == "live":
        yield replace(world, truth="expired", stream=(*stream, expired(matched)))


def _cancel(world: World, apply: Apply) -> Iterator[World]:
    """We ask to cancel; the venue does or refuses; the answer, or the request itself, is lost."""
    if world.order.status in CANCELABLE and world.cancels_left and not world.is_cancel_out:
        order = apply(world.order, CANCEL_REQUESTED)
        yield replace(world, order=order, is_cancel_out=True, cancels_left=world.cancels_left - 1)
    if world.is_cancel_out:
        done = replace(world, is_cancel_out=False)
        wire = world.cancel_answer
        yield replace(done, cancel_answer=(*wire, UNKNOWN))
        if world.truth == "live":
            stream = (*world.stream, canceled(world.matched))
            for answer in (canceled(None), UNKNOWN):
                yield replace(done, truth="canceled", stream=stream, cancel_answer=(*wire, answer))
        else:
            yield replace(done, cancel_answer=(*wire, CANCEL_REJECTED))


def _doubt(world: World, apply: Apply) -> Iterator[World]:
    """A reconnect makes an open order unknown; an unknown order is looked up."""
    if world.order.is_open and world.doubts_left:
        order = apply(world.order, UNKNOWN)
        yield replace(world, order=order, doubts_left=world.doubts_left - 1)
    if world.order.status is OrderStatus.UNKNOWN and world.lookups_left:
        found = _lookup(world)
        if found is not None:
            yield replace(
                world,
                lookup_answer=(*world.lookup_answer, found),
                lookups_left=world.lookups_left - 1,
            )


def _lookup(world: World) -> ev.OrderEvent | None:
    match world.truth:
        case "live":
            return ACCEPTED
        case "delayed":
            return DELAYED
        case "expired":
            return expired(world.matched)
        case "filled" | "canceled":
            return canceled(world.matched)
        case _:
            # Not found: proves something only after a grace that exceeds every request's life.
            is_over = world.request in ("arrived", "lost") and not world.answer
            return REJECTED if is_over else None
