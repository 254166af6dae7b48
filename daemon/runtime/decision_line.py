"""Outcomes as canonical lines: sorted keys, exact integers, names that mean the same in every run.

Left out or replaced is what depends on the run's id or on the machine: client order ids become `#n`
(`earlier#n` for orders of an earlier run), trade ids `t<count>`, venue ids go, addresses in free texts
lose their port. The connection's own words on why it ended are left out too.
"""

import dataclasses
import json
import re
from functools import cache
from typing import Any, Final, assert_never, cast

from daemon.domain.facts import Fact, FeedWasLost
from daemon.domain.order_events import OrderCreated
from daemon.engine.outcome import (
    Alert,
    CancelAll,
    CancelOrder,
    CancelStranger,
    Effect,
    Outcome,
    Resync,
    SubmitOrder,
)

TRADES_MAX: Final = 200_000
"""Trade names remembered; as many as the order desk keeps."""
_OMITTED: Final = frozenset({"venue_order_id"})
_ORDER_NAMES: Final = frozenset({"client_order_id", "replaces"})
_FREE_TEXTS: Final = frozenset({"reason", "detail"})
_HEX_ID: Final = re.compile(r"0x[0-9a-fA-F]{8,}(?::\d+)?")
_NOTHING: Final = re.compile(r"(?!)")
_LOCAL_PORT: Final = re.compile(r"\b(127\.0\.0\.1|localhost|\[::1\]):\d+")


class DecisionLines:
    """Makes lines, in order; remembers which names it has given."""

    def __init__(self) -> None:
        self._run = ""
        """The part before the number in our orders' names, known once an order was created."""
        self._own_name = self._own_run = _NOTHING
        self._trades: dict[str, str] = {}
        self._trade_count = 0

    def line(self, step: int, outcome: Outcome) -> bytes:
        """Return the line of a step."""
        record = {
            "step": step,
            "at": outcome.at,
            "facts": [self._fact(fact) for fact in outcome.facts],
            "effects": [self._effect(effect) for effect in outcome.effects],
        }
        return json.dumps(record, sort_keys=True, separators=(",", ":")).encode() + b"\n"

    def _fact(self, fact: Fact) -> list[object]:
        if isinstance(fact, OrderCreated):
            self._learn(fact.order.client_order_id.rpartition("-")[0])
        if isinstance(fact, FeedWasLost):
            fact = dataclasses.replace(fact, detail="")
        return [type(fact).__name__, self._plain(fact)]

    def _learn(self, run: str) -> None:
        """Take an order's run for ours: only ours are created."""
        if run != self._run:
            self._run = run
            self._own_name = re.compile(rf"(?<![\w-]){re.escape(run)}-(?=\d)")
            self._own_run = re.compile(rf"(?<![\w-]){re.escape(run)}(?![\w-])")

    def _effect(self, effect: Effect) -> list[object]:
        name = type(effect).__name__
        match effect:
            case SubmitOrder(prepared=prepared):
                return [name, self._order_name(prepared.order.client_order_id)]
            case CancelOrder(order=order):
                return [name, self._order_name(order.client_order_id)]
            case CancelAll() | CancelStranger():
                return [name]
            case Resync(token=token, reason=reason):
                return [name, token, self._text(reason)]
            case Alert(severity=severity, event=event, text=text):
                return [name, severity, event, self._text(text)]
            case _:
                assert_never(effect)

    def _plain(self, value: object) -> object:
        if dataclasses.is_dataclass(value):
            return {
                field: self._field(field, getattr(value, field)) for field in _fields(type(value))
            }
        if isinstance(value, tuple):
            return [self._plain(item) for item in cast("tuple[object, ...]", value)]
        return value

    def _field(self, field: str, value: Any) -> object:
        if value is None:
            return None
        if field in _ORDER_NAMES:
            return self._order_name(value)
        if field == "trade_id":
            return self._trade_name(value)
        if field in _FREE_TEXTS:
            return self._text(value)
        return self._plain(value)

    def _order_name(self, client_order_id: str) -> str:
        run, _, number = client_order_id.rpartition("-")
        return f"#{number}" if run == self._run else f"earlier#{number}"

    def _trade_name(self, trade_id: str) -> str:
        name = self._trades.get(trade_id)
        if name is None:
            self._trade_count += 1
            name = self._trades[trade_id] = f"t{self._trade_count}"
            if len(self._trades) > TRADES_MAX:
                del self._trades[next(iter(self._trades))]
        return name

    def _text(self, text: str) -> str:
        if self._run and self._run in text:
            text = self._own_name.sub("#", text)
            text = self._own_run.sub("<run>", text)
        if "0x" in text:
            text = _HEX_ID.sub("0x", text)
        if ":" in text:
            text = _LOCAL_PORT.sub(r"\1", text)
        return text


@cache
def _fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind) if f.name not in _OMITTED)
