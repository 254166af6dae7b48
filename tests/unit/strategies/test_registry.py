"""The list of strategies and how they are named."""

import pytest

from daemon.domain.ids import ParentId, StrategyId
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_S, Nanos
from strategies.order_splitter import OrderSplitter, OrderSplitterParams
from strategies.registry import STRATEGIES, build, strategy_id_for
from strategies.top_bidder import TopBidder, TopBidderParams
from tests.builders import NO, YES, a_market, price, shares

NAME = StrategyId("a-name")


def bidding() -> TopBidderParams:
    return TopBidderParams(
        token=YES, side=Side.BUY, limit_price=price("0.5"), shares_per_order=shares("5")
    )


def splitting() -> OrderSplitterParams:
    return OrderSplitterParams(
        parent_id=ParentId("a-parent"),
        token=NO,
        side=Side.SELL,
        limit_price=price("0.5"),
        total_shares=shares("20"),
        time_window=Nanos(60 * NANOS_PER_S),
        min_order_size=shares("1"),
        max_order_size=shares("1"),
    )


def test_a_bidder_is_built_under_its_name() -> None:
    strategy = build("top_bidder", NAME, bidding(), a_market())
    assert isinstance(strategy, TopBidder)
    assert (strategy.strategy_id, strategy.tokens) == (NAME, (YES,))


def test_a_splitter_learns_the_minimum_of_its_market() -> None:
    strategy = build("order_splitter", NAME, splitting(), a_market(shares_min="10"))
    assert isinstance(strategy, OrderSplitter)
    assert strategy.parent is not None
    assert [part.shares for part in strategy.parent.slices] == [shares("10")] * 2


def test_parameters_that_do_not_fit_the_market_are_refused() -> None:
    with pytest.raises(ValueError, match="less than the smallest slice"):
        build("order_splitter", NAME, splitting(), a_market(shares_min="21"))


def test_parameters_of_another_strategy_are_our_own_mistake() -> None:
    with pytest.raises(AssertionError, match="order_splitter"):
        build("order_splitter", NAME, bidding(), a_market())


def test_every_strategy_declares_what_it_takes() -> None:
    assert {name: entry.params for name, entry in STRATEGIES.items()} == {
        "top_bidder": TopBidderParams,
        "order_splitter": OrderSplitterParams,
    }


def test_a_strategy_is_named_after_side_market_and_outcome() -> None:
    found = strategy_id_for("top_bidder", Side.SELL, a_market(slug="m"), NO, ())
    assert found == "top_bidder-sell:m:No"


def test_equal_strategies_are_numbered_from_two() -> None:
    taken: list[StrategyId] = []
    for _ in range(3):
        taken.append(strategy_id_for("x", Side.BUY, a_market(slug="m"), YES, taken))
    assert taken == ["x-buy:m:Yes", "x-buy:m:Yes#2", "x-buy:m:Yes#3"]
