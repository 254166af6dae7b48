"""Mistakes about orders, fills and positions."""

from typing import Final

from daemon.simulation.mutants.mutant import Mutant

_AT_RISK = "status, left = self.status, self.shares - self.filled"


def _not_at_risk(status: str) -> str:
    return (
        f"status, left = self.status, "
        f"0 if self.status is OrderStatus.{status} else self.shares - self.filled"
    )


ORDER_MUTANTS: Final[tuple[Mutant, ...]] = (
    Mutant(
        name="canceled-is-free",
        what="a cancelled order is free at once, before all its fills are known",
        module="daemon.domain.order",
        old="if status in TERMINAL and (self.matched is not None or status not in _TAKEN_OUT):",
        new="if status in TERMINAL:",
    ),
    Mutant(
        name="exposure-without-delayed",
        what="a delayed order does not count as exposure",
        module="daemon.domain.order",
        old=_AT_RISK,
        new=_not_at_risk("DELAYED"),
    ),
    Mutant(
        name="exposure-without-unknown",
        what="an unknown order does not count as exposure",
        module="daemon.domain.order",
        old=_AT_RISK,
        new=_not_at_risk("UNKNOWN"),
    ),
    Mutant(
        name="exposure-without-canceling",
        what="an order that is being cancelled does not count as exposure",
        module="daemon.domain.order",
        old=_AT_RISK,
        new=_not_at_risk("PENDING_CANCEL"),
    ),
    Mutant(
        name="refused-cancel-is-done",
        what="a cancel that the venue refuses is taken for done",
        module="daemon.domain.order_machine",
        old="_K.CANCEL_REJECTED: _S.UNKNOWN,  # Filled, expired or never arrived: not ours to guess.",
        new="_K.CANCEL_REJECTED: _S.CANCELED,",
    ),
    Mutant(
        name="no-late-fills",
        what="a fill after the cancel is held to be impossible",
        module="daemon.domain.order_machine",
        old="        _K.FILLED_PART: _S.CANCELED,\n",
        new="",
    ),
    Mutant(
        name="fills-count-twice",
        what="a fill that is told again counts again",
        module="daemon.engine.venue_desk",
        old="if is_fill and self._state.desk.trades.is_known(event.fill.leg):",
        new="if False:",
    ),
    Mutant(
        name="strangers-fills-count",
        what="a fill of an order that is not ours counts for one of ours",
        module="daemon.engine.venue_desk",
        old="""        order = self._state.desk.find(report.venue_order_id)
        if order is None:
            detail =""",
        new="""        order = self._state.desk.find(report.venue_order_id) or next(
            iter(self._state.desk.live()), None
        )
        if order is None:
            detail =""",
    ),
    Mutant(
        name="takers-pay-no-fee",
        what="the fee of a fill that took is forgotten",
        module="daemon.engine.venue_desk",
        old="if report.liquidity is Liquidity.TAKER and market is not None:",
        new="if False and market is not None:",
    ),
    Mutant(
        name="failure-not-reversed",
        what="the position of a trade that failed to settle is kept",
        module="daemon.domain.position_ledger",
        old="if news is SettlementStatus.FAILED:",
        new="if False:",
    ),
    Mutant(
        name="failure-fills-parent",
        what="a trade that failed to settle still counts for its parent",
        module="daemon.engine.trade_book",
        old="if after is SettlementStatus.FAILED and child is not None:",
        new="if False:",
    ),
    Mutant(
        name="unsettled-can-be-sold",
        what="shares are offered before the trade that brought them is settled",
        module="daemon.domain.portfolio",
        old="ledger.position.shares - ledger.unsettled - promised",
        new="ledger.position.shares - promised",
    ),
)
