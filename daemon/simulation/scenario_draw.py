"""Draws a whole scenario from its seed; a subject more shifts no other subject."""

from typing import Final, cast

from daemon.domain.market import TICKS
from daemon.domain.units import (
    MICRO,
    NANOS_PER_MS,
    NANOS_PER_S,
    Cash,
    Nanos,
    Price,
    Shares,
)
from daemon.sim.chance import Chance
from daemon.simulation.market_draw import draw_markets
from daemon.simulation.scenario import (
    Latencies,
    PlannedMarket,
    Scenario,
    StrangerOrder,
    TickChange,
)
from daemon.simulation.settings_draw import draw_settings
from daemon.simulation.trouble_draw import (
    FIRST_NS,
    draw_clock_steps,
    draw_crashes,
    draw_fault_rules,
    draw_outages,
    draw_phases,
    draw_settlement,
    draw_wishes,
)

CALM_S: Final = 50
"""The last stretch, in which nothing goes wrong."""
MINUTES_MIN: Final = 1

_REQUESTS_MS: Final = ((2, 20), (20, 120), (50, 300))
_MESSAGES_MS: Final = ((1, 10), (10, 80), (50, 400))
_COMMITS_US: Final = ((100, 1_000), (100, 3_000), (1_000, 60_000), (1_000, 150_000))


def draw_scenario(seed: int, *, minutes: int) -> Scenario:
    """Return the scenario of a seed; the first minutes of a longer one are not those of a shorter."""
    assert minutes >= MINUTES_MIN
    chance = Chance(seed)
    span_ns = minutes * 60 * NANOS_PER_S
    calm_ns = span_ns - CALM_S * NANOS_PER_S
    markets = draw_markets(chance)
    settings = draw_settings(chance, markets)
    wishes = draw_wishes(chance, calm_ns)
    drawn = chance.stream("world")
    return Scenario(
        seed=chance.seed,
        span_ns=span_ns,
        calm_from_ns=calm_ns,
        ends_killed=drawn.happens(500_000),
        markets=markets,
        settings=settings,
        cash=Cash(cast("int", settings["paper.cash"]) * MICRO),
        balance_lag=Nanos(drawn.pick((0, 0, 200, 2_000)) * NANOS_PER_MS),
        drift_ppm=drawn.pick((0, 0, 0, -200, 50, 500)),
        latencies=_draw_latencies(chance),
        settlement=draw_settlement(chance),
        rules=draw_fault_rules(chance, grace_ms=cast("int", settings["runtime.unknown_grace_ms"])),
        phases=draw_phases(chance, calm_ns),
        crashes=draw_crashes(chance, wishes, calm_ns),
        wishes=wishes,
        clock_steps=draw_clock_steps(chance, calm_ns),
        outages=draw_outages(chance, calm_ns),
        tick_changes=_draw_tick_changes(chance, markets, calm_ns),
        strangers=_draw_strangers(chance, markets, calm_ns),
    )


def _draw_strangers(
    chance: Chance, markets: tuple[PlannedMarket, ...], calm_ns: int
) -> tuple[StrangerOrder, ...]:
    """Return one to three bids by hand, in a sixth of the seeds."""
    drawn = chance.stream("strangers")
    if not drawn.happens(166_000):
        return ()
    return tuple(
        StrangerOrder(
            at_ns=drawn.between(FIRST_NS, calm_ns),
            market=drawn.below(len(markets)),
            outcome=drawn.below(2),
            price=Price(drawn.between(2, 7) * 100_000),
            shares=Shares(drawn.between(5, 10) * MICRO),
        )
        for _ in range(drawn.between(1, 3))
    )


def _draw_latencies(chance: Chance) -> Latencies:
    drawn = chance.stream("latencies")

    def ns(range_: tuple[int, int], unit: int) -> tuple[int, int]:
        return range_[0] * unit, range_[1] * unit

    return Latencies(
        request=ns(drawn.pick(_REQUESTS_MS), NANOS_PER_MS),
        message=ns(drawn.pick(_MESSAGES_MS), NANOS_PER_MS),
        connect=ns((20, 400), NANOS_PER_MS),
        commit=ns(drawn.pick(_COMMITS_US), NANOS_PER_MS // 1_000),
    )


def _draw_tick_changes(
    chance: Chance, markets: tuple[PlannedMarket, ...], calm_ns: int
) -> tuple[TickChange, ...]:
    """Return one change to a finer grid, in a tenth of the seeds."""
    drawn = chance.stream("ticks")
    number = drawn.below(len(markets))
    finer = [
        tick
        for tick in TICKS
        if tick < markets[number].market.tick and markets[number].market.tick % tick == 0
    ]
    if not finer or not drawn.happens(100_000):
        return ()
    at_ns = drawn.between(FIRST_NS, calm_ns)
    return (TickChange(at_ns=at_ns, market=number, tick=finer[0]),)
