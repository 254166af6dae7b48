"""What the engine and risk live on, in one line: limits, situations, snapshots, changes, a strategy.

Everything is allowed unless a limit is given; texts for numbers, as in `tests.builders`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from daemon.domain.book import OrderBook
from daemon.domain.feed import (
    NOT_STATED,
    BookChange,
    BookSnapshot,
    LevelChange,
    SnapshotOrigin,
)
from daemon.domain.fill import Fill
from daemon.domain.ids import ClientOrderId, StrategyId, TokenId, VenueOrderId
from daemon.domain.market import Market
from daemon.domain.order import Order
from daemon.domain.parent import ParentRequest
from daemon.domain.portfolio import Portfolio
from daemon.domain.prepared import PreparedOrder
from daemon.domain.side import Side
from daemon.domain.strategy import TargetOrder, View
from daemon.domain.units import MICRO, NANOS_PER_MS, NANOS_PER_S, Cash, Nanos, Shares
from daemon.risk.approval import Approved, order_of
from daemon.risk.limits import RiskLimits
from daemon.risk.situation import Situation
from daemon.risk.trading_state import TradingReasons
from tests.builders import START, STRATEGY, YES, a_book, a_market, cash, levels, price, shares

PLENTY = 1_000_000_000 * MICRO
STALE_AFTER = Nanos(10 * NANOS_PER_S)
REPEAT_AFTER = Nanos(NANOS_PER_S)

EVERYTHING_ALLOWED = RiskLimits(
    trade_notional_max=Cash(PLENTY),
    order_shares_max=Shares(PLENTY),
    market_position_max=Shares(PLENTY),
    window_notional_max=Cash(PLENTY),
    total_exposure_max=Cash(PLENTY),
    open_orders_max=1_000,
    loss_per_trade_max=Cash(PLENTY),
    loss_per_hour_max=Cash(PLENTY),
    loss_per_day_max=Cash(PLENTY),
    drawdown_max=Cash(PLENTY),
    consecutive_losses_max=1_000,
    breaker_loss_max=Cash(PLENTY),
    price_collar=price("1"),
    stale_after=STALE_AFTER,
    intent_repeat_after=REPEAT_AFTER,
)
NOTHING_ALLOWED = replace(EVERYTHING_ALLOWED, open_orders_max=0)


def prepare(client_order_id: ClientOrderId, approved: Approved, now: Nanos) -> PreparedOrder:
    """Name an order after ourselves, as paper does."""
    venue_order_id = VenueOrderId(f"0x{client_order_id}")
    return PreparedOrder(
        order=order_of(approved, client_order_id, venue_order_id, now), payload=b""
    )


def a_snapshot(
    *,
    bids: Mapping[str, str] | None = None,
    asks: Mapping[str, str] | None = None,
    token: TokenId = YES,
    at: Nanos = START,
    received_at: Nanos | None = None,
    tick: str | None = None,
    last_trade: str | None = None,
    origin: SnapshotOrigin = SnapshotOrigin.FEED,
) -> BookSnapshot:
    """Return a full book; 100 shares at 0.48 and at 0.52 when a side is not given."""
    return BookSnapshot(
        token=token,
        at=at,
        received_at=at if received_at is None else received_at,
        bids=levels({"0.48": "100"} if bids is None else bids),
        asks=levels({"0.52": "100"} if asks is None else asks),
        tick=None if tick is None else price(tick),
        last_trade=None if last_trade is None else price(last_trade),
        origin=origin,
    )


def level(
    side: Side,
    at_price: str,
    size: str,
    *,
    touch: tuple[str, str] | None = None,
    token: TokenId = YES,
) -> LevelChange:
    """Return the new size of a level, with the touch the venue states (none by default)."""
    bid, ask = (NOT_STATED, NOT_STATED) if touch is None else (price(touch[0]), price(touch[1]))
    return (token, side is Side.BUY, price(at_price), shares(size), bid, ask)


def a_change(
    *changes: LevelChange, at: Nanos = START, received_at: Nanos | None = None
) -> BookChange:
    """Return one frame of level changes."""
    return BookChange(at, at if received_at is None else received_at, changes)


@dataclass
class Wisher:
    """A strategy that wants what the test says, under the continuity that it sees."""

    name: str
    wants: tuple[TargetOrder, ...] = ()
    parent: ParentRequest | None = None
    due: Nanos | None = None
    tokens: tuple[TokenId, ...] = (YES,)
    is_stuck_at: int | None = None
    """Always states this continuity instead of the one it sees."""
    asked: int = 0

    @property
    def strategy_id(self) -> StrategyId:
        """Return its name."""
        return StrategyId(self.name)

    def decide(self, view: View) -> tuple[TargetOrder, ...]:
        """Return what it wants, nothing without a book."""
        self.asked += 1
        return tuple(
            replace(
                want,
                continuity=view.continuity(want.token)
                if self.is_stuck_at is None
                else self.is_stuck_at,
            )
            for want in self.wants
            if view.book(want.token) is not None
        )

    def due_at(self, view: View) -> Nanos | None:
        """Return when the test wants it to be asked again."""
        del view
        return self.due


def a_situation(
    *,
    book: OrderBook | Literal["usual"] | None = "usual",
    market: Market | None = None,
    now: Nanos = START,
    book_age_ms: int = 0,
    continuity: int = 1,
    orders: tuple[Order, ...] = (),
    fills: tuple[Fill, ...] = (),
    cash_start: str = "1000000",
    reasons: TradingReasons | None = None,
    strategy_id: StrategyId = STRATEGY,
) -> Situation:
    """Return the world as risk sees it; the book is 0.48 to 0.52 unless another one is given."""
    portfolio = Portfolio(cash(cash_start))
    for fill in fills:
        portfolio.apply_fill(fill)
    return Situation(
        now=now,
        strategy_id=strategy_id,
        market=a_market() if market is None else market,
        book=a_book() if book == "usual" else book,
        book_age=Nanos(book_age_ms * NANOS_PER_MS),
        continuity=continuity,
        reasons=TradingReasons() if reasons is None else reasons,
        portfolio=portfolio,
        orders=orders,
    )
