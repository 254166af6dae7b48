"""How often we compare with the venue, how patient we are, and what becomes of strangers."""

from dataclasses import dataclass
from enum import StrEnum

from daemon.domain.units import Nanos


class StrangerPolicy(StrEnum):
    """What to do with open orders of the account that are not ours to keep."""

    CANCEL = "cancel"
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileOptions:
    """What a person may set of reconciliation."""

    every_s: float
    """Seconds of venue time between two comparisons when nothing is in doubt."""
    grace: Nanos
    """Venue time for which "not found" proves nothing."""
    strangers: StrangerPolicy
