"""Log events as lines for people, in the customer's words; the file keeps the full events.

One event gives one line, several, or none (what says little to a person). An event without a line of
its own is shown by its name and keys.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from daemon.domain.units import Price, Rounding, Shares, notional, parse_micros
from daemon.report.figures import dollars, fixed, signed
from daemon.report.short_names import market_tag, order_tag, strategy_tag

Keys: TypeAlias = Mapping[str, Any]

_HIDDEN_KEYS: Final = frozenset(
    {"run", "seq", "at", "token", "client_order_id", "venue_order_id", "slot", "trade", "logger"}
)
_QUIET: Final = frozenset({"decision.made", "position.changed", "book.distrusted", "book.resynced"})
"""Only shown when debugging."""


def lines_of(event: str, keys: Keys, *, is_verbose: bool = False) -> list[str]:
    """Return the lines of an event; none for the quiet ones unless verbose."""
    if event in _QUIET and not is_verbose:
        return []
    maker = _MAKERS.get(event)
    if maker is None:
        return [plain_line(event, keys)]
    try:
        return list(maker(keys))
    except (KeyError, ValueError):  # An order that has left memory: few keys.
        return [plain_line(event, keys)]


def plain_line(event: str, keys: Keys) -> str:
    """Return an event as its name and those of its keys that people can use."""
    shown = (
        f"{key}={value}" for key, value in keys.items() if key not in _HIDDEN_KEYS and value != ""
    )
    return " ".join((event, *shown))


def _wish(keys: Keys) -> str:
    """`BUY 10.0 @ 0.450`."""
    return f"{keys['side']} {_number(keys['shares'], 1)} @ {_number(keys['price'], 3)}"


def _number(text: str, decimals_min: int) -> str:
    """Return a number with at least this many decimals and none lost."""
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(decimals_min, '0')}"


def _order(keys: Keys) -> str:
    return order_tag(keys["venue_order_id"])


def _where(keys: Keys) -> str:
    """`BTC UP`."""
    return f"{market_tag(keys['market'])} {str(keys['outcome']).upper()}"


def _created(keys: Keys) -> Iterator[str]:
    yield f"Order signed: {_wish(keys)}"
    yield f"Registered order: {_order(keys)} ({market_tag(keys['market'])})"


def _sent(keys: Keys) -> Iterator[str]:
    yield f"Order submitted: {_order(keys)} {_wish(keys)}"


def _accepted(keys: Keys) -> Iterator[str]:
    price, shares = Price(parse_micros(keys["price"])), Shares(parse_micros(keys["shares"]))
    verb = "OPEN" if keys["side"] == "BUY" else "CLOSE"
    cost = dollars(notional(price, shares, Rounding.UP))
    who = strategy_tag(keys["strategy"])
    yield f"{verb} {_where(keys)} ({who}) {cost} @ {_number(keys['price'], 3)}"


def _filled(keys: Keys) -> Iterator[str]:
    verb = "Order filled" if keys["is_complete"] else "Order partly filled"
    yield f"{verb} in {keys['latency_ms'] / 1000:.2f}s: {_order(keys)}"
    slipped = signed(parse_micros(keys["slippage"]), 4)
    yield f"Slippage: {slipped} ({Decimal(keys['slippage_pct']):+.2f}%)"
    sign = "+" if keys["side"] == "BUY" else "-"
    fill = f"Fill: {sign}{_number(keys['fill_shares'], 2)} @ {_number(keys['fill_price'], 3)}"
    total = f"Total: {_number(keys['total_shares'], 2)} shares"
    average = keys.get("avg_price")
    yield f"{fill} | {total}{'' if average is None else f' @ {_average(average)} avg'}"


def _average(text: str) -> str:
    return fixed(parse_micros(text), 3)


def _closed(keys: Keys) -> Iterator[str]:
    pnl, total = (signed(parse_micros(keys[key]), 2) for key in ("pnl", "total_pnl"))
    yield f"Position closed: {pnl} PnL | Total PnL: ${total}"


def _denied(keys: Keys) -> Iterator[str]:
    yield f"Order denied: {_wish(keys)} ({_where(keys)}) {keys['reason']}: {keys['detail']}"


def _ended(words: str) -> Callable[[Keys], Iterator[str]]:
    def line(keys: Keys) -> Iterator[str]:
        reason = keys.get("reason")
        yield f"{words}: {_order(keys)} {_wish(keys)}{f' ({reason})' if reason else ''}"

    return line


def _rejected(keys: Keys) -> Iterator[str]:
    yield f"Order rejected: {keys['reason']}: {_order(keys)} {_wish(keys)}"


def _feed_lost(keys: Keys) -> Iterator[str]:
    detail = keys.get("detail")
    why = f"{keys['reason']}{f', {detail}' if detail else ''}"
    yield f"WebSocket disconnected: {why} ({keys['tokens']} tokens)"


def _feed_up(keys: Keys) -> Iterator[str]:
    yield f"WebSocket connected: {keys['tokens']} tokens"


def _why(words: str) -> Callable[[Keys], Iterator[str]]:
    def line(keys: Keys) -> Iterator[str]:
        detail = keys.get("detail")
        yield f"{words}: {keys['reason']}{f' ({detail})' if detail else ''}"

    return line


def _parent_started(keys: Keys) -> Iterator[str]:
    size = f"{keys['side']} {_number(keys['shares'], 1)}"
    yield f"Parent started: {size} {_where(keys)} in {keys['slices']} slices ({keys['parent']})"


def _parent_completed(keys: Keys) -> Iterator[str]:
    yield (
        f"Parent completed: {_number(keys['filled'], 2)} shares, "
        f"{_number(keys['residue'], 2)} left over ({keys['parent']})"
    )


def _said(words: str) -> Callable[[Keys], Iterator[str]]:
    def line(keys: Keys) -> Iterator[str]:
        detail = keys.get("detail")
        yield f"{words}{f': {detail}' if detail else ''}"

    return line


_MAKERS: Final[dict[str, Callable[[Keys], Iterator[str]]]] = {
    "order.created": _created,
    "order.sent": _sent,
    "order.accepted": _accepted,
    "order.filled": _filled,
    "order.canceled": _ended("Order cancelled"),
    "order.expired": _ended("Order expired"),
    "order.failed": _ended("Order not sent"),
    "order.rejected": _rejected,
    "order.unknown": _ended("Order unknown"),
    "order.denied": _denied,
    "cancel.requested": _ended("Cancel requested"),
    "cancel.rejected": _ended("Cancel rejected"),
    "position.closed": _closed,
    "parent.started": _parent_started,
    "parent.completed": _parent_completed,
    "feed.up": _feed_up,
    "feed.lost": _feed_lost,
    "trading.paused": _why("Trading paused"),
    "trading.halted": _why("Trading HALTED"),
    "trading.resumed": _said("Trading resumed"),
    "breaker.tripped": _said("Circuit breaker tripped"),
    "breaker.closed": _said("Circuit breaker closed"),
    "kill_switch.engaged": _said("Kill switch engaged"),
}
"""What is not here is shown by its name and keys."""
