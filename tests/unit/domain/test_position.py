from fractions import Fraction

import pytest

from daemon.domain.position import Position
from daemon.domain.side import Side
from daemon.domain.units import Price
from tests.builders import CONDITION, NO, YES, a_fill, a_position, cash, price, shares

FLAT = Position(token=YES, condition_id=CONDITION)


def after(*trades: tuple[Side, str, str] | tuple[Side, str, str, str]) -> Position:
    """Return the position after trades of (side, shares, price[, fee])."""
    position = FLAT
    for side, size, at, *fee in trades:
        fill = a_fill(side=side, shares=size, price=at, fee=fee[0] if fee else "0")
        position = position.apply_fill(fill)
    return position


@pytest.mark.requirement("S0-041", "S2-048", "S2-049")
def test_two_buys_average_to_thirteen_thirtieths() -> None:
    position = after((Side.BUY, "100", "0.40"), (Side.BUY, "50", "0.50"))
    assert position.shares == shares("150")
    assert Fraction(position.cost_exact, position.shares * 10**6) == Fraction(13, 30)
    assert position.average_price == Price(433_333)  # rounded down to a millionth
    assert position.realized == 0


@pytest.mark.requirement("S1-019")
def test_buy_add_partial_sell_close_and_reopen_match_a_ledger_by_hand() -> None:
    trades: list[tuple[Side, str, str, str]] = [
        (Side.BUY, "100", "0.40", "0"),
        (Side.BUY, "100", "0.60", "1"),
        (Side.SELL, "50", "0.70", "0.5"),
        (Side.SELL, "150", "0.45", "0"),
        (Side.BUY, "10", "0.30", "0"),
    ]
    by_hand = [  # shares, average, realized, unrealized at 0.55
        ("100", "0.4", "0", "15"),
        ("200", "0.5", "-1", "10"),
        ("150", "0.5", "8.5", "7.5"),
        ("0", None, "1", "0"),
        ("10", "0.3", "1", "2.5"),
    ]
    for count, (held, average, realized, unrealized) in enumerate(by_hand, start=1):
        position = after(*trades[:count])
        assert position.shares == shares(held)
        assert position.average_price == (None if average is None else price(average))
        assert position.realized == cash(realized)
        assert position.unrealized(price("0.55")) == cash(unrealized)
    assert after(*trades).fees == cash("1.5")


@pytest.mark.requirement("S2-051")
@pytest.mark.parametrize(
    "mark, unrealized", [("0.5", "10"), ("0.4", "0"), ("0.25", "-15"), ("0", "-40"), ("1", "60")]
)
def test_unrealized_profit_is_mark_less_average_times_shares(mark: str, unrealized: str) -> None:
    position = a_position(shares="100", average="0.4")
    assert position.unrealized(price(mark)) == cash(unrealized)


@pytest.mark.requirement("S2-052")
def test_realized_profit_is_the_sum_of_what_was_closed_less_fees() -> None:
    position = after(
        (Side.BUY, "30", "0.40", "0.02"),
        (Side.SELL, "10", "0.50", "0.03"),
        (Side.SELL, "10", "0.35"),
    )
    assert position.realized == cash("0.45")  # 10 × 0.10 − 10 × 0.05 − 0.05
    assert position.cost_exact == shares("10") * price("0.40")


def test_flat_position_has_no_average_and_no_cost_left() -> None:
    position = after((Side.BUY, "3", "0.333333"), (Side.SELL, "1", "0.4"), (Side.SELL, "2", "0.4"))
    assert (position.shares, position.cost_exact, position.average_price) == (0, 0, None)


def test_shares_owed_have_a_negative_cost_and_a_positive_average() -> None:
    position = after((Side.SELL, "10", "0.60"))
    assert position.shares == -shares("10")
    assert position.cost_exact == -shares("10") * price("0.60")
    assert position.average_price == price("0.60")
    assert position.unrealized(price("0.70")) == -cash("1")


def test_buying_back_what_is_owed_realizes_the_difference() -> None:
    position = after((Side.SELL, "10", "0.60"), (Side.BUY, "4", "0.50"))
    assert (position.shares, position.realized) == (-shares("6"), cash("0.4"))
    assert position.average_price == price("0.60")


@pytest.mark.parametrize(
    "first, second, sign", [(Side.SELL, Side.BUY, 1), (Side.BUY, Side.SELL, -1)]
)
def test_fill_through_zero_closes_and_opens_at_its_own_price(
    first: Side, second: Side, sign: int
) -> None:
    position = after((first, "10", "0.60"), (second, "25", "0.50"))
    assert position.shares == sign * shares("15")
    assert position.average_price == price("0.50")
    assert position.realized == sign * cash("1")


def test_realized_profit_is_shown_rounded_down() -> None:
    position = after((Side.BUY, "0.000003", "0.5"), (Side.SELL, "0.000003", "0.4"))
    assert position.realized == -1
    assert after((Side.BUY, "0.000003", "0.4"), (Side.SELL, "0.000003", "0.5")).realized == 0


def test_unrealized_profit_is_shown_rounded_down() -> None:
    assert a_position(shares="0.000003", average="0.5").unrealized(price("0.4")) == -1
    assert a_position(shares="0.000003", average="0.4").unrealized(price("0.5")) == 0


def test_fill_of_another_token_is_a_broken_promise() -> None:
    with pytest.raises(AssertionError):
        FLAT.apply_fill(a_fill(token=NO))
