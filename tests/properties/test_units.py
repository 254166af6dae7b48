from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from daemon.domain.units import (
    MICRO,
    Cash,
    Price,
    Rounding,
    Shares,
    as_decimal,
    complement,
    format_micros,
    notional,
    parse_micros,
    round_exact,
    shares_for,
)

micros = st.integers(-(10**24), 10**24)
prices = st.integers(1, MICRO - 1).map(Price)
sizes = st.integers(0, 10**15).map(Shares)


@given(micros, st.integers(0, 6))
def test_text_and_millionths_round_trip(value: int, decimals_min: int) -> None:
    assert parse_micros(format_micros(value, decimals_min)) == value


@given(micros)
def test_decimal_is_exact_and_reads_back(value: int) -> None:
    decimal = as_decimal(value)
    assert Fraction(decimal) == Fraction(value, MICRO)
    assert parse_micros(str(decimal)) == value


@given(st.text(alphabet="0123456789.-+eE_ naif", max_size=45))
def test_any_text_is_read_exactly_or_refused_as_a_value_error(text: str) -> None:
    try:
        value = parse_micros(text)
    except ValueError:
        return
    assert Fraction(value, MICRO) == Fraction(Decimal(text))


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_any_decimal_is_read_exactly_or_refused(decimal: Decimal) -> None:
    text = str(decimal)
    is_readable = (
        decimal.is_finite()
        and len(text) <= 40
        and decimal.adjusted() <= 40
        and (Fraction(decimal) * MICRO).denominator == 1
    )
    try:
        assert Fraction(parse_micros(text), MICRO) == Fraction(decimal)
    except ValueError:
        assert not is_readable
    else:
        assert is_readable


@given(st.integers(-(10**30), 10**30))
def test_rounding_encloses_the_exact_sum(exact: int) -> None:
    down, up = round_exact(exact, Rounding.DOWN), round_exact(exact, Rounding.UP)
    assert down <= Fraction(exact, MICRO) <= up
    assert up - down == (exact % MICRO != 0)


@given(st.lists(st.tuples(prices, sizes), max_size=8))
def test_rounding_once_never_exceeds_rounding_each(parts: list[tuple[Price, Shares]]) -> None:
    once = round_exact(sum(p * s for p, s in parts), Rounding.UP)
    assert once <= sum(notional(p, s, Rounding.UP) for p, s in parts)
    assert once >= sum(notional(p, s, Rounding.DOWN) for p, s in parts)


@given(st.integers(0, 10**15).map(Cash), prices)
def test_shares_for_cash_are_the_most_that_it_pays(cash: Cash, price: Price) -> None:
    bought = shares_for(cash, price)
    assert bought * price <= cash * MICRO < (bought + 1) * price


@given(prices)
def test_complement_of_the_complement_is_the_price(price: Price) -> None:
    assert complement(complement(price)) == price
    assert complement(price) + price == MICRO


@given(st.integers(0, 10**9), st.integers(1, 9), st.integers(7, 12))
def test_digit_behind_the_sixth_is_never_dropped(whole: int, digit: int, place: int) -> None:
    text = f"{whole}.{'0' * (place - 1)}{digit}"
    assume(len(text) <= 40)
    try:
        parse_micros(text)
    except ValueError as refusal:
        assert "more than six decimals" in str(refusal)  # noqa: PT017
    else:
        raise AssertionError(text)
