"""A scenario without some of its parts: names stay what they were, and nothing else changes."""

import pytest

from daemon.errors import ConfigError
from daemon.simulation.parts import parts_of, without
from daemon.simulation.scenario import Scenario
from daemon.simulation.scenario_draw import draw_scenario


def a_rich_scenario() -> Scenario:
    """Return the first scenario that has a bit of everything that matters here."""
    return next(
        scenario
        for scenario in (draw_scenario(seed, minutes=2) for seed in range(500))
        if len(scenario.markets) > 2 and scenario.strangers and len(scenario.crashes) > 1
    )


def test_nothing_left_out_is_the_same_scenario() -> None:
    scenario = a_rich_scenario()
    assert without(scenario, ()) == scenario


def test_every_part_can_be_left_out_alone() -> None:
    scenario = a_rich_scenario()
    for part in parts_of(scenario):
        smaller = without(scenario, [part])
        assert smaller != scenario
        assert len(parts_of(smaller)) < len(parts_of(scenario))


def test_the_second_of_two_keeps_its_place() -> None:
    scenario = a_rich_scenario()
    assert without(scenario, ["crash:0"]).crashes == scenario.crashes[1:]


def test_a_market_goes_with_its_strategies_and_strangers() -> None:
    scenario = a_rich_scenario()
    smaller = without(scenario, ["market:0"])
    gone = scenario.markets[0].market.slug
    assert gone not in str(smaller.settings)
    assert all(
        smaller.markets[stranger.market] in scenario.markets[1:] for stranger in smaller.strangers
    )


def test_one_market_must_be_left_and_a_part_must_exist() -> None:
    scenario = a_rich_scenario()
    with pytest.raises(ConfigError, match="one market must be left"):
        without(scenario, [f"market:{n}" for n in range(len(scenario.markets))])
    with pytest.raises(ConfigError, match="has no crash:77; its parts: "):
        without(scenario, ["crash:77"])


def test_the_same_seed_draws_the_same_scenario_and_no_submit_outlasts_the_grace() -> None:
    for seed in range(100):
        scenario = draw_scenario(seed, minutes=2)
        assert scenario == draw_scenario(seed, minutes=2)
        grace_ms = scenario.settings["runtime.unknown_grace_ms"]
        assert isinstance(grace_ms, int)
        delays = [ms for rule in scenario.rules if rule.kind == "delay" for ms in rule.values]
        assert all(ms < grace_ms for ms in delays)
        assert all(crash.at_ns < scenario.calm_from_ns for crash in scenario.crashes)
