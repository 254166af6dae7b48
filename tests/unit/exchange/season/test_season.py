"""Windows roll: one after the other, each decided once by its own prices, and the past is let go."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import MICRO, NANOS_PER_S, Cash, Nanos
from daemon.sim.exchange.season.season_options import CrewOptions
from daemon.sim.exchange.trading.account_ids import Wallet
from daemon.sim.exchange.trading.venue_event import MarketResolved, TradeReported
from daemon.sim.exchange.trading.venue_market import MarketStatus
from daemon.sim.exchange.windows.window import WindowSeries, parse_window
from daemon.sim.exchange.windows.window_resolution import ReferencePrice

START = Nanos(1_790_000_150 * NANOS_PER_S)
BTC5, BTC15 = (WindowSeries(asset="btc", minutes=minutes) for minutes in (5, 15))
CREW = CrewOptions(pennies=1, flickers=1, slowness=40)
CALM = CrewOptions(slowness=300)
HOUR = 3600
Make = Callable[..., Any]


def resolved(play: Any) -> list[MarketResolved]:
    return [event for event in play.events if isinstance(event, MarketResolved)]


def flat(price: int) -> Iterator[ReferencePrice]:
    first = START - 1200 * NANOS_PER_S
    return (ReferencePrice(Nanos(first + n * NANOS_PER_S), price) for n in range(10_000))


def average_before(second: int, prices: list[ReferencePrice]) -> int:
    """The mean of the 60 prices before a second: they come on every one and hold until the next."""
    by_second = {price.at // NANOS_PER_S: price.price for price in prices}
    return sum(by_second[second - back] for back in range(1, 61)) // 60


def test_windows_follow_each_other_without_a_gap(play: Make) -> None:
    season = play(series=(BTC5, BTC15))
    season.advance(HOUR)
    for series, count in ((BTC5, 12 + 4), (BTC15, 4 + 4)):
        windows = [
            window
            for record in season.listed
            if (window := parse_window(record.slug)) and window.series == series
        ]
        assert len(windows) == count
        assert windows[0].start_at <= START < windows[0].end_at
        assert all(later.start_at == sooner.end_at for sooner, later in pairwise(windows))


def test_each_window_is_resolved_once_by_its_own_prices(play: Make) -> None:
    season = play(kept_s=2 * HOUR)
    told = list(season.prices.recent)
    season.prices.listen(told.append)
    season.advance(HOUR + 200)
    ends = resolved(season)
    assert len({end.condition_id for end in ends}) == len(ends) == 12
    outcomes = set[bool]()
    for end in ends:
        record = season.marketplace.records[end.condition_id]
        window = parse_window(record.slug)
        assert window is not None
        start, last = (
            average_before(at // NANOS_PER_S, told) for at in (window.start_at, window.end_at)
        )
        assert season.season.strikes[end.condition_id].price_to_beat == start
        assert season.season.strikes[end.condition_id].final_price == last
        is_up = last >= start
        outcomes.add(is_up)
        assert end.payouts == ((MICRO, 0) if is_up else (0, MICRO))
        assert end.winner == record.token_ids[0 if is_up else 1]
        assert 53 <= (end.at - window.end_at) / NANOS_PER_S <= 152
    assert outcomes == {True, False}


def test_a_tie_is_up(play: Make) -> None:
    season = play(source=flat(85_000 * MICRO))
    season.advance(600)
    assert [end.payouts for end in resolved(season)] == [(MICRO, 0)]


def test_without_a_reference_price_both_outcomes_pay_half(play: Make) -> None:
    season = play(source=iter(()))
    season.advance(600)
    assert [(end.payouts, end.winner) for end in resolved(season)] == [((MICRO // 2,) * 2, None)]
    assert season.prices.next_at is None


def test_a_window_takes_orders_a_minute_after_its_listing_and_until_its_resolution(
    play: Make,
) -> None:
    season = play()
    season.advance(251)  # the next window has started a second ago and brought a new one
    exchange = season.marketplace.exchange
    newest = ConditionId(season.listed[-1].condition_id)
    assert season.listed[-1].listed == "2026-09-21T14:20:00Z"
    assert exchange.market(newest).status is MarketStatus.NOT_READY
    oldest = ConditionId(season.listed[0].condition_id)
    season.advance(50)
    assert exchange.market(newest).status is MarketStatus.NOT_READY
    assert exchange.market(oldest).status is MarketStatus.OPEN
    season.advance(10)
    assert exchange.market(newest).status is MarketStatus.OPEN
    season.advance(95)
    assert exchange.market(oldest).status is MarketStatus.RESOLVED


def test_a_market_that_somebody_else_decided_is_not_decided_again(play: Make) -> None:
    season = play()
    condition = ConditionId(season.listed[0].condition_id)
    marketplace = season.marketplace
    marketplace.publish(marketplace.exchange.resolve(condition, None, marketplace.now))
    season.advance(HOUR // 2)
    mine = [end for end in resolved(season) if end.condition_id == condition]
    assert [end.winner for end in mine] == [None]
    assert condition not in marketplace.records


def test_the_past_is_forgotten_unless_somebody_has_not_redeemed(play: Make) -> None:
    season = play(kept_s=600)
    marketplace, exchange = season.marketplace, season.marketplace.exchange
    wallet, held = Wallet("0xann"), ConditionId(season.listed[0].condition_id)
    marketplace.take(exchange.fund(wallet, Cash(50 * MICRO), marketplace.now))
    marketplace.take(exchange.split(wallet, held, Cash(20 * MICRO), marketplace.now))
    season.advance(2 * HOUR)
    assert held in marketplace.records
    assert len(marketplace.records) <= 1 + 4 + 3
    assert season.season.strikes.keys() <= marketplace.records.keys()
    marketplace.take(exchange.redeem(wallet, held, marketplace.now))
    season.advance(700)
    assert held not in marketplace.records
    assert exchange.market(held) is None
    assert marketplace.record_of(TokenId(season.listed[0].token_ids[0])) is None
    exchange.audit()
    assert exchange.holding(wallet, "cash").balance == 50 * MICRO
    assert set(season.books.by_token) == {
        token for record in marketplace.records.values() for token in record.token_ids
    }
    assert len(season.listed) - len(season.dropped) == len(marketplace.records)


def test_participants_trade_every_window_and_nothing_is_lost_or_made(play: Make) -> None:
    season = play(crew=CALM, kept_s=300)
    season.advance(600)
    season.marketplace.exchange.audit()
    traded = {
        event.trade.condition_id for event in season.events if isinstance(event, TradeReported)
    }
    ended = {end.condition_id for end in resolved(season)}
    assert len(ended) == 1
    assert ended <= traded


def test_the_same_seed_gives_the_same_events_in_steps_of_any_size(play: Make) -> None:
    whole, steps, other = play(crew=CREW), play(crew=CREW), play(crew=CREW, seed="2")
    whole.advance(60)
    other.advance(60)
    for _ in range(120):
        steps.advance(0.5)
    assert len(whole.events) > 1_000
    assert steps.events == whole.events
    assert other.events != whole.events


def test_what_is_remembered_does_not_grow_with_time(play: Make) -> None:
    season = play(crew=CALM, kept_s=60)
    sizes = list[int]()
    for _ in range(3):
        season.advance(250)
        exchange = season.marketplace.exchange
        orders, trades = exchange._register._orders, exchange._settlement._trades
        sizes.append(len(orders) + len(trades) + len(exchange._ledger._holdings))
        assert len(season.prices.recent) < 2_000
    assert max(sizes) < 2 * min(sizes)
