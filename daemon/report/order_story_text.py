"""The story of an order as lines for people; ids shortened, times from the decision on."""

from collections.abc import Iterator
from typing import Final

from daemon.domain.units import parse_micros
from daemon.report.figures import signed
from daemon.report.order_story import Event, Held, OrderFigures, OrderStory
from daemon.report.short_names import order_tag

_WORDS: Final = {
    "order.created": "approved and created",
    "order.sent": "sent",
    "order.accepted": "accepted by the venue",
    "order.delayed": "held back by the venue",
    "order.failed": "never sent",
    "order.rejected": "rejected by the venue",
    "order.unknown": "nobody knows what became of it",
    "order.duplicate": "a trade was reported again and not counted",
    "cancel.requested": "cancel asked for",
    "cancel.rejected": "the venue would not cancel",
    "order.canceled": "cancelled",
    "order.expired": "expired",
    "order.filled": "filled",
    "fill.settled": "settlement",
}
_CAUSES: Final = {
    "walk": "took what rested",
    "trade_through": "the other side came to our price",
    "queue": "the queue ahead was used up",
}
_TIME: Final = 14


def story_lines(story: OrderStory) -> list[str]:
    """Return the story as lines without styles."""
    order, reason = story["order"], _brackets(story["reason"])
    parent = f", for parent {story['parent']}" if story["parent"] else ""
    return [
        f"Order {order_tag(order['order_id'])} ({order['client_order_id']}): {_wanted(order)} on "
        f"{story['market']} {story['outcome']}".rstrip(),
        f"Now {story['status']}{reason}, {story['filled']} of {order['size']} filled",
        "",
        f"Asked for by {story['strategy']}, slot {story['slot']}{parent}",
        f"Decided at {order['created_at']}, midpoint {story['arrival_price']}",
        *_replaced(story),
        *_denied(story),
        "",
        *map(_event, story["events"]),
        *_afterwards(story),
    ]


def delay(after_ms: float) -> str:
    """Return a time from the decision on: `+12.3 ms`, `-4.200 s`."""
    return f"{after_ms:+.1f} ms" if abs(after_ms) < 1000 else f"{after_ms / 1000:+.3f} s"


def _replaced(story: OrderStory) -> Iterator[str]:
    replaced = story["replaced"]
    if replaced is not None:
        order = replaced["order"]
        yield f"Took the place of {order_tag(order['order_id'])}: {_wanted(order)}"
        yield from map(_event, replaced["events"])


def _denied(story: OrderStory) -> Iterator[str]:
    if not story["denied_before"]:
        yield "Risk had refused nothing in this slot since the order before"
        return
    yield "Risk had refused in this slot since the order before:"
    for refusal in story["denied_before"]:
        yield (
            f"{delay(refusal['after_ms']):>{_TIME}}  {refusal['side']} {refusal['size']} at "
            f"{refusal['price']}: {refusal['reason']}{_brackets(refusal['detail'])}"
        )


def _event(event: Event) -> str:
    words = _WORDS[event["event"]]
    if event["event"] == "order.filled":
        words = _filled(event)
    elif event["event"] == "fill.settled":
        words = f"settlement {event.get('settlement')}"
    if "reason" in event:
        words += _brackets(event["reason"])
    if "matched" in event:
        words += f", matched {event['matched']}"
    if "because" in event:
        words += f", because {event['because']}"
    return f"{delay(event['after_ms']):>{_TIME}}  {words}"


def _filled(event: Event) -> str:
    words = (
        f"filled {event.get('size')} at {event.get('price')} as {event.get('liquidity')}, fee "
        f"{event.get('fee')}"
    )
    cause = event.get("cause")
    return words if cause is None else f"{words}: {_CAUSES[cause]}, book {event.get('book_id')}"


def _afterwards(story: OrderStory) -> Iterator[str]:
    yield ""
    successor = story["replaced_by"]
    if successor is not None:
        yield (
            f"Its place took {order_tag(successor['order_id'])} {delay(successor['after_ms'])}: "
            f"{_wanted(successor)}"
        )
    held = story["position"]
    yield "No position came of it" if held is None else _held(held)


def _held(held: Held) -> str:
    average = "" if held["avg_price"] is None else f" at {held['avg_price']} on average"
    mark = "" if held["mark"] is None else f", mark {held['mark']}"
    realized = signed(parse_micros(held["realized_pnl"]), 2)
    return f"Held after its last fill: {held['shares']}{average}, realized ${realized}{mark}"


def _wanted(order: OrderFigures) -> str:
    return f"{order['side']} {order['size']} at {order['price']}"


def _brackets(text: str) -> str:
    return f" ({text})" if text else ""
