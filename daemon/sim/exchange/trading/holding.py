"""What one wallet has of one asset, and what of it is spoken for."""

from daemon.domain.units import Nanos
from daemon.sim.exchange.trading.lagged import Lagged


class Holding:
    """A balance on chain with the claims of open orders and of trades that are not mined yet."""

    __slots__ = ("_balance", "active", "matched")

    def __init__(self, lag: Nanos) -> None:
        self._balance = Lagged(lag)
        self.active = 0
        """Reserved by open orders."""
        self.matched = 0
        """Given away in trades that are not mined."""

    @property
    def balance(self) -> int:
        """What the chain says."""
        return self._balance.value

    @property
    def free(self) -> int:
        """What nothing claims; below zero when the owner moved what was claimed."""
        return self._balance.value - self.active - self.matched

    def seen(self, now: Nanos) -> int:
        """Return the balance that the exchange shows."""
        return self._balance.seen(now)

    def trusted(self, now: Nanos) -> int:
        """Return the balance that an order is measured against: never more than there is."""
        return min(self._balance.value, self._balance.seen(now))

    def change(self, amount: int, now: Nanos) -> None:
        """Add to the balance or take from it."""
        balance = self._balance.value + amount
        assert balance >= 0
        self._balance.set(balance, now)

    def refresh(self) -> None:
        """Let the exchange show the balance as it is."""
        self._balance.refresh()
