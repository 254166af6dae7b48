"""The only list of strategies: their names in the configuration and what makes them."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

from daemon.domain.ids import StrategyId, TokenId
from daemon.domain.market import Market
from daemon.domain.side import Side
from daemon.domain.strategy import Strategy
from strategies.order_splitter import OrderSplitter, OrderSplitterParams
from strategies.top_bidder import TopBidder, TopBidderParams

Params: TypeAlias = TopBidderParams | OrderSplitterParams
"""What a trader sets, as the strategies take it."""

_P = TypeVar("_P", TopBidderParams, OrderSplitterParams)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Generic[_P]):
    """One strategy: what it takes and how it is made for one market."""

    params: type[_P]
    make: Callable[[StrategyId, _P, Market], Strategy]


def _top_bidder(strategy_id: StrategyId, params: TopBidderParams, market: Market) -> Strategy:
    del market
    return TopBidder(strategy_id, params)


def _order_splitter(
    strategy_id: StrategyId, params: OrderSplitterParams, market: Market
) -> Strategy:
    return OrderSplitter(strategy_id, params, market.shares_min)


STRATEGIES: Final[dict[str, Registered[Any]]] = {
    "top_bidder": Registered(params=TopBidderParams, make=_top_bidder),
    "order_splitter": Registered(params=OrderSplitterParams, make=_order_splitter),
}
"""Name → what makes it."""


def strategy_id_for(
    name: str, side: Side, market: Market, token: TokenId, taken: Container[StrategyId]
) -> StrategyId:
    """Return the name of one configured strategy on one market.

    The same configuration gives the same names after a restart; what would be named twice gets `#2`.
    """
    plain = f"{name}-{side.value.lower()}:{market.slug}:{market.outcome(token)}"
    found = StrategyId(plain)
    number = 1
    while found in taken:
        number += 1
        found = StrategyId(f"{plain}#{number}")
    return found


def build(name: str, strategy_id: StrategyId, params: Params, market: Market) -> Strategy:
    """Make a strategy for one market; ValueError when its parameters do not fit that market."""
    registered = STRATEGIES[name]
    assert isinstance(params, registered.params), name
    return registered.make(strategy_id, params, market)
