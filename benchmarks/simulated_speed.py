"""How long a second of a simulated daemon takes: five markets, two book events a second in each.

The whole shell runs in virtual time against the exchange core in process, without faults, once with
nobody who judges it and once with the auditor; then its engine takes the same steps again, alone.
CPU time of the thread, so that other work on the machine does not count.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from benchmarks.effort import Effort
from benchmarks.figure import Figure, bounded, reported
from daemon.app.engine_plan import EnginePlan
from daemon.domain.ids import RunId
from daemon.domain.market import Market
from daemon.domain.units import MICRO, NANOS_PER_MS, NANOS_PER_S, Cash, Nanos
from daemon.engine.engine import Engine
from daemon.engine.inputs import Event
from daemon.engine.outcome import Outcome
from daemon.sim.exchange.trading.settlement import SettlementOptions
from daemon.sim.gateway.order_payload import prepare
from daemon.simulation.auditor.auditor import Auditor
from daemon.simulation.chronicle import Chronicle
from daemon.simulation.configured_premises import premises_of
from daemon.simulation.exchange_side import OWNER, WALLET
from daemon.simulation.market_draw import plan_market
from daemon.simulation.scenario import Latencies, PlannedMarket, Scenario
from daemon.simulation.scenario_draw import draw_scenario
from daemon.simulation.seed_run import silence
from daemon.simulation.surroundings import ORIGIN_AT, build_surroundings
from daemon.simulation.trace import Trace
from daemon.simulation.witness import Witness
from daemon.simulation.world import World

MARKETS: Final = 5
MAKER_GAP_MS: Final = (900, 1_100)
"""A maker moves one quote in about a second: one level goes, another comes."""
SHELL_BAR_MS: Final = 5.0
"""Of CPU time in a virtual second: 200 times as fast as real time."""
ENGINE_BAR_MS: Final = 1.0
QUICK_MINUTES, MINUTES = 1, 5
ANY_SEED: Final = 1
SHELL, ENGINE = "simulated daemon, whole shell", "simulated daemon, engine alone"

EngineStep: TypeAlias = tuple[tuple[Event, ...], Nanos]
CASH: Final = Cash(1_000 * MICRO)
BIDDER: Final = {"name": "top_bidder", "side": "BUY", "limit_price": "0.95", "shares_per_order": 5}


class Blind:
    """A witness who sees nothing."""

    violations: Sequence[Any] = ()

    def __getattr__(self, name: str) -> Any:
        return _ignore


def measure_simulated_speed(effort: Effort) -> list[Figure]:
    """Run the same world again and again."""
    scenario = a_busy_scenario(QUICK_MINUTES if effort.repetitions < MINUTES else MINUTES)
    virtual_s = scenario.span_ns / NANOS_PER_S
    steps = _steps_of(scenario)
    shell: list[float] = []
    engine: list[float] = []
    judged: list[float] = []
    for _ in range(effort.repetitions):
        for times, work in (
            (shell, lambda: _run(scenario, is_judged=False)),
            (engine, lambda: _step(scenario, steps)),
            (judged, lambda: _run(scenario, is_judged=True)),
        ):
            times.append(_cpu_ms(work) / virtual_s)
    unit, note = "ms/virtual s", f"{len(steps)} steps in {virtual_s:.0f} s"
    return [
        bounded(SHELL, unit, shell, bar=SHELL_BAR_MS, by="median", note=note),
        bounded(ENGINE, unit, engine, bar=ENGINE_BAR_MS, by="median", note=note),
        reported("simulated daemon, judged by the auditor", unit, judged),
    ]


def a_busy_scenario(minutes: int) -> Scenario:
    """Return a world of five quiet markets in which nothing goes wrong."""
    drawn = draw_scenario(ANY_SEED, minutes=minutes)
    markets = tuple(_a_market(number) for number in range(MARKETS))
    fast = (5 * NANOS_PER_MS, 50 * NANOS_PER_MS)
    return replace(
        drawn,
        markets=markets,
        settings={
            "markets": [planned.market.slug for planned in markets],
            "profile": "small",
            "strategies": [BIDDER],
            "paper.cash": CASH // MICRO,
        },
        cash=CASH,
        latencies=Latencies(request=fast, message=fast, connect=fast, commit=fast),
        settlement=SettlementOptions(),
        balance_lag=Nanos(0),
        ends_killed=False,
        rules=(),
        phases=(),
        crashes=(),
        wishes=(),
        clock_steps=(),
        outages=(),
        tick_changes=(),
        strangers=(),
    )


def _a_market(number: int) -> PlannedMarket:
    return plan_market(number, maker_gap_ms=MAKER_GAP_MS)


def _cpu_ms(work: Callable[[], None]) -> float:
    started_ns = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - started_ns) / NANOS_PER_MS


def _run(scenario: Scenario, *, is_judged: bool) -> None:
    with silence(), tempfile.TemporaryDirectory() as folder:
        world = build_surroundings(scenario, Path(folder))
        auditor = Auditor(
            world.exchange, premises_of(world.settings, _markets(scenario), OWNER, WALLET)
        )
        witness = auditor if is_judged else cast("Witness", Blind())
        chronicle = Chronicle(trace=Trace(), witness=witness, owner=OWNER, origin_at=ORIGIN_AT)
        World(world, chronicle).run()
    assert not auditor.violations, auditor.violations


def _steps_of(scenario: Scenario) -> list[EngineStep]:
    """Return what the engine of a run was given, step by step."""
    steps: list[EngineStep] = []
    step = Engine.step

    def remember(self: Engine, events: Iterable[Event], now: Nanos) -> Outcome:
        steps.append((tuple(events), now))
        return step(self, steps[-1][0], now)

    Engine.step = remember
    try:
        _run(scenario, is_judged=False)
    finally:
        Engine.step = step
    return steps


def _step(scenario: Scenario, steps: Iterable[EngineStep]) -> None:
    """Give a fresh engine the same again."""
    with tempfile.TemporaryDirectory() as folder:
        settings = build_surroundings(scenario, Path(folder)).settings
    plan = EnginePlan(
        run_id=RunId("sim-1"),
        mode=settings.mode.label,
        markets=_markets(scenario),
        strategies=settings.strategies,
        risk=settings.risk,
        cash_start=settings.paper_cash,
        converge=settings.converge,
        is_own_shown=True,
    )
    engine = plan.engine(plan.state(()), prepare)
    for events, now in steps:
        engine.step(events, now)


def _markets(scenario: Scenario) -> tuple[Market, ...]:
    return tuple(planned.market for planned in scenario.markets)


def _ignore(*_: Any, **__: Any) -> None:
    """Take no notice."""
