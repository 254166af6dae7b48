"""Feed and look-ups against the product's own exchange: by base addresses alone."""

import asyncio

import pytest

from daemon.adapters.polymarket.lookups import PolymarketLookup
from daemon.adapters.polymarket.market_feed import MarketFeed
from daemon.domain.facts import BookDistrusted
from daemon.domain.feed import BookChange, BookSnapshot, LostReason, MarketEvent, TradePrint
from daemon.domain.ids import TokenId
from daemon.domain.market import Market
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.engine.tick_processor import TickProcessor
from daemon.errors import EndOfFeed
from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from daemon.sim.clock import SteppedClock
from tests.integration.polymarket.loopback_venue import Collected

PLAYED_WITHIN_S = 20.0


async def resolved(box: ExchangeBox) -> tuple[Market, ...]:
    """Look every market up by slug, condition and both tokens; all must say the same."""
    ready = box.ready
    async with PolymarketLookup(
        gamma_base=ready.gamma, clob_base=ready.clob, clock=SteppedClock(ready.origin_at)
    ) as lookup:
        markets: list[Market] = []
        for known in ready.markets:
            references = (known.slug, known.condition_id, *known.token_ids)
            found = [await lookup.resolve(reference) for reference in references]
            assert found == [found[0]] * 4
            assert found[0].tokens == known.token_ids
            snapshot = await lookup.book(TokenId(known.token_ids[0]))
            assert snapshot.token == known.token_ids[0]
            markets.append(found[0])
    return tuple(markets)


@pytest.mark.parametrize("tape", ["nhl", "btc5m"])
async def test_a_tape_is_played_to_its_end_without_a_book_that_is_not_believed(tape: str) -> None:
    sink = Collected()
    async with ExchangeBox(BoxOptions(tape=tape, speed=0, minutes=2)) as box:
        markets = await resolved(box)
        feed = MarketFeed(
            url=box.ready.market_ws,
            tokens=tuple(token for market in markets for token in market.tokens),
            sink=sink,
            clock=SteppedClock(box.ready.origin_at),  # the tape's time: by ours its news is old
        )
        with pytest.raises(EndOfFeed):
            async with asyncio.timeout(PLAYED_WITHIN_S):
                await feed.run()
    assert [loss.reason for loss in sink.losses] == [LostReason.ENDED]
    assert (feed.stats.frames_garbled, feed.stats.events_unknown) == (0, 0)
    assert feed.stats.frames_received > 500
    ticks = TickProcessor(markets, Nanos(10 * NANOS_PER_S))
    for event in sink.events:
        apply(event, ticks)
    assert not [fact for fact in ticks.facts if isinstance(fact, BookDistrusted)]
    assert ticks.unknown_tokens == 0
    assert any(tracked.is_good for tracked in ticks.books.values())


def apply(event: MarketEvent, ticks: TickProcessor) -> None:
    if isinstance(event, BookChange):
        ticks.apply_change(event)
    elif isinstance(event, BookSnapshot):
        ticks.apply_snapshot(event)
    elif isinstance(event, TradePrint):
        ticks.apply_trade(event)
