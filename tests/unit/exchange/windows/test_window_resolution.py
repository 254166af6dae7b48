"""How windows end: who wins, what a tie is, when it is known."""

from statistics import median

import pytest

from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.sim.exchange.windows.window import Window, WindowSeries
from daemon.sim.exchange.windows.window_resolution import (
    ReferencePrice,
    Resolution,
    WindowOutcome,
    price_to_beat,
    resolution_lag,
    resolve,
)
from daemon.sim.named_chance import NamedChance

SERIES = WindowSeries(asset="btc", minutes=15)
WINDOW = SERIES.window_at(Nanos(1_790_000_100 * NANOS_PER_S))
OLD_WINDOW = SERIES.window_at(Nanos(1_776_082_500 * NANOS_PER_S))
CHANCE = NamedChance("test")
DOLLAR = MICRO


def moved(window: Window, *points: tuple[int, int]) -> list[ReferencePrice]:
    """Prices in dollars at seconds from the start of the window."""
    return [
        ReferencePrice(Nanos(window.start_at + seconds * NANOS_PER_S), dollars * DOLLAR)
        for seconds, dollars in points
    ]


def outcome(window: Window, *points: tuple[int, int]) -> WindowOutcome:
    return resolve(window, moved(window, *points), CHANCE).outcome


def test_up_wins_when_the_end_is_above_the_start_and_down_when_it_is_below() -> None:
    assert outcome(WINDOW, (-60, 100), (400, 101)) is WindowOutcome.UP
    assert outcome(WINDOW, (-60, 100), (400, 99)) is WindowOutcome.DOWN


def test_a_tie_is_up() -> None:
    assert outcome(WINDOW, (-60, 100), (400, 120), (600, 100)) is WindowOutcome.UP
    assert outcome(OLD_WINDOW, (0, 100)) is WindowOutcome.UP


def test_the_last_minute_is_averaged_not_its_last_price() -> None:
    # At the end the price stands above the start, but most of the last minute was below it.
    points = ((-60, 100), (300, 90), (895, 105))
    assert outcome(WINDOW, *points) is WindowOutcome.DOWN
    assert outcome(OLD_WINDOW, *points) is WindowOutcome.UP


def test_the_price_to_beat_is_the_average_of_the_minute_before_the_start() -> None:
    prices = moved(WINDOW, (-90, 100), (-30, 110), (0, 500))
    assert price_to_beat(WINDOW, prices) == 105 * DOLLAR
    assert price_to_beat(OLD_WINDOW, moved(OLD_WINDOW, (-90, 100), (0, 500))) == 500 * DOLLAR
    resolution = resolve(WINDOW, prices, CHANCE)
    assert resolution.price_to_beat == 105 * DOLLAR
    assert resolution.final_price == 500 * DOLLAR


def test_prices_after_the_end_do_not_count() -> None:
    assert outcome(WINDOW, (-60, 100), (839, 99), (900, 1_000)) is WindowOutcome.DOWN


def test_averages_are_compared_exactly_and_only_shown_rounded() -> None:
    prices = [
        ReferencePrice(Nanos(WINDOW.start_at - 60 * NANOS_PER_S), 100),
        ReferencePrice(Nanos(WINDOW.start_at - 1), 101),
        ReferencePrice(WINDOW.start_at, 100),
    ]
    resolution = resolve(WINDOW, prices, CHANCE)
    assert resolution.outcome is WindowOutcome.DOWN
    assert resolution.price_to_beat == resolution.final_price == 100


def test_a_market_may_state_its_own_time_to_average_over() -> None:
    prices = moved(WINDOW, (-90, 100), (860, 90), (880, 101))
    assert resolve(WINDOW, prices, CHANCE).outcome is WindowOutcome.DOWN
    over = Nanos(20 * NANOS_PER_S)
    assert resolve(WINDOW, prices, CHANCE, over=over).outcome is WindowOutcome.UP


@pytest.mark.parametrize("points", [(), ((-59, 100),), ((10, 100),)])
def test_without_a_price_at_the_start_both_outcomes_pay_half(
    points: tuple[tuple[int, int], ...],
) -> None:
    resolution = resolve(WINDOW, moved(WINDOW, *points), CHANCE)
    assert resolution.outcome is WindowOutcome.UNKNOWN
    assert resolution.payouts == (500_000, 500_000)
    assert resolution.price_to_beat is None


def test_a_winning_share_pays_one_dollar() -> None:
    up: Resolution = resolve(WINDOW, moved(WINDOW, (-60, 100)), CHANCE)
    assert up.payouts == (MICRO, 0)
    down = resolve(WINDOW, moved(WINDOW, (-60, 100), (700, 1)), CHANCE)
    assert down.payouts == (0, MICRO)


def test_resolution_comes_as_late_as_observed() -> None:
    lags = [resolution_lag(CHANCE, f"slug-{n}") / NANOS_PER_S for n in range(2_000)]
    assert min(lags) >= 53
    assert max(lags) <= 152
    assert max(lags) > 140
    assert abs(median(lags) - 55) < 0.2
    resolution = resolve(WINDOW, moved(WINDOW, (-60, 100)), CHANCE)
    assert resolution.resolved_at == WINDOW.end_at + resolution_lag(CHANCE, WINDOW.slug)
