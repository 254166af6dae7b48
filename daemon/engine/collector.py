"""What one step has produced so far."""

from daemon.domain.facts import Fact
from daemon.engine.outcome import Effect


class Collector:
    """Facts and effects of a step, in the order they came about."""

    __slots__ = ("effects", "facts")

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.effects: list[Effect] = []
