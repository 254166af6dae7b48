"""What risk looks at when it reviews a target: the world as it is in this very step."""

from daemon.domain.hot_value import hot_value
from daemon.domain.ids import ClientOrderId, StrategyId
from daemon.domain.market import Market
from daemon.domain.order import Order
from daemon.domain.portfolio import Portfolio
from daemon.domain.strategy import BookView
from daemon.domain.units import Nanos
from daemon.risk.trading_state import TradingReasons


@hot_value
class Situation:
    """Everything a rule may ask for."""

    now: Nanos
    strategy_id: StrategyId
    market: Market
    book: BookView | None
    """The target's book if it is complete, two-sided and believed."""
    book_age: Nanos
    """Time since the venue or the wire last said anything about it, whichever is older."""
    continuity: int
    """The book's continuity token now."""
    reasons: TradingReasons
    portfolio: Portfolio
    orders: tuple[Order, ...]
    """Every order of ours that is open or may still become a position."""
    replaces: ClientOrderId | None = None
