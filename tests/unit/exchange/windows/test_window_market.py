"""The market of a window, as the look-ups describe it."""

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.windows.window import WindowSeries
from daemon.sim.exchange.windows.window_market import build_window_market

START = Nanos(1_790_000_100 * NANOS_PER_S)
WINDOW = WindowSeries(asset="btc", minutes=15).window_at(START)
MARKET = build_window_market(WINDOW, "seed")


def test_ids_repeat_with_the_seed_and_are_of_the_venues_form() -> None:
    assert build_window_market(WINDOW, "seed") == MARKET
    other = build_window_market(WINDOW.shifted(1), "seed")
    third = build_window_market(WINDOW, "other seed")
    markets = (MARKET, other, third)
    assert len({token for market in markets for token in market.token_ids}) == 6
    assert len({market.condition_id for market in markets}) == 3
    for market in markets:
        assert len(market.condition_id) == 66
        assert all(token.isdigit() and len(token) <= 78 for token in market.token_ids)
