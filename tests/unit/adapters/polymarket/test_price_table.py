"""The table says of every price text what the exact parser says."""

import pytest

from daemon.adapters.polymarket.exact_number import (
    parse_level_price,
    parse_price,
    parse_stated_ask,
    parse_stated_bid,
    parse_tick,
)
from daemon.adapters.polymarket.price_table import (
    LAST_TRADES,
    PRICES,
    STATED_ASKS,
    STATED_BIDS,
    TICK_TEXTS,
)
from daemon.domain.market import TICKS
from daemon.domain.units import ONE, format_micros


def test_every_price_text_means_what_it_says() -> None:
    assert {text: parse_level_price(text) for text in PRICES} == PRICES


def test_every_price_of_the_finest_grid_is_there_in_the_spellings_of_the_wire() -> None:
    for price in range(100, ONE, 100):
        for decimals in (0, 2, 3):
            assert PRICES[format_micros(price, decimals)] == price


def test_nobody_can_rest_at_nothing_or_at_a_whole_dollar() -> None:
    for text in ("0", "0.0", "0.00", "1", "1.0", "1.00"):
        assert text not in PRICES
        with pytest.raises(ValueError, match="no price anybody can trade at"):
            parse_level_price(text)


def test_stated_prices_mean_what_the_exact_parser_says() -> None:
    assert {text: parse_stated_bid(text) for text in STATED_BIDS} == STATED_BIDS
    assert {text: parse_stated_ask(text) for text in STATED_ASKS} == STATED_ASKS


def test_a_last_trade_is_a_price_or_none() -> None:
    known = {text: price for text, price in LAST_TRADES.items() if price is not None}
    assert {text: parse_price(text) for text in known if text is not None} == known
    assert known.items() >= PRICES.items()
    assert {text for text, price in LAST_TRADES.items() if price is None} == {"", None}


def test_all_ticks_of_the_venue_are_known_and_no_others() -> None:
    assert set(TICK_TEXTS.values()) == {*TICKS, None}
    assert all(parse_tick(text) == tick for text, tick in TICK_TEXTS.items() if text is not None)
