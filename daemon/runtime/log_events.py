"""Every event that is logged from facts: its level, its keys, what it means.

The table is the specification: `docs/log-events.md` is written from it, and a test holds the events
that `fact_events.py` makes against it. Names are `noun.past_verb`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LogEventKind:
    """One kind of event."""

    level: str
    """A method of the logger."""
    keys: tuple[str, ...]
    """In this order; one that has no value is left out."""
    meaning: str


ALWAYS: Final = ("run", "seq", "at")
"""On every event made from a fact: the run, the number of the fact in the journal, venue time."""

_TOKEN: Final = ("market", "outcome", "token")
ORDER_KEYS: Final = (
    *_TOKEN,
    "client_order_id",
    "venue_order_id",
    "strategy",
    "slot",
    "side",
    "price",
    "shares",
    "parent",
)
"""What names an order and says what it wants."""
_K = LogEventKind

LOG_EVENTS: Final[dict[str, LogEventKind]] = {
    "decision.made": _K(
        "info",
        ("cause", "submits", "cancels", "denials", "resyncs", "duration_us"),
        "A step had effects. `cause` counts the kinds of events it was made of.",
    ),
    "order.created": _K(
        "info",
        (*ORDER_KEYS, "time_in_force", "is_post_only", "arrival_price", "replaces"),
        "An approved target became an order: named, live also signed; not yet sent.",
    ),
    "order.sent": _K("info", ORDER_KEYS, "The order is about to be written to the venue."),
    "order.accepted": _K("info", ORDER_KEYS, "The venue has the order."),
    "order.delayed": _K("info", ORDER_KEYS, "The venue holds the order back before matching."),
    "order.filled": _K(
        "info",
        (
            *ORDER_KEYS,
            "trade",
            "fill_price",
            "fill_shares",
            "fee",
            "liquidity",
            "fill_cause",
            "is_complete",
            "latency_ms",
            "slippage",
            "slippage_pct",
            "total_shares",
            "avg_price",
        ),
        "Part or all of the order traded. `latency_ms` since its creation in venue time; `slippage` "
        "per share against the arrival price, + is worse for us; `total_shares` and `avg_price` of "
        "the position afterwards.",
    ),
    "order.canceled": _K("info", (*ORDER_KEYS, "reason", "matched"), "The order rests no more."),
    "order.expired": _K("info", (*ORDER_KEYS, "matched"), "The order reached its own end."),
    "order.failed": _K("warning", (*ORDER_KEYS, "reason"), "The order was provably never sent."),
    "order.rejected": _K(
        "warning", (*ORDER_KEYS, "reason"), "The venue refused the order, or never received it."
    ),
    "order.unknown": _K(
        "warning",
        (*ORDER_KEYS, "reason"),
        "Nobody knows what became of the order; it is looked up.",
    ),
    "order.denied": _K(
        "info",
        (*_TOKEN, "strategy", "slot", "side", "price", "shares", "reason", "detail"),
        "Risk refused a target: which rule, and the rule's numbers.",
    ),
    "order.duplicate": _K("info", ("trade",), "A trade was reported again and not counted."),
    "cancel.requested": _K("info", (*ORDER_KEYS, "reason"), "We want the order gone."),
    "cancel.rejected": _K("warning", (*ORDER_KEYS, "reason"), "The venue would not cancel."),
    "fill.settled": _K("info", ("trade", "settlement"), "The settlement of a trade moved on."),
    "fill.failed": _K(
        "error", ("trade", "settlement"), "The settlement of a trade failed: it is taken back."
    ),
    "position.changed": _K(
        "debug",
        (*_TOKEN, "total_shares", "avg_price", "realized_pnl", "unrealized_pnl", "mark"),
        "What is held of a token after a fill or a settlement.",
    ),
    "position.closed": _K(
        "info",
        (*_TOKEN, "pnl", "total_pnl"),
        "A position became flat. `pnl` since it was last flat (or since the start of this run), "
        "`total_pnl` of the account; both net of fees.",
    ),
    "stranger.reported": _K(
        "warning", ("venue_order_id", "detail"), "The venue spoke of an order we do not know."
    ),
    "stranger.cancel_requested": _K(
        "warning",
        ("venue_order_id", "attempt"),
        "An open order of the account that is not ours to keep is being cancelled.",
    ),
    "parent.started": _K(
        "info",
        (*_TOKEN, "parent", "strategy", "side", "shares", "slices", "arrival_price"),
        "An execution algorithm's order began.",
    ),
    "parent.completed": _K(
        "info", ("parent", "filled", "residue"), "An execution algorithm's order is done."
    ),
    "trading.paused": _K("warning", ("reason", "detail"), "Nothing opens until the cause goes."),
    "trading.halted": _K("error", ("reason", "detail"), "Nothing opens until a person resumes."),
    "trading.resumed": _K("info", (), "The last reason not to trade went away."),
    "pause.lifted": _K("info", ("reason", "remaining"), "One reason to pause went away."),
    "halt.lifted": _K("info", ("reason", "remaining"), "A person lifted a halt."),
    "kill_switch.engaged": _K(
        "error", ("detail",), "A kill file is there; its text is the detail."
    ),
    "breaker.tripped": _K("warning", ("detail",), "The circuit breaker opened."),
    "breaker.closed": _K("info", (), "The circuit breaker closed again."),
    "feed.up": _K("info", ("tokens",), "A connection carries this many tokens."),
    "feed.lost": _K("warning", ("tokens", "reason", "detail"), "Blind for this many tokens."),
    "book.distrusted": _K("debug", (*_TOKEN, "reason"), "A book is not believed any more."),
    "book.resynced": _K("debug", _TOKEN, "A book is believed again."),
    "market.paused": _K(
        "error",
        ("market", "condition_id", "reason", "detail"),
        "Nothing opens in the market until a person resumes.",
    ),
    "market.pause_lifted": _K(
        "info", ("market", "condition_id", "reason"), "A person lifted a market's pause."
    ),
    "market.closed": _K(
        "info", ("market", "condition_id", "detail"), "Nothing may rest in the market any more."
    ),
}
