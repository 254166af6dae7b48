"""A taker that buys what is offered, at the pace and in the sizes of recorded trades."""

from typing import Final

from daemon.domain.order import TimeInForce
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_MS, Nanos, Price
from daemon.sim.exchange.participants.intention import (
    DOWN,
    UP,
    Intention,
    MarketView,
    SubmitIntention,
    dollar_of,
    lots,
)
from daemon.sim.exchange.participants.market_pace import TRADE_GAPS_MS, TRADE_SIZES
from daemon.sim.named_chance import NamedChance

REACH_TICKS: Final = 3
"""How much worse than the best offer it accepts at most."""
INFORMED: Final = MICRO * 4 // 10
"""How often, in millionths, it buys what is offered below its worth rather than anything."""


class ImpatientTaker:
    """Sends FAK orders; each is worth a dollar at least, as the venue asks of marketable buys.

    With `slowness` n it takes n times as long as a recorded market between two of them.
    """

    def __init__(
        self, *, name: str, chance: NamedChance, start_at: Nanos, slowness: int = 1
    ) -> None:
        self.next_at = start_at
        self._name = name
        self._chance = chance
        self._slowness = slowness
        self._turn = 0

    def act(self, view: MarketView) -> tuple[Intention, ...]:
        """Return one order, or nothing when nobody offers anything."""
        self._turn += 1
        turn = self._turn
        # Trades of the same millisecond are one apart, so that time goes on.
        gap = max(1, TRADE_GAPS_MS.draw(self._chance, self._name, "gap", turn))
        self.next_at = Nanos(view.now + gap * self._slowness * NANOS_PER_MS)
        outcome = self._choose(view)
        ask = view.ask(outcome)
        if ask is None:
            return ()
        reach = self._chance.between(0, REACH_TICKS, self._name, "reach", turn)
        price = Price(ask + reach * view.tick)
        if not view.is_price(price):
            return ()
        size = TRADE_SIZES.draw(self._chance, self._name, "size", turn)
        order = SubmitIntention(
            name=f"{self._name}:{turn}",
            outcome=outcome,
            side=Side.BUY,
            price=price,
            shares=lots(size, at_least=dollar_of(ask)),
            time_in_force=TimeInForce.FAK,
        )
        return (order,)

    def _choose(self, view: MarketView) -> int:
        if self._chance.happens(INFORMED, self._name, "informed", self._turn):
            for outcome in (UP, DOWN):
                ask = view.ask(outcome)
                if ask is not None and ask < view.worth(outcome):
                    return outcome
        return self._chance.below(2, self._name, "outcome", self._turn)
