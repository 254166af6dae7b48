"""The exchange with its life: participants act when their time has come, watchers see all in order."""

from random import Random

import pytest

from daemon.domain.ids import ConditionId
from daemon.domain.units import MICRO, NANOS_PER_S, Nanos, Price
from daemon.sim.exchange.marketplace.bystander import Bystander
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.participants.impatient_taker import ImpatientTaker
from daemon.sim.exchange.participants.quoting_maker import QuotingMaker
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.exchange.trading.venue_event import MarketResolved, TradeReported, VenueEvent
from daemon.sim.exchange.windows.window import WindowSeries
from daemon.sim.exchange.windows.window_market import build_window_market
from daemon.sim.named_chance import NamedChance

START = Nanos(1_790_000_100 * NANOS_PER_S)
RECORD = build_window_market(WindowSeries(asset="btc", minutes=5).window_at(START), "1")
CONDITION = ConditionId(RECORD.condition_id)


def busy_marketplace(seed: int = 1) -> tuple[Marketplace, list[VenueEvent]]:
    marketplace = Marketplace(Exchange(ExchangeOptions(), Random(seed), START), START)
    marketplace.list_market(RECORD)
    seen: list[VenueEvent] = []
    marketplace.watch(seen.extend)
    chance = NamedChance(str(seed))
    for participant, name in (
        (QuotingMaker(name="maker", chance=chance, start_at=START), "maker"),
        (ImpatientTaker(name="taker", chance=chance, start_at=START), "taker"),
    ):
        marketplace.enter(
            Bystander(
                name=name,
                participant=participant,
                condition_id=CONDITION,
                fair=lambda _now: Price(MICRO // 2),
            )
        )
    return marketplace, seen


def test_participants_trade_with_each_other_and_nothing_is_lost_or_made() -> None:
    marketplace, seen = busy_marketplace()
    marketplace.advance(Nanos(START + 10 * NANOS_PER_S))
    assert sum(isinstance(event, TradeReported) for event in seen) > 20
    assert [event.at for event in seen] == sorted(event.at for event in seen)
    marketplace.exchange.audit()


def test_time_that_comes_in_small_steps_brings_the_same_events() -> None:
    whole, seen_whole = busy_marketplace()
    whole.advance(Nanos(START + 3 * NANOS_PER_S))
    steps, seen_steps = busy_marketplace()
    while (due := steps.next_due()) is not None and due <= START + 3 * NANOS_PER_S:
        steps.advance(due)
    assert seen_steps == seen_whole


def test_time_that_comes_in_pieces_brings_the_same_events() -> None:
    ends_at = Nanos(START + 3 * NANOS_PER_S)
    whole, seen_whole = busy_marketplace()
    assert whole.advance(ends_at)
    pieces, seen_pieces = busy_marketplace()
    while not pieces.advance(ends_at, instants_max=7):
        assert pieces.now < ends_at
    assert pieces.now == ends_at
    assert seen_pieces == seen_whole


def test_a_participant_leaves_with_the_resolution_of_its_market() -> None:
    marketplace, seen = busy_marketplace()
    marketplace.advance(Nanos(START + NANOS_PER_S))
    marketplace.publish(marketplace.exchange.resolve(CONDITION, None, marketplace.now))
    marketplace.advance(Nanos(START + 60 * NANOS_PER_S))
    assert any(isinstance(event, MarketResolved) for event in seen)
    assert marketplace.next_due() is None


def test_a_market_is_found_by_its_tokens_and_listed_once() -> None:
    marketplace, _ = busy_marketplace()
    assert [marketplace.record_of(token) for token in RECORD.token_ids] == [RECORD, RECORD]  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="listed already"):
        marketplace.list_market(RECORD)
