"""How often, where and when one kind of fault strikes."""

from dataclasses import dataclass

from daemon.domain.units import MICRO, Nanos
from daemon.sim.exchange.faults.fault import FORMS, FaultKind, FaultPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule:
    """One kind at some points, by chance or at counted questions; times count from the plan's start.

    `rate` in millionths strikes by chance; `nth` names the questions of a point (the first is 1) that
    are struck for certain. `values` are what the figure is drawn from, `is_done` settles whether a
    request is carried out. Raises ValueError, saying what is wrong.
    """

    kind: FaultKind
    points: tuple[FaultPoint, ...]
    rate: int = 0
    nth: frozenset[int] = frozenset()
    values: tuple[int, ...] = ()
    is_done: bool | None = None
    start_after: Nanos = Nanos(0)
    end_after: Nanos | None = None

    def __post_init__(self) -> None:
        form = FORMS[self.kind]
        if wrong := [point for point in self.points if point not in form.points]:
            raise ValueError(
                f"a {self.kind} cannot strike at {wrong[0]}; give {', '.join(form.points)}"
            )
        if not self.points:
            raise ValueError(f"a {self.kind} needs a point; give {', '.join(form.points)}")
        if not 0 <= self.rate <= MICRO:
            raise ValueError(f"the rate of a {self.kind} is not between 0 and 1")
        if bool(self.rate) == bool(self.nth):
            raise ValueError(f"give a {self.kind} either a rate above 0 or nth, not both")
        if any(number < 1 for number in self.nth):
            raise ValueError("nth counts from 1")
        if bool(self.values) != bool(form.figure):
            raise ValueError(f"a {self.kind} needs {form.figure or 'no figure'}")
        if bad := [value for value in self.values if not form.low <= value <= form.high]:
            raise ValueError(f"{form.figure} {bad[0]} is not between {form.low} and {form.high}")
        if self.is_done is not None and form.is_done is not None:
            raise ValueError(f"whether it is done is no choice of a {self.kind}; leave is_done out")
        if self.end_after is not None and self.end_after <= self.start_after:
            raise ValueError(f"the {self.kind} ends before it starts")

    def is_on(self, passed: Nanos) -> bool:
        """Tell whether the rule holds so long after the start of the plan."""
        return self.start_after <= passed and (self.end_after is None or passed < self.end_after)
