"""Everything worth remembering; the journal, recovery and the engine all speak it."""

from dataclasses import dataclass
from typing import TypeAlias

from daemon.domain import order_events as ev
from daemon.domain.ids import ConditionId, ParentId, SlotId, StrategyId, TokenId, TradeId
from daemon.domain.parent import Parent
from daemon.domain.position import Position
from daemon.domain.reasons import DenialReason, HaltReason, MarketPauseReason, PauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import Price, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDenied:
    """Risk refused a target; recorded when the refusal is new for its slot, not on every tick."""

    strategy_id: StrategyId
    slot: SlotId
    token: TokenId
    side: Side
    price: Price
    shares: Shares
    reason: DenialReason
    detail: str
    """The rule's own numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionChanged:
    """The position of a token after a fill or a settlement, with what it is worth at its mark."""

    position: Position
    mark: Price | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FillSettled:
    """The settlement of a trade moved on."""

    trade_id: TradeId
    settlement: SettlementStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDuplicate:
    """A trade that was counted already was reported again and dropped."""

    trade_id: TradeId


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerReported:
    """The venue spoke of an order we do not know."""

    venue_order_id: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerCancelRequested:
    """An open order of the account that is not ours to keep is being cancelled."""

    venue_order_id: str
    attempt: int
    """How often it was asked for in this run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentStarted:
    """A parent began."""

    parent: Parent


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentCompleted:
    """A parent is done: filled, or filled up to a residue the venue would not take."""

    parent_id: ParentId
    filled: Shares
    residue: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingPaused:
    """A pause reason appeared."""

    reason: PauseReason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseLifted:
    """A pause reason went away."""

    reason: PauseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingHalted:
    """A halt reason was latched; only a person lifts it, a restart does not."""

    reason: HaltReason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HaltLifted:
    """A person lifted a halt reason."""

    reason: HaltReason


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPaused:
    """Nothing opens in one market until a person lifts it; a restart does not."""

    condition_id: ConditionId
    reason: MarketPauseReason
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPauseLifted:
    """A person lifted a market's pause."""

    condition_id: ConditionId
    reason: MarketPauseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWentUp:
    """A connection carries these tokens."""

    tokens: tuple[TokenId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWasLost:
    """Blind for these tokens."""

    tokens: tuple[TokenId, ...]
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookDistrusted:
    """A book stopped being believed."""

    token: TokenId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookResynced:
    """A book is believed again."""

    token: TokenId


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketClosed:
    """Nothing may rest in this market any more."""

    condition_id: ConditionId
    detail: str


Fact: TypeAlias = (
    ev.OrderCreated
    | ev.OrderEvent
    | TargetDenied
    | PositionChanged
    | FillSettled
    | OrderDuplicate
    | StrangerReported
    | StrangerCancelRequested
    | ParentStarted
    | ParentCompleted
    | TradingPaused
    | PauseLifted
    | TradingHalted
    | HaltLifted
    | MarketPaused
    | MarketPauseLifted
    | FeedWentUp
    | FeedWasLost
    | BookDistrusted
    | BookResynced
    | MarketClosed
)
