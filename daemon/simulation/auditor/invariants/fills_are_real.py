"""Every fill the daemon counts was made, has the exchange's numbers, and is counted once."""

from typing import ClassVar, Final

from daemon.domain.facts import Fact, FillSettled
from daemon.domain.fill import Fill, Liquidity
from daemon.domain.ids import TradeId
from daemon.domain.market import Market
from daemon.domain.order_events import OrderFilled
from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import MICRO
from daemon.sim.exchange.trading.trade import TradeStatus
from daemon.simulation.auditor.evidence import Evidence
from daemon.simulation.auditor.invariant import Invariant

FEE_STEP: Final = 10
"""Fees have five decimals."""
_FINAL: Final = {
    SettlementStatus.CONFIRMED: TradeStatus.CONFIRMED,
    SettlementStatus.FAILED: TradeStatus.FAILED,
}


class FillsAreReal(Invariant):
    """Looks each fill and each settlement up at the exchange."""

    name: ClassVar[str] = "fills are real"
    promise: ClassVar[str] = "every fill and settlement the daemon counts was made, and counts once"
    facts: ClassVar[tuple[type, ...]] = (OrderFilled, FillSettled)

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._markets: dict[str, Market] = {
            market.condition_id: market for market in evidence.premises.markets
        }

    def told(self, fact: Fact) -> None:
        """Compare it with the exchange."""
        if isinstance(fact, OrderFilled):
            self._look_at_fill(fact.fill)
        elif isinstance(fact, FillSettled):
            self._look_at_settlement(fact)

    def _look_at_fill(self, fill: Fill) -> None:
        evidence = self.evidence
        what = f"trade {fill.trade_id} of {fill.client_order_id}"
        if fill.leg in evidence.told.legs:
            self.broken(f"{what} is counted again")
            return
        leg = evidence.venue.legs.get(fill.leg)
        if leg is None:
            self.broken(f"{what} was never made")
            return
        told = (fill.side, fill.price, fill.shares, fill.liquidity is Liquidity.TAKER)
        made = (leg.side, leg.price, leg.shares, leg.is_taker)
        if told != made:
            self.broken(f"{what} is {told} for the daemon, {made} at the exchange")
        if fill.fee != self._fee_of(fill):
            self.broken(f"{what} costs a fee of {fill.fee}, should be {self._fee_of(fill)}")
        self._compare(fill.trade_id, fill.settlement)

    def _look_at_settlement(self, fact: FillSettled) -> None:
        if fact.trade_id not in self.evidence.told.by_trade:
            self.broken(f"trade {fact.trade_id} is settled and was never counted")
        self._compare(fact.trade_id, fact.settlement)

    def _compare(self, trade_id: TradeId, told: SettlementStatus) -> None:
        final = _FINAL.get(told)
        status = self.evidence.venue.status.get(trade_id)
        if final is not None and status is not final:
            self.broken(f"trade {trade_id} is {told} for the daemon, {status} at the exchange")

    def _fee_of(self, fill: Fill) -> int:
        """Return the fee by the market's schedule, at the price the venue stated."""
        market = self._markets.get(fill.condition_id)
        if fill.liquidity is Liquidity.MAKER or market is None or not market.fee.rate:
            return 0
        exponent = market.fee.exponent
        exact = fill.shares * market.fee.rate * (fill.price * (MICRO - fill.price)) ** exponent
        step = FEE_STEP * MICRO ** (1 + 2 * exponent)
        return FEE_STEP * max(1, (exact + step // 2) // step)
