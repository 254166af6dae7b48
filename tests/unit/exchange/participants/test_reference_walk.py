"""The wandering reference price, the worth of a window, and draws from quantiles."""

from itertools import islice, pairwise
from statistics import median, pstdev

import pytest

from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.sim.exchange.participants.quantiles import Quantiles
from daemon.sim.exchange.participants.reference_walk import fair_price, walk
from daemon.sim.named_chance import NamedChance

DOLLARS = 85_000 * MICRO
MINUTE = Nanos(60 * NANOS_PER_S)


def test_prices_come_every_second_and_repeat_with_the_seed() -> None:
    one, two = (
        list(islice(walk(NamedChance("a"), start_at=Nanos(5), price=DOLLARS), 50)) for _ in range(2)
    )
    assert one == two
    assert one[0].price == DOLLARS
    assert {later.at - sooner.at for sooner, later in pairwise(one)} == {NANOS_PER_S}
    assert one != list(islice(walk(NamedChance("b"), start_at=Nanos(5), price=DOLLARS), 50))


def test_steps_are_as_large_as_recorded_ones_with_a_jump_now_and_then() -> None:
    prices = list(islice(walk(NamedChance("a"), start_at=Nanos(0), price=DOLLARS), 4_000))
    steps = [abs(later.price - sooner.price) / MICRO for sooner, later in pairwise(prices)]
    assert 5 < median(steps) < 8
    assert max(steps) > 5 * pstdev(sorted(steps)[:-20])


def test_a_window_is_worth_half_at_its_strike_and_all_far_beyond_it() -> None:
    assert fair_price(price=DOLLARS, to_beat=DOLLARS, left=MINUTE) == MICRO // 2
    above = fair_price(price=DOLLARS + 100 * MICRO, to_beat=DOLLARS, left=MINUTE)
    early = fair_price(price=DOLLARS + 100 * MICRO, to_beat=DOLLARS, left=Nanos(10 * MINUTE))
    assert MICRO // 2 < early < above < MICRO
    assert fair_price(price=2 * DOLLARS, to_beat=DOLLARS, left=Nanos(0)) == MICRO - 1
    assert fair_price(price=DOLLARS, to_beat=2 * DOLLARS, left=Nanos(0)) == 1


def test_quantiles_are_met_and_bounds_kept() -> None:
    quantiles = Quantiles(((0, 10), (500, 20), (900, 100), (1_000, 1_000)))
    drawn = sorted(quantiles.draw(NamedChance("q"), number) for number in range(4_000))
    assert drawn[0] >= 10
    assert drawn[-1] < 1_000
    assert drawn[2_000] in (19, 20, 21)
    assert 90 < drawn[3_600] < 115


@pytest.mark.parametrize(
    "points",
    [(), ((0, 1),), ((1, 1), (1_000, 2)), ((0, 2), (1_000, 1)), ((0, 1), (0, 2), (1_000, 3))],
)
def test_points_that_are_no_quantiles_are_a_broken_promise(
    points: tuple[tuple[int, int], ...],
) -> None:
    with pytest.raises(AssertionError):
        Quantiles(points)
