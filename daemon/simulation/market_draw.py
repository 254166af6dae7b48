"""Draws the markets of a seed: grids, fees, delays, and who else trades there."""

from typing import Final

from daemon.domain.fee import FeeSchedule
from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.market import Market
from daemon.domain.units import MICRO, NANOS_PER_MS, Nanos, Price, Shares
from daemon.sim.chance import Chance, Stream
from daemon.sim.exchange.trading.listing import Listing
from daemon.simulation.scenario import PlannedMarket

MARKETS_MAX: Final = 4
TICKS: Final = (10_000, 10_000, 10_000, 1_000, 1_000, 5_000, 2_500, 100_000, 100)
FEES: Final = (0, 0, 20_000, 70_000)
DELAYS_MS: Final = (0, 0, 0, 150, 250, 1_000, 3_000)
SHARES_MIN: Final = Shares(5 * MICRO)
SPENDERS: Final = ("exchange", "neg-risk exchange")


def draw_markets(chance: Chance) -> tuple[PlannedMarket, ...]:
    """Return one to MARKETS_MAX markets."""
    count = chance.stream("markets").pick((1, 1, 2, 2, 3, MARKETS_MAX))
    return tuple(_draw_market(chance.stream(f"market {n}"), n) for n in range(count))


def _draw_market(chance: Stream, number: int) -> PlannedMarket:
    tick, fee = Price(chance.pick(TICKS)), chance.pick(FEES)
    delay_ms, is_silent = chance.pick(DELAYS_MS), chance.happens(500_000)
    is_neg_risk = chance.happens(250_000)
    quickest = chance.pick((250, 500, 1_000))
    return plan_market(
        number,
        tick=tick,
        fee_rate=fee,
        delay=Nanos(delay_ms * NANOS_PER_MS),
        is_delay_silent=is_silent,
        is_neg_risk=is_neg_risk,
        first_price=Price(chance.between(3, 7) * 100_000),
        rungs=chance.between(2, 5),
        maker_gap_ms=(quickest, 3 * quickest),
        taker_slowness=chance.pick((None, 1, 2, 3, 5, 10)),
        has_penny=chance.happens(400_000),
        has_flicker=chance.happens(250_000),
    )


def plan_market(
    number: int,
    *,
    maker_gap_ms: tuple[int, int],
    tick: Price = Price(10_000),
    fee_rate: int = 0,
    delay: Nanos = Nanos(0),
    is_delay_silent: bool = False,
    is_neg_risk: bool = False,
    first_price: Price = Price(500_000),
    rungs: int = 4,
    taker_slowness: int | None = None,
    has_penny: bool = False,
    has_flicker: bool = False,
) -> PlannedMarket:
    """Return a market by its number, as the daemon is told of it and as the exchange lists it."""
    tokens = (TokenId(f"{number}1"), TokenId(f"{number}2"))
    condition_id, outcomes = ConditionId(f"0x{number:064x}"), ("Yes", "No")
    market = Market(
        condition_id=condition_id,
        slug=f"market-{number}",
        question=f"Will {number} happen?",
        tokens=tokens,
        outcomes=outcomes,
        tick=tick,
        shares_min=SHARES_MIN,
        fee=FeeSchedule(rate=fee_rate),
        is_neg_risk=is_neg_risk,
    )
    listing = Listing(
        condition_id=condition_id,
        tokens=tokens,
        outcomes=outcomes,
        tick=tick,
        shares_min=SHARES_MIN,
        spender=SPENDERS[is_neg_risk],
        fee_rate=fee_rate,
        delay=delay,
        is_delay_silent=is_delay_silent,
    )
    return PlannedMarket(
        market=market,
        listing=listing,
        first_price=first_price,
        rungs=rungs,
        maker_gap_ms=maker_gap_ms,
        taker_slowness=taker_slowness,
        has_penny=has_penny,
        has_flicker=has_flicker,
    )
