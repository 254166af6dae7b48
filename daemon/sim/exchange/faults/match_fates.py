"""What goes wrong with a match: its trade fails after a while, or the user channel never says a word of it.

Look-ups know either.
"""

from collections.abc import Callable
from typing import Final

from daemon.domain.ids import TradeId
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.sim.exchange.auth.api_keys import ApiKeys
from daemon.sim.exchange.faults.fault import Fault, FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.trading.trade import Trade

TRADES_MAX: Final = 100_000
"""Trades whose fate is remembered; settled long before so many others were made."""


class MatchFates:
    """Asks the plan, which may be replaced, once for each trade that somebody with a key is part of."""

    def __init__(self, plan: Callable[[], FaultPlan], keys: ApiKeys) -> None:
        self._plan = plan
        self._keys = keys
        self._fates: dict[TradeId, Fault | None] = {}

    def fails_at(self, trade: Trade) -> Nanos | None:
        """Return when a trade that was made just now fails for certain; hand it to `Exchange`."""
        fate = self._find(trade)
        if fate is None or fate.kind is not FaultKind.GHOST_FILL:
            return None
        return Nanos(trade.matched_at + fate.amount * NANOS_PER_MS)

    def is_missing(self, trade: Trade) -> bool:
        """Tell whether this word of a trade is not told."""
        fate = self._find(trade)
        return fate is not None and fate.kind is FaultKind.TRADE_MISSING

    def _find(self, trade: Trade) -> Fault | None:
        if trade.trade_id in self._fates:
            return self._fates[trade.trade_id]
        plan = self._plan()
        if not plan.can_strike(FaultPoint.MATCH) or not self._is_of_account(trade):
            return None
        fate = self._fates[trade.trade_id] = plan.ask(FaultPoint.MATCH, trade.matched_at)
        if len(self._fates) > TRADES_MAX:
            del self._fates[next(iter(self._fates))]
        return fate

    def _is_of_account(self, trade: Trade) -> bool:
        return any(self._keys.find(owner) is not None for owner in trade.owners)
