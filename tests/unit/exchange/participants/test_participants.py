"""Simulated participants: what they want to do in the market they are shown."""

from statistics import mean, median

import pytest

from daemon.domain.order import TimeInForce
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_S, ONE, Nanos, Price, Shares
from daemon.sim.exchange.participants.impatient_taker import ImpatientTaker
from daemon.sim.exchange.participants.intention import (
    DOWN,
    UP,
    CancelIntention,
    Intention,
    MarketView,
    Participant,
    SubmitIntention,
)
from daemon.sim.exchange.participants.quoting_maker import ORDERS_MAX, QuotingMaker
from daemon.sim.exchange.participants.rivals import FlickerRival, PennyRival
from daemon.sim.named_chance import NamedChance

CHANCE = NamedChance("test")
CENT = 10_000
START = Nanos(0)


def a_view(
    now: Nanos = START, *, bid: int | None = 50, ask: int | None = 52, fair: int = 510_000
) -> MarketView:
    """A market in cents; `fair` in millionths."""
    return MarketView(
        now=now,
        best_bid=None if bid is None else Price(bid * CENT),
        best_ask=None if ask is None else Price(ask * CENT),
        fair=Price(fair),
        tick=Price(CENT),
    )


def submits(wanted: tuple[Intention, ...]) -> list[SubmitIntention]:
    return [one for one in wanted if isinstance(one, SubmitIntention)]


def cancels(wanted: tuple[Intention, ...]) -> list[str]:
    return [one.name for one in wanted if isinstance(one, CancelIntention)]


def a_penny(limit: int = 60) -> PennyRival:
    return PennyRival(
        name="penny",
        chance=CHANCE,
        start_at=START,
        outcome=UP,
        limit=Price(limit * CENT),
        shares=Shares(10 * MICRO),
    )


def act(participant: Participant, times: int, view: MarketView) -> list[Intention]:
    return [one for _ in range(times) for one in participant.act(view)]


def test_a_maker_quotes_below_the_worth_of_both_outcomes() -> None:
    maker = QuotingMaker(name="m", chance=CHANCE, start_at=START)
    quotes = submits(tuple(act(maker, 20, a_view(fair=514_000))))
    assert {quote.outcome for quote in quotes} == {UP, DOWN}
    assert all(quote.is_post_only and quote.side is Side.BUY for quote in quotes)
    best = {side: max(one.price for one in quotes if one.outcome == side) for side in (UP, DOWN)}
    assert best == {UP: 51 * CENT, DOWN: 48 * CENT}


def test_a_maker_cancels_at_once_what_has_become_too_dear() -> None:
    maker = QuotingMaker(name="m", chance=CHANCE, start_at=START)
    quotes = submits(maker.act(a_view(fair=510_000)))
    dear = [quote.name for quote in quotes if quote.outcome == UP]
    assert dear
    wanted = maker.act(a_view(fair=1))
    assert cancels(wanted[: len(dear)]) == dear


def test_a_maker_does_not_pay_what_an_outcome_is_worth() -> None:
    maker = QuotingMaker(name="m", chance=CHANCE, start_at=START)
    quotes = submits(maker.act(a_view(fair=510_000)))
    highest = max(quote.price for quote in quotes if quote.outcome == UP)
    at_worth = {quote.name for quote in quotes if (quote.outcome, quote.price) == (UP, highest)}
    wanted = maker.act(a_view(fair=highest))
    assert set(cancels(wanted[: len(at_worth)])) == at_worth


def test_a_maker_holds_no_more_orders_than_its_most() -> None:
    maker = QuotingMaker(name="m", chance=CHANCE, start_at=START)
    wanted = act(maker, 60, a_view())
    live = 0
    for one in wanted:
        live += 1 if isinstance(one, SubmitIntention) else -1
        assert 0 <= live <= ORDERS_MAX
    assert live > ORDERS_MAX // 2


