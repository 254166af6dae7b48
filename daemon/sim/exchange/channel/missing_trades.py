"""Trades of which the user channel says nothing, ever; look-ups know them."""

from collections.abc import Callable
from typing import Final

from daemon.domain.ids import TradeId
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.trading.trade import Trade

TRADES_MAX: Final = 100_000
"""Trades whose fate is remembered; settled long before so many others were made."""


class MissingTrades:
    """Asks the plan once for each trade, when it is first told; the plan may be replaced."""

    def __init__(self, plan: Callable[[], FaultPlan]) -> None:
        self._plan = plan
        self._fates: dict[TradeId, bool] = {}

    def is_missing(self, trade: Trade) -> bool:
        """Tell whether this word of a trade is not told."""
        known = self._fates.get(trade.trade_id)
        if known is None:
            plan = self._plan()
            if not plan.can_strike(FaultPoint.MATCH):
                return False
            fault = plan.ask(FaultPoint.MATCH, trade.matched_at)
            known = fault is not None and fault.kind is FaultKind.TRADE_MISSING
            self._fates[trade.trade_id] = known
            if len(self._fates) > TRADES_MAX:
                del self._fates[next(iter(self._fates))]
        return known
