"""A quiet market: a price that wanders, a maker that moves one quote at a time, a slow taker."""

from daemon.domain.units import MICRO, NANOS_PER_S, Nanos, Price
from daemon.sim.exchange.participants.impatient_taker import ImpatientTaker
from daemon.sim.exchange.participants.intention import (
    CancelIntention,
    MarketView,
    SubmitIntention,
)
from daemon.sim.exchange.participants.ladder_maker import LadderMaker
from daemon.sim.exchange.participants.wandering_price import HIGHEST, LOWEST, WanderingPrice
from daemon.sim.named_chance import NamedChance

CHANCE = NamedChance("quiet")
CENT = Price(10_000)
START = Nanos(1_000 * NANOS_PER_S)


def a_view(now: int, fair: int = MICRO // 2) -> MarketView:
    return MarketView(
        now=Nanos(now),
        best_bid=Price(400_000),
        best_ask=Price(600_000),
        fair=Price(fair),
        tick=CENT,
    )


def a_maker() -> LadderMaker:
    return LadderMaker(name="m", chance=CHANCE, start_at=START, rungs=3, gap_ms=(100, 200))


def test_a_price_wanders_on_its_grid_between_its_bounds_and_says_the_same_again() -> None:
    worth = WanderingPrice(name="w", chance=CHANCE, start_at=START, first=Price(200_000), step=CENT)
    path = [worth.at(Nanos(START + second * NANOS_PER_S)) for second in range(2_000)]
    assert path[0] == 200_000
    assert all(LOWEST <= price <= HIGHEST and price % CENT == 0 for price in path)
    assert len(set(path)) > 20
    assert worth.at(Nanos(START + 7 * NANOS_PER_S)) == path[7]
    assert worth.at(Nanos(0)) == path[0]


def test_a_ladder_is_put_up_at_once_and_moved_a_quote_at_a_time() -> None:
    maker = a_maker()
    first = maker.act(a_view(START))
    assert len(first) == 6
    assert all(isinstance(wish, SubmitIntention) and wish.price < MICRO // 2 for wish in first)
    assert 100_000_000 <= maker.next_at - START <= 200_000_000
    moved = maker.act(a_view(maker.next_at))
    assert [type(wish) for wish in moved] == [CancelIntention, SubmitIntention]


def test_what_has_become_too_dear_goes_at_once() -> None:
    maker = a_maker()
    maker.act(a_view(START))
    gone = [w for w in maker.act(a_view(START + 1, 200_000)) if isinstance(w, CancelIntention)]
    assert len(gone) >= 3, "every bid on the outcome that fell"


def test_a_slow_taker_waits_that_many_times_longer() -> None:
    gaps: list[int] = []
    for slowness in (1, 4):
        taker = ImpatientTaker(name="t", chance=CHANCE, start_at=START, slowness=slowness)
        taker.act(a_view(START))
        gaps.append(taker.next_at - START)
    assert gaps[1] == 4 * gaps[0]
