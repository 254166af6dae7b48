"""A maker that quotes both outcomes around the fair price, at the pace of recorded books."""

from typing import Final

from daemon.domain.side import Side
from daemon.domain.units import MICRO, Nanos, Price, Shares
from daemon.sim.exchange.participants.intention import (
    CancelIntention,
    Intention,
    MarketView,
    SubmitIntention,
    lots,
)
from daemon.sim.exchange.participants.market_pace import (
    BOOK_BURSTS,
    BOOK_GAPS_US,
    LEVEL_DISTANCES,
    LEVEL_SIZES,
)
from daemon.sim.named_chance import NamedChance

ORDERS_MAX: Final = 120
"""Most resting orders of one maker; beyond them it cancels its oldest first."""
SHARES_MIN: Final = Shares(5 * MICRO)

_NANOS_PER_US: Final = 1_000


class QuotingMaker:
    """Buys Up and Down below their worth, which needs no shares: a bid on Down is an ask on Up.

    It cancels at once what has become too good for others. One maker moves the book as often as a
    recorded market moves; with `slowness` n it takes n times as long, so n of them make one market.
    """

    def __init__(
        self, *, name: str, chance: NamedChance, start_at: Nanos, slowness: int = 1
    ) -> None:
        self.next_at = start_at
        self._name = name
        self._chance = chance
        self._slowness = slowness
        self._turn = 0
        self._submitted = 0
        self._live: dict[str, tuple[int, Price]] = {}

    def act(self, view: MarketView) -> tuple[Intention, ...]:
        """Return cancels of what is too dear, then a burst of new quotes and cancels."""
        self._turn += 1
        gap = BOOK_GAPS_US.draw(self._chance, self._name, "gap", self._turn)
        self.next_at = Nanos(view.now + gap * self._slowness * _NANOS_PER_US)
        wanted: list[Intention] = [
            self._cancel(name)
            for name, (outcome, price) in list(self._live.items())
            if price >= view.worth(outcome)
        ]
        for _ in range(BOOK_BURSTS.draw(self._chance, self._name, "burst", self._turn)):
            if len(self._live) >= ORDERS_MAX:
                wanted.append(self._cancel(next(iter(self._live))))
            elif (quote := self._quote(view)) is not None:
                wanted.append(quote)
        return tuple(wanted)

    def _quote(self, view: MarketView) -> SubmitIntention | None:
        self._submitted += 1
        number = self._submitted
        outcome = self._chance.below(2, self._name, "outcome", number)
        distance = LEVEL_DISTANCES.draw(self._chance, self._name, "distance", number)
        best = (
            (view.worth(outcome) - 1) // view.tick * view.tick
        )  # the highest price below its worth
        price = Price(best - distance * view.tick)
        if not view.is_price(price):
            return None
        name = f"{self._name}:{number}"
        self._live[name] = (outcome, price)
        size = LEVEL_SIZES.draw(self._chance, self._name, "size", number)
        return SubmitIntention(
            name=name,
            outcome=outcome,
            side=Side.BUY,
            price=price,
            shares=lots(size, at_least=SHARES_MIN),
            is_post_only=True,
        )

    def _cancel(self, name: str) -> CancelIntention:
        del self._live[name]
        return CancelIntention(name=name)
