"""What a wallet did on chain past the order book, for its history."""

from dataclasses import dataclass
from enum import StrEnum

from daemon.domain.ids import ConditionId
from daemon.domain.units import Cash, Nanos
from daemon.sim.exchange.trading.account_ids import Wallet


class ChainMoveKind(StrEnum):
    """The kinds, as the venue's history names them."""

    DEPOSIT = "DEPOSIT"
    WITHDRAWAL = "WITHDRAWAL"
    SPLIT = "SPLIT"
    MERGE = "MERGE"
    REDEEM = "REDEEM"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainMove:
    """One transaction that had an effect."""

    at: Nanos
    kind: ChainMoveKind
    wallet: Wallet
    cash: Cash
    """In or out, never negative."""
    condition_id: ConditionId | None = None
    shares: tuple[int, int] = (0, 0)
    """Of each token, made or burned, never negative."""
