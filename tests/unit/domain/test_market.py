import pytest

from daemon.domain.ids import TokenId
from daemon.domain.market import TICKS, mark_price
from daemon.domain.side import Side
from daemon.domain.units import Price, format_micros
from tests.builders import NO, YES, a_market, price, seconds


@pytest.mark.parametrize("tick", [format_micros(tick) for tick in TICKS])
def test_grid_reaches_from_one_tick_to_one_dollar_less_a_tick(tick: str) -> None:
    market = a_market(tick=tick)
    assert market.on_grid(market.price_min)
    assert market.on_grid(market.price_max)
    assert not market.on_grid(Price(0))
    assert not market.on_grid(price("1"))
    assert not market.on_grid(Price(market.price_min + 1))
    assert market.price_min + market.price_max == price("1")


@pytest.mark.parametrize(
    "side, wanted, snapped",
    [
        (Side.BUY, "0.42", "0.42"),
        (Side.SELL, "0.42", "0.42"),
        (Side.BUY, "0.425", "0.42"),
        (Side.SELL, "0.425", "0.43"),
        (Side.BUY, "0.999", "0.99"),
        (Side.SELL, "0.001", "0.01"),
    ],
)
def test_snapped_price_is_on_the_grid_and_no_worse(side: Side, wanted: str, snapped: str) -> None:
    assert a_market(tick="0.01").snap(price(wanted), side) == price(snapped)


@pytest.mark.parametrize(
    "side, wanted, end", [(Side.BUY, "0.004", "0.01"), (Side.SELL, "0.999", "0.99")]
)
def test_price_beyond_the_grid_becomes_its_end(side: Side, wanted: str, end: str) -> None:
    assert a_market(tick="0.01").snap(price(wanted), side) == price(end)


def test_each_token_knows_its_outcome_and_its_sibling() -> None:
    market = a_market()
    assert [market.outcome(token) for token in (YES, NO)] == ["Yes", "No"]
    assert [market.index(token) for token in (YES, NO)] == [0, 1]
    assert (market.sibling(YES), market.sibling(NO)) == (NO, YES)
    with pytest.raises(ValueError):
        market.index(TokenId("another"))


def test_market_is_over_when_it_says_so_or_its_time_has_come() -> None:
    assert not a_market().is_over(seconds(10**9))
    assert a_market(is_accepting=False).is_over(seconds(0))
    market = a_market(ends_at=seconds(300))
    assert not market.is_over(seconds(299))
    assert market.is_over(seconds(300))


def test_unknown_tick_is_refused() -> None:
    with pytest.raises(ValueError, match="tick 30000 is none of"):
        a_market(tick="0.03")


@pytest.mark.parametrize("size, tokens", [("0", (YES, NO)), ("-5", (YES, NO)), ("5", (YES, YES))])
def test_market_needs_a_minimum_and_two_tokens(size: str, tokens: tuple[TokenId, TokenId]) -> None:
    with pytest.raises(ValueError, match="two different tokens and a minimum"):
        a_market(shares_min=size, tokens=tokens)


def test_mark_is_the_best_bid_else_the_last_trade() -> None:
    assert mark_price(price("0.4"), price("0.6")) == price("0.4")
    assert mark_price(None, price("0.6")) == price("0.6")
    assert mark_price(None, None) is None
