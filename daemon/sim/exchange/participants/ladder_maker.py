"""A maker that keeps a few quotes on each outcome and moves one of them at a time: a quiet market."""

from typing import Final

from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_MS, Nanos, Price, Shares
from daemon.sim.exchange.participants.intention import (
    DOWN,
    UP,
    CancelIntention,
    Intention,
    MarketView,
    SubmitIntention,
    lots,
)
from daemon.sim.named_chance import NamedChance

SIZES: Final = (500, 30_000)
"""Smallest and largest quote, hundredths of a share."""
APART_MAX: Final = 3
"""A rung lies at most so many ticks below the one before it."""
SHARES_MIN: Final = Shares(5 * MICRO)


class LadderMaker:
    """Buys both outcomes below their worth; what has become too dear for it goes at once."""

    def __init__(
        self,
        *,
        name: str,
        chance: NamedChance,
        start_at: Nanos,
        rungs: int,
        gap_ms: tuple[int, int],
    ) -> None:
        """`rungs` quotes on each outcome; between two moves it waits that many milliseconds."""
        self.next_at = start_at
        self._name, self._chance = name, chance
        self._rungs, self._gap_ms = rungs, gap_ms
        self._turn = 0
        self._live: dict[tuple[int, int], tuple[str, Price]] = {}

    def act(self, view: MarketView) -> tuple[Intention, ...]:
        """Return cancels of what is too dear, and one quote moved; at first the whole ladder."""
        self._turn += 1
        gap = self._chance.between(*self._gap_ms, self._name, "gap", self._turn)
        self.next_at = Nanos(view.now + gap * NANOS_PER_MS)
        wanted: list[Intention] = [
            self._cancel(place)
            for place, (_, price) in list(self._live.items())
            if price >= view.worth(place[0])
        ]
        places = [(outcome, rung) for outcome in (UP, DOWN) for rung in range(self._rungs)]
        moved = self._chance.below(len(places), self._name, "moved", self._turn)
        for place in places if self._turn == 1 else (places[moved],):
            if place in self._live:
                wanted.append(self._cancel(place))
            quote = self._quote(place, view)
            if quote is not None:
                wanted.append(quote)
        return tuple(wanted)

    def _quote(self, place: tuple[int, int], view: MarketView) -> SubmitIntention | None:
        outcome, rung = place
        name = f"{self._name}:{self._turn}:{outcome}:{rung}"
        below = rung + self._chance.between(0, APART_MAX, name, "below") * (rung > 0)
        best = (view.worth(outcome) - 1) // view.tick * view.tick
        price = Price(best - below * view.tick)
        if not view.is_price(price):
            return None
        self._live[place] = (name, price)
        return SubmitIntention(
            name=name,
            outcome=outcome,
            side=Side.BUY,
            price=price,
            shares=lots(self._chance.between(*SIZES, name, "size"), at_least=SHARES_MIN),
            is_post_only=True,
        )

    def _cancel(self, place: tuple[int, int]) -> CancelIntention:
        return CancelIntention(name=self._live.pop(place)[0])
