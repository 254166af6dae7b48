"""Faults of matches: fills that turn out to be ghosts, trades the stream keeps to itself."""

from daemon.domain.ids import TradeId
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.trade import Trade


class MatchFaults:
    """Asks the plan once for each trade that the owner is part of."""

    def __init__(self, plan: FaultPlan, owner: Owner, *, until: Nanos) -> None:
        """`until`: by then every ghost has failed."""
        self._plan, self._owner, self._until = plan, owner, until
        self._missing: set[TradeId] = set()

    def fails_at(self, trade: Trade) -> Nanos | None:
        """Tell when a new trade fails for certain; hand it to `Exchange`."""
        if self._owner not in trade.owners:
            return None
        fault = self._plan.ask(FaultPoint.MATCH, trade.matched_at)
        if fault is None:
            return None
        if fault.kind is FaultKind.GHOST_FILL:
            return Nanos(min(self._until, trade.matched_at + fault.amount * NANOS_PER_MS))
        assert fault.kind is FaultKind.TRADE_MISSING
        self._missing.add(trade.trade_id)
        return None

    def is_missing(self, trade_id: TradeId) -> bool:
        """Tell whether the stream says nothing of a trade, ever."""
        return trade_id in self._missing
