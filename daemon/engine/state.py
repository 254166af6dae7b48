"""Everything the engine knows, in one place; it changes inside `Engine.step` only."""

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.market import Market, mark_price
from daemon.domain.portfolio import Portfolio
from daemon.domain.position import Position
from daemon.domain.units import Cash, Nanos, Price
from daemon.engine.order_desk import OrderDesk
from daemon.engine.parents import Parents
from daemon.engine.strangers import Strangers
from daemon.engine.tick_processor import TickProcessor
from daemon.risk.trading_state import TradingReasons


class EngineState:
    """Books, orders, portfolio, parents and the reasons not to trade; read by views and screens."""

    def __init__(
        self, *, markets: tuple[Market, ...], stale_after: Nanos, cash_start: Cash
    ) -> None:
        self.markets: dict[ConditionId, Market] = {m.condition_id: m for m in markets}
        self.market_of: dict[TokenId, Market] = {t: m for m in markets for t in m.tokens}
        self.ticks = TickProcessor(markets, stale_after)
        self.desk = OrderDesk()
        self.portfolio = Portfolio(cash_start)
        self.parents = Parents()
        self.strangers = Strangers()
        self.reasons = TradingReasons()
        self.closed: set[ConditionId] = set()
        self.is_kill_switch_engaged = False

    def adopt(self, market: Market) -> None:
        """Take a market's new parameters for the ones known so far."""
        self.markets[market.condition_id] = market
        for token in market.tokens:
            self.market_of[token] = market
            self.ticks.books[token].tick = market.tick

    def position(self, token: TokenId) -> Position:
        """Return what is held of a token of our markets."""
        return self.portfolio.position(token, self.market_of[token].condition_id)

    def mark(self, token: TokenId) -> Price | None:
        """Return the price a position in the token is valued at, None when nothing is known.

        While blind that is the best bid of the book last believed.
        """
        tracked = self.ticks.books.get(token)
        if tracked is None:
            return None
        book = tracked.book
        return mark_price(book.best_bid if book.bids else tracked.last_bid, book.last_trade)

    def marks(self) -> dict[TokenId, Price]:
        """Return all marks that are known."""
        marks = {token: self.mark(token) for token in self.ticks.books}
        return {token: mark for token, mark in marks.items() if mark is not None}

    def is_over(self, market: Market, now: Nanos) -> bool:
        """Tell whether nothing may rest in a market any more."""
        return market.condition_id in self.closed or market.is_over(now)
