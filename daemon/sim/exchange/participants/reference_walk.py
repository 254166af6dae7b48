"""A reference price that wanders as Bitcoin's does, and what a window is worth meanwhile."""

from collections.abc import Iterator
from math import sqrt
from statistics import NormalDist
from typing import Final

from daemon.domain.units import MICRO, NANOS_PER_S, Nanos, Price
from daemon.sim.exchange.participants.market_pace import DEVIATION_PER_S
from daemon.sim.exchange.windows.window_resolution import ReferencePrice
from daemon.sim.named_chance import NamedChance

JUMP_EVERY_S: Final = 900
"""On average; a jump is that many times an ordinary step."""
JUMP_FACTOR: Final = 10

_UNIFORMS: Final = 12
"""The sum of twelve uniform numbers has the spread of a normal one with deviation 1."""
_NORMAL: Final = NormalDist()


def walk(chance: NamedChance, *, start_at: Nanos, price: int) -> Iterator[ReferencePrice]:
    """Yield a price every second for ever, the first at `start_at`; millionths of a dollar."""
    second = 0
    while True:
        yield ReferencePrice(Nanos(start_at + second * NANOS_PER_S), price)
        second += 1
        drawn = sum(chance.below(MICRO, "step", second, part) for part in range(_UNIFORMS))
        normal = drawn - _UNIFORMS * MICRO // 2
        factor = JUMP_FACTOR if chance.below(JUMP_EVERY_S, "jump", second) == 0 else 1
        step = price * DEVIATION_PER_S * normal * factor // MICRO**2
        price = max(1, price + step)


def fair_price(*, price: int, to_beat: int, left: Nanos) -> Price:
    """Return what Up is worth with so much time left, at least and at most a millionth from 0 and 1.

    The chance that the average of the last minute is not below the price to beat, for a walk without
    direction: an average over a minute wanders as if the end came 40 seconds sooner. A belief of
    participants, so a binary fraction is good enough on the way to it.
    """
    seconds = max(1.0, left / NANOS_PER_S - 40)
    deviation = price * DEVIATION_PER_S / MICRO * sqrt(seconds)
    chance_of_up = _NORMAL.cdf((price - to_beat) / deviation)
    return Price(min(MICRO - 1, max(1, round(chance_of_up * MICRO))))
