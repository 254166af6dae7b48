"""However it is asked: a token bucket holds at most its burst and grants at most what flowed in."""

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.front.token_bucket import TokenBucket

RATES = st.integers(1, 1_200)
BURSTS = st.integers(1, 1_800)
ASKS = st.lists(
    st.tuples(st.integers(-NANOS_PER_S, 3 * NANOS_PER_S), st.integers(0, 2_000)), max_size=60
)


@given(per_s=RATES, burst=BURSTS, asks=ASKS)
def test_grants_never_exceed_rate_times_time_plus_burst(
    per_s: int, burst: int, asks: list[tuple[int, int]]
) -> None:
    bucket = TokenBucket(per_s=per_s, burst=burst, now=Nanos(0))
    now, latest, granted = 0, 0, 0
    for passed, tokens in asks:
        now += passed
        latest = max(latest, now)
        assert bucket.balance(Nanos(now)) <= burst
        if bucket.can_take(tokens, Nanos(now)):
            bucket.take(tokens, Nanos(now))
            granted += tokens
        assert granted * NANOS_PER_S <= per_s * latest + burst * NANOS_PER_S
        assert bucket.balance(Nanos(now)) >= 0


@given(per_s=RATES, burst=BURSTS, steps=st.lists(st.integers(1, 10**8), max_size=50))
def test_asking_often_gives_what_asking_once_gives(
    per_s: int, burst: int, steps: list[int]
) -> None:
    often, once = (TokenBucket(per_s=per_s, burst=burst, now=Nanos(0)) for _ in range(2))
    for bucket in (often, once):
        bucket.take(3 * burst, Nanos(0))
    now = 0
    for step in steps:
        now += step
        often.balance(Nanos(now))
    assert often.ready_at(burst, Nanos(now)) == once.ready_at(burst, Nanos(now))


@given(
    per_s=RATES,
    burst=BURSTS,
    taken=st.integers(0, 5_000),
    wanted=st.integers(0, 2_000),
    now=st.integers(0, 10**9),
)
def test_tokens_are_there_at_the_stated_instant_and_not_before(
    per_s: int, burst: int, taken: int, wanted: int, now: int
) -> None:
    bucket = TokenBucket(per_s=per_s, burst=burst, now=Nanos(0))
    bucket.take(taken, Nanos(now))
    wanted = min(wanted, burst)
    ready_at = bucket.ready_at(wanted, Nanos(now))
    if ready_at > now:
        assert not bucket.can_take(wanted, Nanos(ready_at - 1))
    assert bucket.can_take(wanted, ready_at)
