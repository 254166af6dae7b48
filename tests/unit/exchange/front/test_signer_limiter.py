"""The per-signer rate limit: what costs what, what is refused, what the headers say."""

import pytest

from daemon.domain.units import MICRO, NANOS_PER_MS, NANOS_PER_S, Cash, Nanos
from daemon.sim.exchange.front.rate_tier import TIERS, RateTier, tier_for
from daemon.sim.exchange.front.signer_limiter import RateVerdict, SignerLimiter
from daemon.sim.exchange.front.token_bucket import TokenBucket

NOW = Nanos(1_790_000_000 * NANOS_PER_S)
SIGNER = "0xa"


def later(milliseconds: int) -> Nanos:
    return Nanos(NOW + milliseconds * NANOS_PER_MS)


def header(verdict: RateVerdict, name: str) -> str:
    return dict(verdict.headers).get(name, "")


def left(verdict: RateVerdict) -> int:
    return int(header(verdict, "Poly-RateLimit-Remaining"))


def test_an_order_costs_one_and_a_batch_as_many_as_it_holds() -> None:
    limiter = SignerLimiter()
    assert left(limiter.submit(SIGNER, 1, NOW)) == 59
    assert left(limiter.submit(SIGNER, 15, NOW)) == 44


def test_a_batch_that_does_not_fit_is_refused_whole_and_costs_nothing() -> None:
    limiter = SignerLimiter()
    for _ in range(3):
        limiter.submit(SIGNER, 15, NOW)
    limiter.submit(SIGNER, 5, NOW)
    refused = limiter.submit(SIGNER, 15, NOW).refusal
    assert refused is not None
    assert (refused.status, dict(refused.headers)["Retry-After"]) == (429, "1")
    assert limiter.submit(SIGNER, 10, NOW).refusal is None


def test_orders_never_starve_cancels() -> None:
    limiter = SignerLimiter()
    for _ in range(4):
        limiter.submit(SIGNER, 15, NOW)
    assert limiter.submit(SIGNER, 1, NOW).refusal is not None
    assert left(limiter.cancel(SIGNER, 1, NOW)) == 119


def test_one_signer_does_not_pay_for_another() -> None:
    limiter = SignerLimiter()
    limiter.cancel(SIGNER, 120, NOW)
    assert limiter.cancel(SIGNER, 1, NOW).refusal is not None
    assert limiter.cancel("0xb", 1, NOW).refusal is None


def test_tokens_come_back_one_by_one() -> None:
    limiter = SignerLimiter()
    for _ in range(4):
        limiter.submit(SIGNER, 15, NOW)
    assert limiter.submit(SIGNER, 1, later(24)).refusal is not None
    assert limiter.submit(SIGNER, 1, later(25)).refusal is None
    assert limiter.submit(SIGNER, 1, later(49)).refusal is not None
    assert limiter.submit(SIGNER, 1, later(50)).refusal is None


def test_a_big_sweep_succeeds_and_blocks_later_cancels_up_to_gold() -> None:
    limiter = SignerLimiter()
    swept = limiter.sweep(SIGNER, 279, NOW)
    assert swept.refusal is None
    assert left(swept) == -160
    refused = limiter.cancel(SIGNER, 1, NOW).refusal
    assert refused is not None
    assert dict(refused.headers)["Retry-After"] == "3"
    assert limiter.sweep(SIGNER, 0, later(2000)).refusal is not None
    assert limiter.cancel(SIGNER, 1, later(2013)).refusal is None


def test_from_platinum_on_a_sweep_must_fit_like_any_other() -> None:
    limiter = SignerLimiter()
    limiter.set_tier(SIGNER, RateTier.PLATINUM, NOW)
    assert limiter.sweep(SIGNER, 1_349, later(3000)).refusal is None
    assert limiter.sweep(SIGNER, 1, later(3000)).refusal is not None


def test_a_batch_of_cancels_never_overdraws() -> None:
    refused = SignerLimiter().cancel(SIGNER, 121, NOW).refusal
    assert refused is not None
    assert refused.status == 429


def test_reset_is_the_second_in_which_the_wait_ends() -> None:
    limiter = SignerLimiter()
    assert header(limiter.submit(SIGNER, 1, NOW), "Poly-RateLimit-Reset") == "1790000000"
    limiter.sweep(SIGNER, 279, NOW)
    assert header(limiter.cancel(SIGNER, 1, NOW), "Poly-RateLimit-Reset") == "1790000003"


def test_before_enforcement_a_request_too_many_is_warned_and_goes_on() -> None:
    limiter = SignerLimiter(is_enforced=False)
    assert not header(limiter.cancel(SIGNER, 120, NOW), "Poly-RateLimit-Warning")
    warned = limiter.cancel(SIGNER, 1, NOW)
    assert warned.refusal is None
    assert header(warned, "Poly-RateLimit-Warning") == "true"
    assert not header(warned, "Retry-After")


def test_a_new_tier_keeps_what_was_saved() -> None:
    limiter = SignerLimiter()
    limiter.submit(SIGNER, 15, NOW)
    limiter.set_tier(SIGNER, RateTier.ELITE, NOW)
    verdict = limiter.submit(SIGNER, 1, NOW)
    assert (left(verdict), header(verdict, "Poly-RateLimit-Tier")) == (44, "elite")
    limiter.set_tier(SIGNER, RateTier.STANDARD, later(5000))
    assert left(limiter.submit(SIGNER, 1, later(5000))) == 59


@pytest.mark.parametrize(
    "volume, tier",
    [
        (0, RateTier.STANDARD),
        (29_999, RateTier.STANDARD),
        (30_000, RateTier.COPPER),
        (499_999, RateTier.SILVER),
        (10_000_000, RateTier.ELITE),
    ],
)
def test_a_tier_begins_at_its_volume(volume: int, tier: RateTier) -> None:
    assert tier_for(Cash(volume * MICRO)) is tier


def test_higher_tiers_allow_more_and_only_the_lower_ones_overdraw() -> None:
    limits = list(TIERS.values())
    assert list(TIERS) == list(RateTier)
    for name in ("volume_min", "orders_per_s", "orders_burst", "cancels_per_s", "cancels_burst"):
        figures = [getattr(one, name) for one in limits]
        assert figures == sorted(set(figures))
    assert [one.has_overdraft for one in limits] == [True] * 5 + [False] * 3


@pytest.mark.parametrize("per_s, burst", [(0, 1), (1, 0)])
def test_a_bucket_that_never_fills_is_a_broken_promise(per_s: int, burst: int) -> None:
    with pytest.raises(AssertionError):
        TokenBucket(per_s=per_s, burst=burst, now=NOW)
