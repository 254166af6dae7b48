"""Which fault applies now: the plan that the shell of the exchange asks at every point.

An answer depends on the seed, the rules, the time and how often this point was asked about this
client; never on what was asked elsewhere. So two runs of the same client meet the same faults,
whatever other clients do meanwhile, and one request more shifts no other kind of request.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from daemon.domain.units import Nanos
from daemon.sim.exchange.faults.fault import FORMS, Fault, FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.named_chance import NamedChance

Span = tuple[Nanos, Nanos]
"""A time from its first instant up to, but without, its second; both count from the plan's start."""


class FaultPlan:
    """Answers with faults from `start_at` on, except in the quiet times."""

    def __init__(
        self,
        *,
        chance: NamedChance,
        rules: Sequence[FaultRule],
        start_at: Nanos,
        quiet: Iterable[Span] = (),
    ) -> None:
        self.counts: Counter[FaultKind] = Counter()
        """How often each kind was told so far."""
        self._chance = chance
        self._start_at = start_at
        self._quiet = tuple(quiet)
        self._asked: Counter[tuple[FaultPoint, str]] = Counter()
        # Rules are told apart among their own kind: one more of another kind changes no draw.
        numbered = [
            (sum(other.kind is rule.kind for other in rules[:place]), rule)
            for place, rule in enumerate(rules)
        ]
        self._rules = {
            point: [(index, rule) for index, rule in numbered if point in rule.points]
            for point in FaultPoint
        }

    def can_strike(self, point: FaultPoint) -> bool:
        """Tell whether there is any rule for a point; who need not ask may spare the questions."""
        return bool(self._rules[point])

    def ask(self, point: FaultPoint, now: Nanos, who: str = "") -> Fault | None:
        """Return the fault that applies to this one question, if any; `who` names the client.

        Questions of quiet times are counted like all others. Of several rules that strike at once,
        chance picks one.
        """
        self._asked[point, who] += 1
        number = self._asked[point, who]
        passed = Nanos(now - self._start_at)
        if any(start <= passed < end for start, end in self._quiet):
            return None
        struck = [
            (index, rule)
            for index, rule in self._rules[point]
            if rule.is_on(passed) and self._strikes(rule, index, (point, who, number))
        ]
        if not struck:
            return None
        index, rule = struck[self._chance.below(len(struck), "pick", point, who, number)]
        self.counts[rule.kind] += 1
        return self._fault(rule, index, (point, who, number))

    def _strikes(self, rule: FaultRule, index: int, question: tuple[str, str, int]) -> bool:
        if rule.nth:
            return question[2] in rule.nth
        return self._chance.happens(rule.rate, "strike", rule.kind, index, *question)

    def _fault(self, rule: FaultRule, index: int, question: tuple[str, str, int]) -> Fault:
        amount = 0
        if rule.values:
            # One host has one wrong clock: its skew is drawn once.
            each = () if rule.kind is FaultKind.CLOCK_SKEW else question
            chosen = self._chance.below(len(rule.values), "amount", rule.kind, index, *each)
            amount = rule.values[chosen]
        is_done = FORMS[rule.kind].is_done if rule.is_done is None else rule.is_done
        if is_done is None:
            is_done = bool(self._chance.below(2, "done", rule.kind, index, *question))
        return Fault(kind=rule.kind, amount=amount, is_done=is_done)
