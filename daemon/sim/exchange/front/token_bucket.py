"""A token bucket in whole numbers: what it grants never drifts, however often it is asked."""

from daemon.domain.units import NANOS_PER_S, Nanos


class TokenBucket:
    """Tokens that flow in at `per_s` up to `burst`; full at first.

    The balance is kept in billionths of a token, which is exactly what one nanosecond adds at one
    token per second. An instant before the last one seen adds nothing.
    """

    __slots__ = ("_at", "_balance", "_burst", "_per_s")

    def __init__(self, *, per_s: int, burst: int, now: Nanos) -> None:
        if per_s <= 0 or burst <= 0:
            raise AssertionError(f"a bucket needs a rate and a burst, not {per_s} and {burst}")
        self._per_s = per_s
        self._burst = burst * NANOS_PER_S
        self._balance = self._burst
        self._at = now

    def balance(self, now: Nanos) -> int:
        """Return the whole tokens there are; below zero after an overdraft."""
        self._refill(now)
        return self._balance // NANOS_PER_S

    def can_take(self, tokens: int, now: Nanos) -> bool:
        """Tell whether so many tokens are there."""
        return self.balance(now) >= tokens

    def take(self, tokens: int, now: Nanos) -> None:
        """Take the tokens whether or not they are there; the balance may fall below zero."""
        self._refill(now)
        self._balance -= tokens * NANOS_PER_S

    def ready_at(self, tokens: int, now: Nanos) -> Nanos:
        """Return when so many tokens will be there, or when the bucket is full if they never will."""
        self._refill(now)
        missing = min(tokens * NANOS_PER_S, self._burst) - self._balance
        return Nanos(self._at + max(0, -(-missing // self._per_s)))

    def resize(self, *, per_s: int, burst: int, now: Nanos) -> None:
        """Change to another rate and burst; the balance stays, as far as the new burst holds it."""
        self._refill(now)
        self._per_s = per_s
        self._burst = burst * NANOS_PER_S
        self._balance = min(self._balance, self._burst)

    def _refill(self, now: Nanos) -> None:
        if now > self._at:
            self._balance = min(self._burst, self._balance + (now - self._at) * self._per_s)
            self._at = now
