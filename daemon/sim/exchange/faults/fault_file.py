"""Reads a list of faults from TOML or JSON; what it does not understand it refuses, all at once.

    seed = "7"               # decides what chance decides; may be left out
    draw = true              # rules drawn for the seed, beside those listed
    quiet = [[300, 600]]     # seconds from the start in which nothing goes wrong

    [[fault]]
    kind = "delay"           # see daemon.sim.exchange.faults.fault
    points = ["submit"]      # where; every point of the kind when left out
    rate = 0.05              # or nth = [1, 3], the first and the third question
    delay_ms = [100, 2000]   # the kind's figure: a number, or some to draw from
    from_s = 0               # and until_s, seconds from the start

In JSON the same names stand in one object, `fault` being a list of objects.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, cast

from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.errors import ConfigError
from daemon.sim.exchange.faults.fault import FORMS, FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_draw import draw_rules
from daemon.sim.exchange.faults.fault_plan import Span
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.named_chance import NamedChance

FAULTS_MAX: Final = 500
SECONDS_MAX: Final = 10**9

PLAN_KEYS: Final = ("seed", "draw", "quiet", "fault")
"""What a plan of faults may say."""

_RULE_KEYS: Final = ("kind", "points", "rate", "nth", "from_s", "until_s", "is_done")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultFile:
    """What a file says, ready for a FaultPlan."""

    chance: NamedChance
    rules: tuple[FaultRule, ...]
    quiet: tuple[Span, ...]


def parse_faults(text: str, source: str) -> FaultFile:
    """Return what the text says; ConfigError has one line for each thing wrong with it.

    `source` is how people call the file; a name that ends in `.json` is read as JSON.
    """
    table = _parse(text, source)
    _check_keys(table, PLAN_KEYS, source, "a file of faults")
    seed, draw = table.get("seed", ""), table.get("draw", False)
    if not isinstance(seed, str) or not isinstance(draw, bool):
        raise ConfigError(f"{source}: seed is a text and draw is true or false; correct them")
    rows = table.get("fault", [])
    if not isinstance(rows, list) or len(cast("list[Any]", rows)) > FAULTS_MAX:
        raise ConfigError(f"{source}: fault is a list of at most {FAULTS_MAX} tables")
    rules: list[FaultRule] = []
    problems: list[str] = []
    for number, row in enumerate(cast("list[Any]", rows), start=1):
        try:
            rules.append(_parse_rule(row, f"{source} fault {number}"))
        except ConfigError as error:
            problems += error.problems
        except ValueError as error:
            problems.append(f"{source} fault {number}: {error}")
    if problems:
        raise ConfigError(*problems)
    chance = NamedChance(seed)
    return FaultFile(
        chance=chance,
        rules=(*rules, *(draw_rules(chance) if draw else ())),
        quiet=_parse_quiet(table.get("quiet", []), source),
    )


def _parse(text: str, source: str) -> Mapping[str, Any]:
    is_json = source.endswith(".json")
    try:
        table: Any = (
            json.loads(text, parse_float=Decimal)
            if is_json
            else tomllib.loads(text, parse_float=Decimal)
        )
    except (ValueError, ArithmeticError, RecursionError) as error:
        kind = "JSON" if is_json else "TOML"
        raise ConfigError(f"{source}: is not {kind}: {error}; correct that line") from None
    if not isinstance(table, dict):
        raise ConfigError(f"{source}: holds no object; start it with {{")
    return cast("dict[str, Any]", table)


def _parse_rule(row: Any, where: str) -> FaultRule:
    if not isinstance(row, dict):
        raise ConfigError(f"{where}: is no table; give it a kind")
    table = cast("dict[str, Any]", row)
    if table.get("kind") not in list(FaultKind):
        raise ConfigError(
            f"{where}: kind {table.get('kind')!r} is unknown; give one of {', '.join(FaultKind)}"
        )
    kind = FaultKind(table["kind"])
    form = FORMS[kind]
    allowed = (*_RULE_KEYS, form.figure) if form.figure else _RULE_KEYS
    _check_keys(table, allowed, where, f"a {kind}")
    points = _list(table.get("points", list(form.points)))
    if unknown := [point for point in points if point not in list(FaultPoint)]:
        raise ConfigError(
            f"{where}: point {unknown[0]!r} is unknown; give {', '.join(form.points)}"
        )
    is_done = table.get("is_done")
    if not isinstance(is_done, bool | None):
        raise ConfigError(f"{where}: is_done is true or false")
    return FaultRule(
        kind=kind,
        points=tuple(FaultPoint(point) for point in points),
        rate=_scaled(table.get("rate", 0), MICRO, "rate"),
        nth=frozenset(_whole(number, "nth") for number in _list(table.get("nth", []))),
        values=tuple(
            _whole(one, form.figure) for one in _list(table.get(form.figure, form.values))
        ),
        is_done=is_done,
        start_after=_nanos(table.get("from_s", 0), "from_s"),
        end_after=_nanos(table["until_s"], "until_s") if "until_s" in table else None,
    )


def _parse_quiet(spans: Any, source: str) -> tuple[Span, ...]:
    quiet: list[Span] = []
    for span in _list(spans):
        try:
            ends = [_nanos(one, "quiet") for one in _list(span)]
        except ValueError as error:
            raise ConfigError(f"{source}: {error}") from None
        if len(ends) != 2 or ends[0] >= ends[1]:
            raise ConfigError(f"{source}: quiet is a list of [from, until] in seconds")
        quiet.append((ends[0], ends[1]))
    return tuple(quiet)


def _check_keys(table: Mapping[str, Any], allowed: tuple[str, ...], where: str, what: str) -> None:
    if unknown := [key for key in table if key not in allowed]:
        raise ConfigError(f"{where}: unknown key {unknown[0]!r}; {what} takes {', '.join(allowed)}")


def _list(value: Any) -> list[Any]:
    """Return a list as it is, and one thing as a list of it."""
    return list(cast("list[Any]", value)) if isinstance(value, list | tuple) else [value]


def _whole(value: Any, name: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(f"{name} {value!r} is no whole number")


def _nanos(value: Any, name: str) -> Nanos:
    return Nanos(_scaled(value, NANOS_PER_S, name))


def _scaled(value: Any, scale: int, name: str) -> int:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        if Decimal(value).is_finite() and 0 <= value <= SECONDS_MAX:
            return int(value * scale)
        raise ValueError(f"{name} {value} is not between 0 and {SECONDS_MAX}")
    raise ValueError(f"{name} {value!r} is no number")
