"""The auditor knows every strategy of a configured daemon, its limit, and every parent's size."""

from pathlib import Path

import pytest

from config.strategy_factory import strategies_for
from daemon.simulation.configured_premises import premises_of
from daemon.simulation.scenario_draw import draw_scenario
from daemon.simulation.surroundings import OWNER, WALLET, build_surroundings


@pytest.mark.parametrize("seed", range(6))
def test_every_strategy_and_every_parent_is_known(seed: int, tmp_path: Path) -> None:
    scenario = draw_scenario(seed, minutes=1)
    settings = build_surroundings(scenario, tmp_path).settings
    markets = tuple(planned.market for planned in scenario.markets)
    premises = premises_of(settings, markets, OWNER, WALLET)
    strategies = strategies_for(settings, markets)
    assert set(premises.price_limits) == {strategy.strategy_id for strategy in strategies}
    parents = [strategy.parent for strategy in strategies if strategy.parent is not None]
    assert premises.parents == {parent.parent_id: parent.shares for parent in parents}
    assert premises.cash_start == scenario.cash
