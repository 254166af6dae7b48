"""Whatever market they see: participants submit what the venue accepts and repeat themselves."""

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.units import MICRO, ONE, Nanos, Price, Shares
from daemon.sim.exchange.participants.impatient_taker import ImpatientTaker
from daemon.sim.exchange.participants.intention import (
    DOWN,
    CancelIntention,
    Intention,
    MarketView,
    Participant,
    SubmitIntention,
)
from daemon.sim.exchange.participants.quoting_maker import QuotingMaker
from daemon.sim.exchange.participants.rivals import FlickerRival, PennyRival
from daemon.sim.named_chance import NamedChance

CENT = 10_000
BIDS = st.none() | st.integers(1, 98)
SPREADS = st.integers(1, 30)
MARKETS = st.lists(
    st.tuples(BIDS, SPREADS, st.integers(1, ONE - 1), st.sampled_from([CENT, 1_000])),
    min_size=1,
    max_size=25,
)


def crowd(seed: str) -> list[Participant]:
    chance, start_at = NamedChance(seed), Nanos(0)
    return [
        QuotingMaker(name="maker", chance=chance, start_at=start_at),
        ImpatientTaker(name="taker", chance=chance, start_at=start_at),
        FlickerRival(name="flicker", chance=chance, start_at=start_at),
        PennyRival(
            name="penny",
            chance=chance,
            start_at=start_at,
            outcome=DOWN,
            limit=Price(70 * CENT),
            shares=Shares(7 * MICRO),
        ),
    ]


def views(markets: list[tuple[int | None, int, int, int]]) -> list[MarketView]:
    return [
        MarketView(
            now=Nanos(0),
            best_bid=None if bid is None else Price(bid * CENT),
            best_ask=Price(ask * CENT) if (ask := (bid or 0) + spread) < 100 else None,
            fair=Price(fair),
            tick=Price(tick),
        )
        for bid, spread, fair, tick in markets
    ]


def play(participant: Participant, shown: list[MarketView]) -> list[tuple[Intention, ...]]:
    return [participant.act(view) for view in shown]


@given(seed=st.integers(0, 50).map(str), markets=MARKETS)
def test_orders_are_on_the_grid_and_large_enough_and_time_goes_on(
    seed: str, markets: list[tuple[int | None, int, int, int]]
) -> None:
    shown = views(markets)
    for participant in crowd(seed):
        names: set[str] = set()
        for view in shown:
            wanted = participant.act(view)
            assert participant.next_at > view.now
            for one in wanted:
                if isinstance(one, CancelIntention):
                    names.remove(one.name)
                    continue
                assert isinstance(one, SubmitIntention)
                assert view.is_price(one.price)
                assert one.shares > 0
                assert one.shares % CENT == 0
                assert not one.is_post_only or one.shares >= 5 * MICRO
                names.add(one.name)


@given(seed=st.integers(0, 50).map(str), markets=MARKETS)
def test_the_same_seed_and_market_give_the_same_intentions(
    seed: str, markets: list[tuple[int | None, int, int, int]]
) -> None:
    shown = views(markets)
    for one, two in zip(crowd(seed), crowd(seed), strict=True):
        assert play(one, shown) == play(two, shown)
