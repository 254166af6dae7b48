"""The parts of a scenario that can be left out one by one, by name: `fault:drop`, `crash:0`, `market:1`.

Names count as the seed drew them, so that one part less changes no other name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar, cast

from daemon.errors import ConfigError
from daemon.simulation.scenario import Scenario

T = TypeVar("T")

_LISTS: Final = {
    "crash": "crashes",
    "wish": "wishes",
    "step": "clock_steps",
    "outage": "outages",
    "phase": "phases",
    "tick": "tick_changes",
    "stranger": "strangers",
}
"""Kind of part → field."""


def parts_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of all parts that the scenario has, those that matter most often last."""
    names = [
        f"{kind}:{number}"
        for kind, field in _LISTS.items()
        for number in range(len(getattr(scenario, field)))
    ]
    names += [f"market:{number}" for number in range(len(scenario.markets))]
    return (*names, *dict.fromkeys(f"fault:{rule.kind}" for rule in scenario.rules))


def without(scenario: Scenario, names: Iterable[str]) -> Scenario:
    """Return the scenario without some of its parts; ConfigError for one that it does not have."""
    left_out = frozenset(names)
    if unknown := sorted(left_out - set(parts_of(scenario))):
        have = ", ".join(parts_of(scenario)) or "none"
        raise ConfigError(f"without: the scenario has no {unknown[0]}; its parts: {have}")
    changes: dict[str, Any] = {
        field: _kept(kind, getattr(scenario, field), left_out) for kind, field in _LISTS.items()
    }
    changes["rules"] = tuple(r for r in scenario.rules if f"fault:{r.kind}" not in left_out)
    markets = _kept("market", scenario.markets, left_out)
    if not markets:
        raise ConfigError("without: one market must be left; leave out fewer")
    if len(markets) < len(scenario.markets):
        changes |= _with_markets(scenario, changes, left_out)
    return replace(scenario, **changes)


def _with_markets(
    scenario: Scenario, changes: Mapping[str, Any], left_out: frozenset[str]
) -> dict[str, Any]:
    """Return the markets that are kept, and what names them by number or slug moved along."""
    kept = [n for n in range(len(scenario.markets)) if f"market:{n}" not in left_out]
    slugs = [scenario.markets[number].market.slug for number in kept]
    entries = cast("list[dict[str, Any]]", scenario.settings["strategies"])
    strategies = [entry for entry in entries if entry["market"] in ("*", *slugs)]
    moved = {
        field: tuple(
            replace(part, market=kept.index(part.market))
            for part in changes[field]
            if part.market in kept
        )
        for field in ("tick_changes", "strangers")
    }
    return {
        **moved,
        "markets": tuple(scenario.markets[number] for number in kept),
        "settings": {**scenario.settings, "markets": slugs, "strategies": strategies},
    }


def _kept(kind: str, parts: Sequence[T], left_out: frozenset[str]) -> tuple[T, ...]:
    return tuple(part for number, part in enumerate(parts) if f"{kind}:{number}" not in left_out)
