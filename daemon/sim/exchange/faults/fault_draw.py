"""Rules drawn for a seed, so that rare faults get seeds that are full of them.

With one rate for all seeds, a mistake that needs a rare fault twice in a row is never found. So each
seed draws for each kind whether it strikes at all, how often, where, and with which figures.
"""

from typing import Final

from daemon.sim.exchange.faults.fault import FORMS, FaultForm, FaultKind
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.named_chance import NamedChance

RATES: Final = ((0, 0), (0, 0), (0, 0), (1_000, 10_000), (10_000, 100_000), (100_000, 400_000))
"""Lowest and highest rate in millionths, each as likely as the others: half of the kinds are off."""
ONCE_FACTOR: Final = 10
"""A question that is asked once in a connection, not once in a message, strikes that much oftener."""
RATE_MAX: Final = 800_000

_ONCE: Final = frozenset(
    {FaultKind.SOCKET_SILENT, FaultKind.SOCKET_CUT, FaultKind.SOCKET_HALF_OPEN}
)


def draw_rules(chance: NamedChance) -> tuple[FaultRule, ...]:
    """Return the rules of a seed, at most one a kind."""
    drawn = (_draw_rule(chance, kind, form) for kind, form in FORMS.items())
    return tuple(rule for rule in drawn if rule is not None)


def _draw_rule(chance: NamedChance, kind: FaultKind, form: FaultForm) -> FaultRule | None:
    low, high = RATES[chance.below(len(RATES), "severity", kind)]
    rate = chance.between(low, high, "rate", kind)
    if not rate:
        return None
    points = tuple(point for point in form.points if chance.below(2, "point", kind, point))
    return FaultRule(
        kind=kind,
        points=points or form.points,
        rate=min(RATE_MAX, rate * ONCE_FACTOR) if kind in _ONCE else rate,
        values=_draw_values(chance, kind, form.values),
    )


def _draw_values(chance: NamedChance, kind: FaultKind, values: tuple[int, ...]) -> tuple[int, ...]:
    """Return some neighbours among the values: one seed is mild, another one harsh."""
    if not values:
        return ()
    first = chance.below(len(values), "first", kind)
    return values[first : chance.between(first + 1, len(values), "last", kind)]
