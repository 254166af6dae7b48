"""A broken promise of the daemon."""

from dataclasses import dataclass

from daemon.domain.units import Nanos


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Which invariant broke, when and how."""

    invariant: str
    at: Nanos
    life: int
    text: str

    def __str__(self) -> str:
        return f"[life {self.life}, {self.at}] {self.invariant}: {self.text}"
