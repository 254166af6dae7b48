"""Why we do not trade, in words that logs, tables and people share.

Paused lifts itself, halted needs a person, denied concerns one target.
"""

from enum import StrEnum


class PauseReason(StrEnum):
    """Conditions under which nothing opens; each is lifted by what caused it."""

    STARTING = "starting"
    STOPPING = "stopping"
    RECONCILING = "reconciling"
    JOURNAL_DOWN = "journal_down"
    LOCK_LOST = "lock_lost"
    BREAKER_OPEN = "breaker_open"
    VENUE_RESTRICTED = "venue_restricted"
    FEED_LOST = "feed_lost"
    """No connection carries any market."""
    DAILY_LOSS = "daily_loss"


class MarketPauseReason(StrEnum):
    """Conditions under which nothing opens in one market; a person lifts them, a restart does not."""

    SETTLEMENT_FAILED = "settlement_failed"
    """A trade that had counted was taken back: somebody's tokens or cash were not there."""


class HaltReason(StrEnum):
    """Conditions that only a person lifts; they survive a restart."""

    KILL_SWITCH = "kill_switch"
    OPERATOR = "operator"
    LOSS_LIMIT = "loss_limit"
    INVARIANT_BROKEN = "invariant_broken"
    URGENT_OVERFLOW = "urgent_overflow"


class DenialReason(StrEnum):
    """Why risk refused a target; one per rule."""

    NOT_TRADING = "not_trading"
    MARKET_OVER = "market_over"
    BOOK_NOT_TRUSTED = "book_not_trusted"
    STALE_DATA = "stale_data"
    CONTINUITY_BROKEN = "continuity_broken"
    OFF_GRID = "off_grid"
    BELOW_MINIMUM_SIZE = "below_minimum_size"
    BELOW_MARKETABLE_MINIMUM = "below_marketable_minimum"
    ORDER_SIZE = "order_size"
    TRADE_NOTIONAL = "trade_notional"
    MARKET_POSITION = "market_position"
    WINDOW_NOTIONAL = "window_notional"
    TOTAL_EXPOSURE = "total_exposure"
    OPEN_ORDERS = "open_orders"
    PRICE_COLLAR = "price_collar"
    DUPLICATE_INTENT = "duplicate_intent"
    OWN_CROSSING = "own_crossing"
    NOT_ENOUGH_CASH = "not_enough_cash"
    NOT_ENOUGH_SHARES = "not_enough_shares"
    WOULD_CROSS = "would_cross"
    """Post-only, and the book says it would take."""
