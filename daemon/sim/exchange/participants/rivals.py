"""Adversaries: one that outbids whoever is best, one that shows size and takes it away."""

from typing import Final

from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_MS, Nanos, Price, Shares
from daemon.sim.exchange.participants.intention import (
    CancelIntention,
    Intention,
    MarketView,
    SubmitIntention,
)
from daemon.sim.named_chance import NamedChance

REACTION_MS: Final = (20, 400)
"""Shortest and longest time in which a rival outbids."""
SHOWN_MS: Final = (20, 600)
"""Shortest and longest time for which a flicker shows its size, and for which it hides."""
FLICKER_SHARES: Final = Shares(5_000 * MICRO)


class PennyRival:
    """Wants to be the best bid of one outcome, a tick above everybody else, never above its limit.

    Once it cannot go higher it starts again from below, as bidders do who were led up.
    """

    def __init__(
        self,
        *,
        name: str,
        chance: NamedChance,
        start_at: Nanos,
        outcome: int,
        limit: Price,
        shares: Shares,
    ) -> None:
        self.next_at = start_at
        self._name = name
        self._chance = chance
        self._outcome = outcome
        self._limit = limit
        self._shares = shares
        self._turn = 0
        self._price = Price(0)
        self._live: str | None = None

    def act(self, view: MarketView) -> tuple[Intention, ...]:
        """Outbid the best bid, or give way when that costs more than the limit."""
        self._turn += 1
        reaction = self._chance.between(*REACTION_MS, self._name, "reaction", self._turn)
        self.next_at = Nanos(view.now + reaction * NANOS_PER_MS)
        best = view.bid(self._outcome)
        if self._live and (best is None or best < self._price):
            self._live = None  # it was filled
        if best is None or (self._live and best == self._price):
            return ()
        gone: list[Intention] = []
        if self._live:
            gone.append(CancelIntention(name=self._live))
            self._live = None
        price = Price(best + view.tick)
        ask = view.ask(self._outcome)
        if price > self._limit or not view.is_price(price) or (ask is not None and price >= ask):
            return tuple(gone)
        self._price, self._live = price, f"{self._name}:{self._turn}"
        order = SubmitIntention(
            name=self._live,
            outcome=self._outcome,
            side=Side.BUY,
            price=price,
            shares=self._shares,
            is_post_only=True,
        )
        return (*gone, order)


class FlickerRival:
    """Joins the best bid of either outcome with a large size and takes it away before it trades."""

    def __init__(self, *, name: str, chance: NamedChance, start_at: Nanos) -> None:
        self.next_at = start_at
        self._name = name
        self._chance = chance
        self._turn = 0
        self._live: str | None = None

    def act(self, view: MarketView) -> tuple[Intention, ...]:
        """Show a size, or take the one shown away."""
        self._turn += 1
        shown = self._chance.between(*SHOWN_MS, self._name, "shown", self._turn)
        self.next_at = Nanos(view.now + shown * NANOS_PER_MS)
        if self._live:
            gone, self._live = self._live, None
            return (CancelIntention(name=gone),)
        outcome = self._chance.below(2, self._name, "outcome", self._turn)
        best = view.bid(outcome)
        if best is None or not view.is_price(best):
            return ()
        self._live = f"{self._name}:{self._turn}"
        return (
            SubmitIntention(
                name=self._live,
                outcome=outcome,
                side=Side.BUY,
                price=best,
                shares=FLICKER_SHARES,
                is_post_only=True,
            ),
        )
