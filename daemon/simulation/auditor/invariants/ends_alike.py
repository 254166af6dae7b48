"""When all is over, the daemon and the exchange tell the same story."""

from typing import ClassVar

from daemon.domain.ids import ClientOrderId
from daemon.domain.units import LOT, MICRO
from daemon.sim.exchange.trading.account_ids import CASH
from daemon.simulation.auditor.invariant import Invariant
from daemon.simulation.auditor.venue_books import VenueLeg


class EndsAlike(Invariant):
    """Compares orders, fills, settlements, positions and cash at the very end."""

    name: ClassVar[str] = "ends alike"
    promise: ClassVar[str] = "every order ends, and at the end both sides agree on every fill"

    def ended(self) -> None:
        """Compare the last life's last state with the exchange."""
        self._look_at_orders()
        self._look_at_fills()
        self._look_at_cash()

    def _look_at_orders(self) -> None:
        evidence = self.evidence
        assert evidence.state is not None
        known = evidence.state.desk.open
        out = [
            name
            for name, own in evidence.orders.orders.items()
            if own.is_out and not (name in known and self._is_young(name))
        ]
        if out:
            self.broken(f"never ended at the exchange: {', '.join(out)}")
        open_ = [name for name in known if not self._is_young(name)]
        if open_:
            self.broken(f"never ended for the daemon: {', '.join(open_)}")

    def _is_young(self, name: ClientOrderId) -> bool:
        """A submit of the last moments whose end nobody could wait for: the next start would ask."""
        evidence = self.evidence
        own = evidence.orders.orders.get(name)
        if own is None or own.sent_at is None:
            return False
        return evidence.life_ended_at - own.sent_at <= evidence.premises.resume_within

    def _look_at_fills(self) -> None:
        """A last fill may come too late to be told; then the daemon knows that it may lack some."""
        evidence, state = self.evidence, self.evidence.state
        assert state is not None
        for trade_id, name in evidence.venue.untold:
            order = state.desk.get(name)
            # Less than a lot may trade for a filled order: the rule of dust.
            if order is None or not (order.at_risk or 0 < order.shares - order.filled < LOT):
                self.broken(f"the daemon never learned of {trade_id} of {name}, nor misses it")
        for (trade_id, _), known in evidence.told.legs.items():
            status = evidence.venue.status.get(trade_id)
            if status is None or (known.is_final and known.status.value.upper() != status.value):
                self.broken(f"trade {trade_id} ended {status}, for the daemon it is {known.status}")

    def _look_at_cash(self) -> None:
        """Prices are told to a millionth and fees are worked out from them: so much may differ."""
        evidence = self.evidence
        made = lost = 0
        for leg_id, known in evidence.told.legs.items():
            leg = evidence.venue.legs.get(leg_id)
            if leg is not None and known.counts:
                made += -leg.side.sign * leg.cash - leg.fee
                lost += _tolerance(leg) + abs(known.fill.fee - leg.fee)
        difference = abs(made - evidence.told.cash_exact // MICRO)
        if difference > lost:
            self.broken(f"{CASH} differs by {difference} millionths, explained are {lost}")


def _tolerance(leg: VenueLeg) -> int:
    return leg.shares // (2 * MICRO) + 2
