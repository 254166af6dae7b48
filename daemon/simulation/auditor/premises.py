"""What the auditor is told beforehand: how the daemon was configured, and how patient to be with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from daemon.domain.ids import ParentId, StrategyId
from daemon.domain.market import Market
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_S, Cash, Nanos, Price, Shares
from daemon.risk.limits import RiskLimits
from daemon.sim.exchange.trading.account_ids import Owner, Wallet

KILL_WITHIN: Final = Nanos(8 * NANOS_PER_S)
RESUME_WITHIN: Final = Nanos(30 * NANOS_PER_S)
KNOWN_WITHIN: Final = Nanos(30 * NANOS_PER_S)
KILL_SEEN_WITHIN: Final = Nanos(2 * NANOS_PER_S)


@dataclass(frozen=True, slots=True)
class PriceLimit:
    """The worst price a strategy may trade at."""

    side: Side
    price: Price

    def allows(self, side: Side, price: Price) -> bool:
        """Tell whether an order of the strategy may have this side and price."""
        return side is self.side and (price - self.price) * side.sign <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """The daemon's account at the exchange, its configuration, and the auditor's bounds."""

    owner: Owner
    wallet: Wallet
    markets: tuple[Market, ...]
    cash_start: Cash
    """What the daemon believes it began with."""
    limits: RiskLimits
    price_limits: Mapping[StrategyId, PriceLimit] = field(
        default_factory=dict[StrategyId, PriceLimit]
    )
    parents: Mapping[ParentId, Shares] = field(default_factory=dict[ParentId, Shares])
    """Every parent that may be worked, with its whole size."""
    submit_within: Nanos
    """A submit is not sent later than this after its decision."""
    kill_within: Nanos = KILL_WITHIN
    """Without faults, nothing of ours is open this long after a halt."""
    resume_within: Nanos = RESUME_WITHIN
    """Without faults, no pause and no doubt about an order lasts longer."""
    known_within: Nanos = KNOWN_WITHIN
    """Without faults, the daemon knows a fill this long after it was made."""
    kill_seen_within: Nanos = KILL_SEEN_WITHIN
    """The daemon has seen the kill switch this long after it was engaged."""