def test_makers_together_move_a_book_at_the_recorded_pace() -> None:
    makers = [
        QuotingMaker(name=f"m{number}", chance=CHANCE, start_at=START, slowness=3)
        for number in range(3)
    ]
    moves, sizes, levels = 0, list[int](), 0
    for maker in makers:
        while maker.next_at < 60 * NANOS_PER_S:
            wanted = maker.act(a_view(maker.next_at))
            sizes += [one.shares // MICRO for one in submits(wanted)]
            levels += len(wanted)
            moves += 1
    assert 8.7 < moves / 60 < 23.5
    assert 95 < levels / 60 < 307
    assert 250 < median(sizes) < 600


def test_a_taker_buys_what_is_offered_for_a_dollar_at_least() -> None:
    taker = ImpatientTaker(name="t", chance=CHANCE, start_at=START)
    orders = submits(tuple(act(taker, 300, a_view(bid=90, ask=92, fair=910_000))))
    assert {order.outcome for order in orders} == {UP, DOWN}
    for order in orders:
        ask = {UP: 92 * CENT, DOWN: 10 * CENT}[order.outcome]
        assert ask <= order.price <= ask + 3 * CENT
        assert order.price * order.shares >= MICRO * MICRO
        assert order.time_in_force is TimeInForce.FAK
        assert order.shares % CENT == 0
    assert 5 * MICRO <= median(order.shares for order in orders) <= 12 * MICRO


def test_takers_trade_at_the_recorded_pace() -> None:
    taker = ImpatientTaker(name="t", chance=CHANCE, start_at=START)
    trades = 0
    while taker.next_at < 300 * NANOS_PER_S:
        trades += len(taker.act(a_view(taker.next_at)))
    assert 2.5 < trades / 300 < 4.5


def test_a_slow_taker_trades_more_rarely_by_its_slowness() -> None:
    turns: list[int] = []
    for slowness in (1, 4):
        taker = ImpatientTaker(name="t", chance=CHANCE, start_at=START, slowness=slowness)
        for _ in range(50):
            taker.act(a_view(taker.next_at))
        turns.append(taker.next_at - START)
    assert turns[1] == 4 * turns[0]


def test_a_taker_prefers_what_is_offered_below_its_worth() -> None:
    taker = ImpatientTaker(name="t", chance=CHANCE, start_at=START)
    orders = submits(tuple(act(taker, 300, a_view(fair=800_000))))
    assert 0.6 < mean(order.outcome == UP for order in orders) < 0.8


def test_a_taker_buys_nothing_where_nothing_is_offered() -> None:
    taker = ImpatientTaker(name="t", chance=CHANCE, start_at=START)
    assert act(taker, 50, a_view(bid=None, ask=None)) == []
    assert all(one.outcome == DOWN for one in submits(tuple(act(taker, 50, a_view(ask=None)))))


def test_a_penny_rival_stands_a_tick_above_the_best_bid() -> None:
    penny = a_penny()
    (first,) = penny.act(a_view(bid=50, ask=58))
    assert isinstance(first, SubmitIntention)
    assert (first.price, first.outcome) == (51 * CENT, UP)
    assert penny.act(a_view(bid=51, ask=58)) == ()
    gone, second = penny.act(a_view(bid=53, ask=58))
    assert gone == CancelIntention(name=first.name)
    assert isinstance(second, SubmitIntention)
    assert second.price == 54 * CENT


def test_a_penny_rival_gives_way_at_its_limit_and_comes_back_from_below() -> None:
    penny = a_penny(limit=52)
    (first,) = penny.act(a_view(bid=51, ask=58))
    assert penny.act(a_view(bid=53, ask=58)) == (CancelIntention(name=first.name),)
    assert penny.act(a_view(bid=53, ask=58)) == ()
    (again,) = penny.act(a_view(bid=40, ask=58))
    assert isinstance(again, SubmitIntention)
    assert again.price == 41 * CENT


def test_a_penny_rival_bids_again_after_a_fill_and_never_crosses() -> None:
    penny = a_penny()
    penny.act(a_view(bid=50, ask=58))
    (again,) = penny.act(a_view(bid=49, ask=58))
    assert isinstance(again, SubmitIntention)
    assert again.price == 50 * CENT
    assert a_penny().act(a_view(bid=50, ask=51)) == ()
    assert a_penny().act(a_view(bid=None)) == ()


def test_a_flicker_shows_a_size_and_takes_it_away() -> None:
    flicker = FlickerRival(name="f", chance=CHANCE, start_at=START)
    for _ in range(10):
        (shown,) = flicker.act(a_view())
        assert isinstance(shown, SubmitIntention)
        assert shown.price == {UP: 50 * CENT, DOWN: 48 * CENT}[shown.outcome]
        assert flicker.act(a_view()) == (CancelIntention(name=shown.name),)
    assert flicker.act(a_view(bid=None, ask=None)) == ()


@pytest.mark.parametrize("edge", [1, ONE - 1])
def test_nobody_leaves_the_grid_at_the_edge_of_prices(edge: int) -> None:
    view = a_view(bid=1, ask=99, fair=edge)
    crowd: list[Participant] = [
        QuotingMaker(name="m", chance=CHANCE, start_at=START),
        ImpatientTaker(name="t", chance=CHANCE, start_at=START),
        FlickerRival(name="f", chance=CHANCE, start_at=START),
        a_penny(),
    ]
    for participant in crowd:
        for order in submits(tuple(act(participant, 40, view))):
            assert view.is_price(order.price)
