"""The per-signer rate limit, as the venue puts it in front of order entry and cancels.

An order costs 1, a batch of N orders N, a cancel 1, a batch of cancels the number of its ids, a sweep
(cancel-all, cancel-market) 1 plus the number it cancels. What does not fit is refused whole, before
anything of it is looked at; what costs more than the burst never fits. In the tiers up to Gold a sweep
needs no more than its first token and may take the balance of cancels below zero, which then blocks
later cancels until it is refilled.
"""

from dataclasses import dataclass

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.front.rate_tier import TIERS, RateTier
from daemon.sim.exchange.front.token_bucket import TokenBucket
from daemon.sim.exchange.front.venue_answer import Headers, VenueAnswer, refuse_with, seconds_until

TOO_FAST = "rate limit exceeded"
"""The refusal's text; the venue states its status and headers, not its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateVerdict:
    """Whether a request may go on (`refusal` is None) and the headers that its answer carries."""

    headers: Headers
    refusal: VenueAnswer | None = None


class _Signer:
    """The two buckets of one signer."""

    __slots__ = ("cancels", "orders", "tier")

    def __init__(self, tier: RateTier, now: Nanos) -> None:
        limits = TIERS[tier]
        self.tier = tier
        self.orders = TokenBucket(per_s=limits.orders_per_s, burst=limits.orders_burst, now=now)
        self.cancels = TokenBucket(per_s=limits.cancels_per_s, burst=limits.cancels_burst, now=now)


class SignerLimiter:
    """Token buckets for every signer that was seen; signers are those with an API key."""

    def __init__(self, *, is_enforced: bool = True) -> None:
        self.is_enforced = is_enforced
        """False: nothing is refused, the answer only warns (`Poly-RateLimit-Warning`)."""
        self._signers: dict[str, _Signer] = {}

    def set_tier(self, signer: str, tier: RateTier, now: Nanos) -> None:
        """Move a signer to a tier; what it has saved stays, as far as the new burst holds it."""
        one, limits = self._find(signer, now), TIERS[tier]
        one.tier = tier
        one.orders.resize(per_s=limits.orders_per_s, burst=limits.orders_burst, now=now)
        one.cancels.resize(per_s=limits.cancels_per_s, burst=limits.cancels_burst, now=now)

    def submit(self, signer: str, orders: int, now: Nanos) -> RateVerdict:
        """Charge a request that submits so many orders."""
        one = self._find(signer, now)
        return self._charge(one, one.orders, orders, orders, now)

    def cancel(self, signer: str, ids: int, now: Nanos) -> RateVerdict:
        """Charge a request that cancels orders by their ids, one or many."""
        one = self._find(signer, now)
        return self._charge(one, one.cancels, ids, ids, now)

    def sweep(self, signer: str, canceled: int, now: Nanos) -> RateVerdict:
        """Charge a cancel-all or cancel-market that would cancel so many orders."""
        one, cost = self._find(signer, now), 1 + canceled
        needed = 1 if TIERS[one.tier].has_overdraft else cost
        return self._charge(one, one.cancels, needed, cost, now)

    def _charge(
        self, one: _Signer, bucket: TokenBucket, needed: int, cost: int, now: Nanos
    ) -> RateVerdict:
        if bucket.can_take(needed, now):
            bucket.take(cost, now)
            return RateVerdict(headers=_headers(one.tier, bucket, 1, now))
        headers = _headers(one.tier, bucket, needed, now)
        if not self.is_enforced:
            return RateVerdict(headers=(*headers, ("Poly-RateLimit-Warning", "true")))
        retry_after = str(seconds_until(bucket.ready_at(needed, now), now))
        refused = refuse_with(429, TOO_FAST, (*headers, ("Retry-After", retry_after)))
        return RateVerdict(headers=refused.headers, refusal=refused)

    def _find(self, signer: str, now: Nanos) -> _Signer:
        found = self._signers.get(signer)
        if found is None:
            found = self._signers[signer] = _Signer(RateTier.STANDARD, now)
        return found


def _headers(tier: RateTier, bucket: TokenBucket, needed: int, now: Nanos) -> Headers:
    """Return what every answer says of the bucket.

    `Remaining` is negative after an overdraft. `Reset` is the Unix second when the wait for what is
    needed ends, at the earliest this one; what never fits is told when the bucket is full.
    """
    reset = -(-bucket.ready_at(needed, now) // NANOS_PER_S)
    return (
        ("Poly-RateLimit-Remaining", str(bucket.balance(now))),
        ("Poly-RateLimit-Reset", str(reset)),
        ("Poly-RateLimit-Tier", tier.value),
    )
