"""Writes `docs/log-events.md`: python -m tests.unit.runtime.log_event_catalogue

One table from the specification of events made from facts, one by reading the sources for everything
that is logged directly.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from daemon.runtime.log_events import ALWAYS, LOG_EVENTS, ORDER_KEYS

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "log-events.md"
COMMAND = "python -m tests.unit.runtime.log_event_catalogue"
EVENT = re.compile(r"[a-z_]+\.[a-z_]+")
LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}

HEAD = f"""# Log events

Every line of `logs/trading.log`, and of standard output where it is no terminal, is one JSON value
with `ts` (machine time, UTC), `level` and `event`. On a terminal the same events are sentences.
Money, prices and shares are exact decimal texts. A key without a value is left out.

This page is written by `{COMMAND}`; a test holds it against the program.

## From facts

What happens to orders, fills, positions and trading is logged from the facts the journal keeps, so
the two cannot disagree. All of these carry {", ".join(f"`{key}`" for key in ALWAYS)}: `seq` is the
number of the fact in table `fact`, `at` is venue time. *order* stands for
{", ".join(f"`{key}`" for key in ORDER_KEYS)}.

| event | level | keys | meaning |
|---|---|---|---|
"""

MIDDLE = """
## From the machinery

Alerts also carry `alert`, `severity` and `text`, and have the level of their severity.

| event | level | keys | logged in |
|---|---|---|---|
"""


class Logged(NamedTuple):
    """One place that logs."""

    event: str
    level: str
    keys: tuple[str, ...]
    file: str


def page() -> str:
    """Return the whole page."""
    facts = [
        f"| `{name}` | {kind.level} | {ticked(kind.keys)} | {kind.meaning} |"
        for name, kind in sorted(LOG_EVENTS.items())
    ]
    direct = [
        f"| `{place.event}` | {place.level} | {ticked(place.keys)} | `{place.file}` |"
        for place in sorted({*logged_directly()})
        if place.event not in LOG_EVENTS or place.level == "alert"
    ]
    return HEAD + "\n".join(facts) + "\n" + MIDDLE + "\n".join(direct) + "\n"


def ticked(keys: tuple[str, ...]) -> str:
    """Return keys as code; those of an order together as one word."""
    if keys[: len(ORDER_KEYS)] == ORDER_KEYS:
        return " ".join(("*order*", ticked(keys[len(ORDER_KEYS) :]))).strip()
    return " ".join(f"`{key}`" for key in keys)


def logged_directly() -> Iterator[Logged]:
    """Yield every place in the sources that names an event in full."""
    for folder in ("daemon", "config", "strategies"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    place = place_of(node, path.relative_to(ROOT).as_posix())
                    if place is not None:
                        yield place


def place_of(call: ast.Call, file: str) -> Logged | None:
    verb = call.func.attr if isinstance(call.func, ast.Attribute) else name_of(call.func)
    texts = [one.value for one in call.args if isinstance(one, ast.Constant)]
    keys = tuple(keyword.arg for keyword in call.keywords if keyword.arg)
    if verb in LEVELS and texts and is_event(texts[0]):
        level = "error" if verb == "exception" else verb
        return Logged(str(texts[0]), level, keys, file)
    if verb == "_note" and texts and is_event(texts[0]):
        return Logged(str(texts[0]), "info", ("what", "url"), file)
    if verb in {"send", "Alert"} and len(texts) > 1 and is_event(texts[1]):
        return Logged(str(texts[1]), "alert", (), file)
    return None


def name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def is_event(text: object) -> bool:
    return isinstance(text, str) and EVENT.fullmatch(text) is not None


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
