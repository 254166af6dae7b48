"""What a run needs beyond a configuration that is well written."""

import pytest

from config.runnable import require_runnable, run_problems
from daemon.errors import ConfigError
from tests.unit.config.conftest import Loader

ALL = ("PRIVATE_KEY", "API_KEY", "API_SECRET", "API_PASSPHRASE")
BIDDER = '[[strategies]]\nname = "top_bidder"\nlimit_price = 0.1\n'


def test_a_run_without_a_market_names_the_key_and_an_example(load_in: Loader) -> None:
    with pytest.raises(ConfigError) as caught:
        require_runnable(load_in().settings)
    (problem,) = caught.value.problems
    assert problem.startswith("markets: none is given")
    assert "--market btc-updown-5m-1776081600" in problem
    assert caught.value.exit_code == 2


def test_paper_needs_a_market_and_nothing_else(load_in: Loader) -> None:
    require_runnable(load_in(flags={"markets": ["a"]}).settings)


@pytest.mark.parametrize("mode, needed", [("dry_run", ALL[:1]), ("live", ALL)])
@pytest.mark.requirement("S0-013", "S3-105")
def test_missing_variables_are_named_one_by_one(
    load_in: Loader, mode: str, needed: tuple[str, ...]
) -> None:
    problems = run_problems(load_in(f'mode = "{mode}"\nmarkets = ["a"]\n{BIDDER}').settings)
    assert [problem.partition(" (")[0] for problem in problems] == [
        f"Missing environment variable: POLYMARKET_{name}" for name in needed
    ]


def test_live_needs_a_strategy_that_was_asked_for(load_in: Loader) -> None:
    environ = {f"POLYMARKET_{name}": "ab" * 32 for name in ALL}
    live = {"mode": "live", "markets": "a"}
    (problem,) = run_problems(load_in(environ=environ, flags=live).settings)
    assert problem.startswith("strategies: none is given; add a [[strategies]] table")
    assert run_problems(load_in(BIDDER, environ=environ, flags=live).settings) == ()
