"""What the exchange tells: owners of their orders and trades, everybody of the market."""

from dataclasses import dataclass
from enum import StrEnum

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import Nanos, Price, Shares
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.logical_book import LevelChange
from daemon.sim.exchange.trading.reply import Accepted
from daemon.sim.exchange.trading.trade import Trade
from daemon.sim.exchange.trading.venue_order import OrderState


class OrderEventKind(StrEnum):
    """Why an order event is sent."""

    PLACEMENT = "PLACEMENT"
    UPDATE = "UPDATE"
    CANCELLATION = "CANCELLATION"


class TraderSide(StrEnum):
    """Which part an owner has in a trade; who is both is told as the taker."""

    TAKER = "TAKER"
    MAKER = "MAKER"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReported:
    """To the owner of an order: it is there, it was filled, it is gone."""

    at: Nanos
    kind: OrderEventKind
    order: OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeReported:
    """To one owner in a trade: it was matched, or its settlement moved on."""

    at: Nanos
    owner: Owner
    trader_side: TraderSide
    trade: Trade


@dataclass(frozen=True, slots=True, kw_only=True)
class TradePrinted:
    """To everybody: so much was traded at this price; token, price and side are the taker's."""

    at: Nanos
    condition_id: ConditionId
    token: TokenId
    side: Side
    price: Price
    shares: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class BookChanged:
    """To everybody: levels of both tokens' books have new sizes."""

    at: Nanos
    condition_id: ConditionId
    changes: tuple[LevelChange, ...]
    is_after_trade: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TickChanged:
    """To everybody: the price grid of one token is another one."""

    at: Nanos
    condition_id: ConditionId
    token: TokenId
    old: Price
    new: Price


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketResolved:
    """To everybody: what each token pays, in millionths per share; no winner means both pay half."""

    at: Nanos
    condition_id: ConditionId
    payouts: tuple[int, int]
    winner: TokenId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAnswered:
    """To the poster of a held order: the reply that was held back."""

    at: Nanos
    order_id: VenueOrderId
    reply: Accepted | Refusal


VenueEvent = (
    OrderReported
    | TradeReported
    | TradePrinted
    | BookChanged
    | TickChanged
    | MarketResolved
    | SubmitAnswered
)
