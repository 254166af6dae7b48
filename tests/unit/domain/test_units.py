from decimal import Decimal, localcontext

import pytest

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
from tests.builders import cash, price, shares


@pytest.mark.parametrize(
    "text, micros",
    [
        ("0.53", 530_000),
        (".48", 480_000),
        ("5.", 5_000_000),
        ("-1.5", -1_500_000),
        ("+1", 1_000_000),
        ("0", 0),
        ("-0.0", 0),
        ("0.000001", 1),
        ("0.1000000000000000000000000", 100_000),
        ("0.00000000000", 0),
        ("1e-05", 10),
        ("1E+2", 100_000_000),
        ("123456789012345678901234567890.123456", 123456789012345678901234567890123456),
    ],
)
def test_decimal_text_becomes_exact_millionths(text: str, micros: int) -> None:
    assert parse_micros(text) == micros


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            ".",
            "-",
            "e",
            "abc",
            "0x10",
            "1,5",
            "1.2.3",
            "--1",
            "1e",
            "1e99999999999999999999999",
        ),
        *("NaN", "-nan", "sNaN1", "inf", "-Infinity", " 1", "1\n", "1_000", "१", "１.５"),
    ],
)
def test_what_is_no_plain_decimal_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        parse_micros(text)


@pytest.mark.parametrize(
    "text",
    [
        "0.0000001",
        "1.1234567",
        "-0.0000009",
        "1e-7",
        "1e-999999",
        "0.1234560000000000000000000000000001",
    ],
)
def test_more_than_six_decimals_are_refused_and_never_rounded(text: str) -> None:
    with pytest.raises(ValueError, match="more than six decimals"):
        parse_micros(text)


@pytest.mark.parametrize("text", ["1e41", "9e999999", "-1e999999"])
def test_huge_exponent_is_refused_before_it_costs_memory(text: str) -> None:
    with pytest.raises(ValueError, match="too large"):
        parse_micros(text)


def test_long_text_is_refused_and_not_repeated_in_full() -> None:
    with pytest.raises(ValueError, match="longer than 40 characters") as refusal:
        parse_micros("9" * 5_000)
    assert len(str(refusal.value)) < 100


def test_decimal_context_of_the_caller_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 3
        assert parse_micros("12345.678901") == 12_345_678_901
        assert as_decimal(12_345_678_901) == Decimal("12345.678901")


@pytest.mark.parametrize(
    "micros, decimals_min, text",
    [
        (530_000, 2, "0.53"),
        (500_000, 2, "0.50"),
        (5_000_000, 2, "5.00"),
        (5_000_000, 0, "5"),
        (1, 2, "0.000001"),
        (-1_500_000, 2, "-1.50"),
        (-1, 0, "-0.000001"),
        (0, 2, "0.00"),
        (123_456, 4, "0.123456"),
    ],
)
def test_millionths_are_shown_without_losing_any(micros: int, decimals_min: int, text: str) -> None:
    assert format_micros(micros, decimals_min) == text


@pytest.mark.parametrize(
    "exact, down, up",
    [(0, 0, 0), (1, 0, 1), (MICRO, 1, 1), (MICRO + 1, 1, 2), (-1, -1, 0), (-MICRO, -1, -1)],
)
def test_exact_sum_is_rounded_once_towards_the_side_that_is_asked(
    exact: int, down: int, up: int
) -> None:
    assert round_exact(exact, Rounding.DOWN) == down
    assert round_exact(exact, Rounding.UP) == up


def test_notional_is_price_times_shares() -> None:
    assert notional(price("0.4"), shares("100"), Rounding.DOWN) == cash("40")
    assert notional(Price(333_333), Shares(1), Rounding.DOWN) == 0
    assert notional(Price(333_333), Shares(1), Rounding.UP) == 1


def test_cash_never_buys_more_than_it_pays_for() -> None:
    assert shares_for(cash("1"), price("0.3")) == Shares(3_333_333)
    assert notional(price("0.3"), Shares(3_333_333), Rounding.UP) <= cash("1")
    assert shares_for(Cash(0), price("0.3")) == 0


@pytest.mark.parametrize(
    "yes, no", [("0.53", "0.47"), ("0", "1"), ("1", "0"), ("0.0001", "0.9999")]
)
def test_complement_is_the_price_of_the_other_outcome(yes: str, no: str) -> None:
    assert complement(price(yes)) == price(no)
