from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.fee import FEE_STEP, FeeSchedule
from daemon.domain.units import MICRO, Price, Shares

schedules = st.builds(FeeSchedule, rate=st.integers(1, MICRO), exponent=st.integers(0, 4))
prices = st.integers(1, MICRO - 1).map(Price)
sizes = st.integers(1, 10**13).map(Shares)


@given(schedules, prices, sizes)
def test_fee_is_the_formula_within_half_a_step_and_never_nothing(
    schedule: FeeSchedule, price: Price, shares: Shares
) -> None:
    p = Fraction(price, MICRO)
    exact = shares * Fraction(schedule.rate, MICRO) * (p * (1 - p)) ** schedule.exponent
    fee = schedule.taker_fee(price, shares)
    assert fee % FEE_STEP == 0
    if exact < FEE_STEP:
        assert fee == FEE_STEP or exact * 2 >= FEE_STEP
    else:
        assert -FEE_STEP <= 2 * (exact - fee) < FEE_STEP
    assert fee >= FEE_STEP


@given(schedules, prices, sizes)
def test_both_outcomes_cost_the_same_fee(
    schedule: FeeSchedule, price: Price, shares: Shares
) -> None:
    assert schedule.taker_fee(price, shares) == schedule.taker_fee(Price(MICRO - price), shares)


@given(schedules, prices, sizes, sizes)
def test_more_shares_never_cost_less(
    schedule: FeeSchedule, price: Price, shares: Shares, more: Shares
) -> None:
    larger = Shares(shares + more)
    assert schedule.taker_fee(price, shares) <= schedule.taker_fee(price, larger)
