"""A position is the sum of its fills."""

from typing import ClassVar

from daemon.domain.facts import FillSettled
from daemon.domain.ids import TokenId
from daemon.domain.order_events import OrderFilled
from daemon.domain.units import MICRO
from daemon.runtime.loop import Step
from daemon.simulation.auditor.evidence import Evidence
from daemon.simulation.auditor.invariant import Invariant


class PositionsAddUp(Invariant):
    """Compares positions and cash with the fills that were told, failed ones apart."""

    name: ClassVar[str] = "positions add up"
    promise: ClassVar[str] = "positions and cash are the sum of settled and unsettled fills"

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._market_of = {
            token: market for market in evidence.premises.markets for token in market.tokens
        }

    def decided(self, step: Step) -> None:
        """Look at the tokens this step is about."""
        tokens: dict[TokenId, None] = {}
        for fact in step.outcome.facts:
            if isinstance(fact, OrderFilled):
                tokens[fact.fill.token] = None
            elif isinstance(fact, FillSettled):
                for known in self.evidence.told.by_trade.get(fact.trade_id, ()):
                    tokens[known.fill.token] = None
        for token in tokens:
            self._look_at(token)
        if tokens:
            self._look_at_cash()

    def compare(self) -> None:
        """Look at everything."""
        if self.evidence.is_alive:
            for token in self._market_of:
                self._look_at(token)
            self._look_at_cash()

    def _look_at(self, token: TokenId) -> None:
        state, market = self.evidence.state, self._market_of.get(token)
        assert state is not None
        if market is None:
            return
        held = state.portfolio.position(token, market.condition_id).shares
        account = self.evidence.told.accounts.get(token)
        told = 0 if account is None else account.shares
        if held != told:
            self.broken(f"the daemon holds {held} of {token}, its fills add up to {told}")

    def _look_at_cash(self) -> None:
        state, evidence = self.evidence.state, self.evidence
        assert state is not None
        cash = state.portfolio.cash_free(())
        added_up = (evidence.premises.cash_start * MICRO + evidence.told.cash_exact) // MICRO
        if cash != added_up:
            self.broken(f"the daemon has {cash} in cash, its fills add up to {added_up}")
