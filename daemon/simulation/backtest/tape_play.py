"""Plays a tape into the exchange, in the exchange's own time."""

from collections.abc import Callable
from typing import Final

from daemon.domain.ids import ConditionId
from daemon.domain.units import Nanos
from daemon.sim.exchange.outside.outside import Outside
from daemon.sim.exchange.tape.tape_player import TapePlayer
from daemon.sim.gateway.outside_time import OutsideTime

FRAMES_MAX: Final = 256
BYTES_MAX: Final = 1 << 20
"""Bounds of what is read at once; more that is due follows at the same time."""


class TapePlay:
    """All markets of a tape as the outside market, from the first frame to the last."""

    def __init__(self, player: TapePlayer, outside: Outside, time: OutsideTime) -> None:
        self._player, self._outside, self._time = player, outside, time

    def begin(self, on_over: Callable[[], None]) -> None:
        """Lay every book into the exchange and play; `on_over` is called after the last frame."""
        self._on_over = on_over
        for market in self._player.header.markets:
            self._outside.touch(ConditionId(market.condition_id), self._time.now())
        self._plan_next()

    def _plan_next(self) -> None:
        next_at = self._player.next_at
        if next_at is None:
            self._on_over()
        else:
            self._time.schedule(Nanos(next_at), self._play)

    def _play(self, now: Nanos) -> None:
        for frame in self._player.take_due(now, frames_max=FRAMES_MAX, bytes_max=BYTES_MAX):
            self._outside.play(frame)
        self._plan_next()
