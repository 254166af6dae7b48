"""The reference price of one asset as far as time has come: what windows settle on and feeds tell.

One source for everybody: the same prices go out over the feeds, set the price to beat and decide.
"""

from collections.abc import Callable, Iterator
from typing import Final

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.windows.window_resolution import ReferencePrice, price_at

KEPT: Final = Nanos(20 * 60 * NANOS_PER_S)
"""How long a price is remembered: a window of 15 minutes and what its averages reach back."""
SLACK: Final = 512
"""So many prices older than that may wait to be let go together."""

PriceListener = Callable[[ReferencePrice], None]
"""Is told a price at its time; it must not call back."""


class ReferencePrices:
    """The prices of one asset in millionths of a dollar, drawn from a source in order of time."""

    def __init__(self, asset: str, source: Iterator[ReferencePrice], now: Nanos) -> None:
        """Know at once all that is past: windows that run already need their start."""
        self.asset = asset
        self._source = source
        self._next = next(source, None)
        self._listeners: list[PriceListener] = []
        self.recent: list[ReferencePrice] = []
        """What is remembered, in order of time; read it, do not write it."""
        self.advance(now)

    @property
    def latest(self) -> ReferencePrice | None:
        """The price of this moment; None before the first."""
        return self.recent[-1] if self.recent else None

    @property
    def next_at(self) -> Nanos | None:
        """When it changes next; None after the last price of a recording."""
        return None if self._next is None else self._next.at

    def average(self, at: Nanos, over: Nanos) -> int | None:
        """Return the average over some time before an instant, None where that is not known."""
        return price_at(self.recent, at, over)

    def listen(self, listener: PriceListener) -> None:
        """Be told of every price from now on."""
        self._listeners.append(listener)

    def begin(self, marketplace: Marketplace) -> None:
        """Let prices come in the time of a marketplace."""
        if (at := self.next_at) is not None:
            marketplace.schedule(at, lambda now: self._tick(marketplace, now))

    def advance(self, now: Nanos) -> None:
        """Take in all prices up to a time."""
        while self._next is not None and self._next.at <= now:
            price, self._next = self._next, next(self._source, None)
            assert not self.recent or price.at >= self.recent[-1].at, "prices run backwards"
            self.recent.append(price)
            for listener in self._listeners:
                listener(price)
            self._let_go(price.at)

    def _tick(self, marketplace: Marketplace, now: Nanos) -> None:
        self.advance(now)
        self.begin(marketplace)

    def _let_go(self, now: Nanos) -> None:
        if len(self.recent) > SLACK and self.recent[SLACK].at < now - KEPT:
            del self.recent[:SLACK]
