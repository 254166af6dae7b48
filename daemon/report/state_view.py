"""What a screen may read of the engine's state, as protocols that `EngineState` fits.

Reports stand beside the engine and not above it, so they name what they need instead of importing it.
"""

from collections.abc import Collection, Mapping
from typing import Protocol

from daemon.domain.book import OrderBook
from daemon.domain.ids import ClientOrderId, ConditionId, ParentId, TokenId
from daemon.domain.market import Market
from daemon.domain.order import Order
from daemon.domain.parent import Parent
from daemon.domain.portfolio import Portfolio
from daemon.domain.position import Position
from daemon.domain.units import Nanos, Price, Shares
from daemon.risk.trading_state import TradingReasons


class BookState(Protocol):
    """A book and whether it is believed."""

    @property
    def book(self) -> OrderBook:
        """The levels."""
        ...

    @property
    def trust(self) -> str:
        """`trusted`, or why not."""
        ...

    @property
    def is_fresh(self) -> bool:
        """Tell whether the news is young enough."""
        ...

    @property
    def is_good(self) -> bool:
        """Tell whether a strategy may see it."""
        ...

    def age(self, now: Nanos) -> Nanos:
        """Return the time since the last news."""
        ...


class TicksState(Protocol):
    """All books."""

    @property
    def books(self) -> Mapping[TokenId, BookState]:
        """Books by token."""
        ...


class OrdersState(Protocol):
    """All orders in memory."""

    @property
    def open(self) -> Mapping[ClientOrderId, Order]:
        """Open orders."""
        ...

    def live(self) -> tuple[Order, ...]:
        """Return every order that may still become a position."""
        ...

    def parent_total(self, parent_id: ParentId) -> Shares:
        """Return what all children of a parent filled."""
        ...


class ParentsState(Protocol):
    """Parents at work."""

    @property
    def active(self) -> Mapping[ParentId, Parent]:
        """Those not complete."""
        ...

    @property
    def completed(self) -> Collection[ParentId]:
        """Those that are."""
        ...


class StateView(Protocol):
    """The engine's state, for reading."""

    @property
    def markets(self) -> Mapping[ConditionId, Market]:
        """The markets traded."""
        ...

    @property
    def market_of(self) -> Mapping[TokenId, Market]:
        """The market of each token."""
        ...

    @property
    def ticks(self) -> TicksState:
        """The books."""
        ...

    @property
    def desk(self) -> OrdersState:
        """The orders."""
        ...

    @property
    def portfolio(self) -> Portfolio:
        """The positions and the cash."""
        ...

    @property
    def parents(self) -> ParentsState:
        """The parents."""
        ...

    @property
    def reasons(self) -> TradingReasons:
        """Why we do not trade."""
        ...

    @property
    def is_kill_switch_engaged(self) -> bool:
        """Tell whether a kill file is there."""
        ...

    def position(self, token: TokenId) -> Position:
        """Return what is held of a token of our markets."""
        ...

    def mark(self, token: TokenId) -> Price | None:
        """Return the price a token is valued at."""
        ...

    def marks(self) -> dict[TokenId, Price]:
        """Return all marks that are known."""
        ...

    def is_over(self, market: Market, now: Nanos) -> bool:
        """Tell whether nothing may rest in a market any more."""
        ...
