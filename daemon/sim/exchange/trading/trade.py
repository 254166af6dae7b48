"""A trade: one taker order against one or more resting ones, and how far its settlement has come."""

from dataclasses import dataclass
from enum import StrEnum

from daemon.domain.ids import ConditionId, TokenId, TradeId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import Cash, Nanos, Price, Shares
from daemon.sim.exchange.trading.account_ids import Owner, Wallet


class TradeStatus(StrEnum):
    """How far the settlement of a trade has come; the last two are final."""

    MATCHED = "MATCHED"
    MINED = "MINED"
    RETRYING = "RETRYING"
    CONFIRMED = "CONFIRMED"
    FAILED = "FAILED"

    @property
    def is_final(self) -> bool:
        """Tell whether nothing changes any more."""
        return self in {TradeStatus.CONFIRMED, TradeStatus.FAILED}


class MatchKind(StrEnum):
    """Where the shares of a match come from and go to."""

    COMPLEMENTARY = "complementary"
    """One sells what the other buys."""
    MINT = "mint"
    """Both buy, one each outcome: a dollar is locked and a pair of shares made."""
    MERGE = "merge"
    """Both sell, one each outcome: a pair of shares goes and its dollar is paid out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerLeg:
    """The part of one resting order in a trade, in the terms of its own token."""

    order_id: VenueOrderId
    owner: Owner
    wallet: Wallet
    token: TokenId
    side: Side
    price: Price
    shares: Shares
    cash: Cash
    """Paid or received."""
    kind: MatchKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A trade at one moment; all but `makers` is said of the taker, in the terms of its token."""

    trade_id: TradeId
    condition_id: ConditionId
    taker_order_id: VenueOrderId
    owner: Owner
    wallet: Wallet
    token: TokenId
    side: Side
    price: Price
    """The average over the makers, rounded to a millionth."""
    shares: Shares
    cash: Cash
    """Paid or received, before the fee."""
    fee: Cash
    """On top of what a BUY pays, off what a SELL receives."""
    makers: tuple[MakerLeg, ...]
    bucket_index: int
    """Counts the trades that one taker order made at once."""
    matched_at: Nanos
    updated_at: Nanos
    status: TradeStatus = TradeStatus.MATCHED
    transaction_hash: str = ""
    """Empty until the trade is mined; another one after a retry."""

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Everybody whose orders are part of it, the taker first, each once."""
        return tuple(dict.fromkeys((self.owner, *(maker.owner for maker in self.makers))))

    def own_makers(self, owner: Owner) -> tuple[MakerLeg, ...]:
        """Return the legs of one owner's resting orders."""
        return tuple(maker for maker in self.makers if maker.owner == owner)
