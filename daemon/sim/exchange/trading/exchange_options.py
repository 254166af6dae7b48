"""How the exchange behaves where the venue's behaviour varies."""

from dataclasses import dataclass, field

from daemon.domain.units import Nanos
from daemon.sim.exchange.trading.settlement import (
    FailsAt,
    SettlementOptions,
    never_fails_for_certain,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeOptions:
    """What the exchange is to be like."""

    settlement: SettlementOptions = field(default_factory=SettlementOptions)
    fails_at: FailsAt = never_fails_for_certain
    balance_lag: Nanos = Nanos(0)
    """How long the shown balances and allowances stay behind the chain, unless refreshed."""
