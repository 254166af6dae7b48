"""From what a trader wrote to strategies on the markets that were found."""

import pytest

from config.strategy_factory import strategies_for
from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.market import Market
from daemon.domain.strategy import Strategy
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.errors import ConfigError
from strategies.order_splitter import OrderSplitter
from strategies.top_bidder import TopBidder
from tests.builders import CONDITION, NO, YES, a_market
from tests.unit.config.conftest import Loader

OTHER = a_market(
    slug="other",
    condition_id=ConditionId("0x" + "d0" * 32),
    tokens=(TokenId("31" * 38), TokenId("32" * 38)),
)
BOTH = (a_market(), OTHER)

SPLITTER = """
[[strategies]]
name = "order_splitter"
side = "SELL"
limit_price = 0.40
total_shares = 1000
time_window_minutes = 60
min_order_size = 10
max_order_size = 100
patience_s = 7
"""


def made(load_in: Loader, toml: str, markets: tuple[Market, ...] = BOTH) -> tuple[Strategy, ...]:
    return strategies_for(load_in(toml).settings, markets)


def bidder(*lines: str) -> str:
    return "\n".join(['[[strategies]]\nname = "top_bidder"\nlimit_price = 0.4', *lines, ""])


def test_the_preset_puts_every_strategy_on_every_market(load_in: Loader) -> None:
    strategies = strategies_for(load_in().settings, BOTH)
    assert [strategy.strategy_id for strategy in strategies] == [
        "top_bidder-buy:a-market:Yes",
        "top_bidder-buy:other:Yes",
        "top_bidder-sell:a-market:Yes",
        "top_bidder-sell:other:Yes",
        "order_splitter-buy:a-market:Yes",
        "order_splitter-buy:other:Yes",
    ]


@pytest.mark.parametrize(
    "lines, token",
    [
        (['market = "a-market"'], YES),
        (['market = "A-Market"', "outcome = 1"], NO),
        ([f'market = "{CONDITION.upper().replace("X", "x")}"', 'outcome = "no"'], NO),
        ([f'market = "{NO}"'], YES),
        ([f'token_id = "{NO}"'], NO),
    ],
)
def test_a_market_is_known_by_all_its_names(
    load_in: Loader, lines: list[str], token: TokenId
) -> None:
    (strategy,) = made(load_in, bidder(*lines))
    assert strategy.tokens == (token,)


def test_markets_that_only_strategies_name_are_markets_too(load_in: Loader) -> None:
    toml = 'markets = ["first"]\n' + bidder('market = "second"') + bidder('token_id = "123"')
    assert load_in(toml + bidder()).settings.markets == ("first", "second", "123")


def test_a_market_found_twice_counts_once(load_in: Loader) -> None:
    assert len(made(load_in, bidder(), (BOTH[0], BOTH[0]))) == 1


def test_equal_strategies_get_a_number(load_in: Loader) -> None:
    ids = [s.strategy_id for s in made(load_in, bidder() + bidder(), (BOTH[0],))]
    assert ids == ["top_bidder-buy:a-market:Yes", "top_bidder-buy:a-market:Yes#2"]


@pytest.mark.requirement("S2-038")
def test_parameters_of_the_splitter_arrive_exactly(load_in: Loader) -> None:
    (strategy,) = made(load_in, SPLITTER, (BOTH[0],))
    assert isinstance(strategy, OrderSplitter)
    params = strategy._params
    assert (params.total_shares, params.min_order_size, params.max_order_size) == (
        1_000_000_000, 10_000_000, 100_000_000,
    )  # fmt: skip
    assert (params.time_window, params.patience) == (3_600 * NANOS_PER_S, 7 * NANOS_PER_S)
    assert (params.side.value, params.limit_price, params.token) == ("SELL", 400_000, YES)
    assert strategy.parent is not None
    assert [s.due_after for s in strategy.parent.slices] == [
        Nanos(k * 360 * NANOS_PER_S) for k in range(10)
    ]


def test_parameters_of_the_bidder_arrive_exactly(load_in: Loader) -> None:
    toml = bidder("shares_per_order = 7.5", "enable_top_bidder = false", 'side = "sell"')
    (strategy,) = made(load_in, toml, (BOTH[0],))
    assert isinstance(strategy, TopBidder)
    params = strategy._params
    assert (params.shares_per_order, params.is_enabled) == (7_500_000, False)
    assert (params.side.value, params.limit_price) == ("SELL", 400_000)


def test_the_same_parameters_are_the_same_parent_after_a_restart(load_in: Loader) -> None:
    (first,), (second,) = (made(load_in, SPLITTER, (BOTH[0],)) for _ in range(2))
    assert first.parent is not None
    assert first.parent == second.parent
    assert first.parent.parent_id.startswith("order_splitter-sell:a-market:Yes@")


@pytest.mark.parametrize(
    "old, new",
    [
        ('side = "SELL"', 'side = "BUY"'),
        ("limit_price = 0.40", "limit_price = 0.41"),
        ("total_shares = 1000", "total_shares = 999"),
        ("time_window_minutes = 60", "time_window_minutes = 61"),
        ("min_order_size = 10", "min_order_size = 11"),
        ("max_order_size = 100", "max_order_size = 101"),
        ("patience_s = 7", "patience_s = 8"),
        ("patience_s = 7", "outcome = 1"),
    ],
)
def test_a_changed_parameter_makes_a_new_parent(load_in: Loader, old: str, new: str) -> None:
    (first,) = made(load_in, SPLITTER, (BOTH[0],))
    (second,) = made(load_in, SPLITTER.replace(old, new), (BOTH[0],))
    assert first.parent is not None
    assert second.parent is not None
    assert first.parent.parent_id != second.parent.parent_id


def test_a_market_that_is_over_takes_its_strategy_along(load_in: Loader) -> None:
    toml = bidder('market = "over-already"') + bidder('market = "other"')
    assert [s.strategy_id for s in made(load_in, toml)] == ["top_bidder-buy:other:Yes"]


@pytest.mark.parametrize(
    "toml, problem",
    [
        (
            bidder('market = "over"'),
            "strategies[0].market: over is none of the markets found (a-market, other); is it over?",
        ),
        (
            bidder('token_id = "12"'),
            "strategies[0].token_id: 12 is none of the markets found (a-market, other); is it over?",
        ),
        (
            bidder('market = "other"', 'outcome = "Up"'),
            "strategies[0].outcome: other has no Up; expected Yes or No, or the index 0 or 1",
        ),
    ],
)
def test_what_cannot_be_made_is_named(load_in: Loader, toml: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        made(load_in, toml)
    assert caught.value.problems == (problem,)


def test_sizes_that_do_not_fit_a_market_are_named(load_in: Loader) -> None:
    market = a_market(shares_min="1001")
    with pytest.raises(
        ConfigError, match=r"strategies\[0\] \(order_splitter on a-market\): .*less than"
    ):
        made(load_in, SPLITTER, (market,))


def test_without_any_market_every_entry_is_named(load_in: Loader) -> None:
    with pytest.raises(ConfigError, match=r"\* is none of the markets found \(none\)"):
        made(load_in, bidder(), ())
