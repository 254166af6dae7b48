"""Mistakes in what decides and in what remembers: reasons, limits, parents, recovery, strategies."""

from typing import Final

from daemon.simulation.mutants.mutant import Mutant

ENGINE_MUTANTS: Final[tuple[Mutant, ...]] = (
    Mutant(
        name="pause-ignored",
        what="a pause does not keep anything from opening",
        module="daemon.risk.trading_state",
        old="return TradingState.PAUSED if self.pauses else TradingState.ACTIVE",
        new="return TradingState.ACTIVE",
    ),
    Mutant(
        name="kill-is-no-halt",
        what="the kill switch stops what leaves, and halts nothing",
        module="daemon.engine.control",
        old="return is_engaged and self._halt(HaltReason.KILL_SWITCH, text, out)",
        new="return False",
    ),
    Mutant(
        name="failed-market-goes-on",
        what="a failed settlement does not pause its market",
        module="daemon.engine.venue_desk",
        old="pauses[reason] = detail = f",
        new="return; detail = f",
    ),
    Mutant(
        name="halt-forgotten",
        what="a halt does not outlive a crash",
        module="daemon.engine.recovery",
        old="state.reasons.halts[reason] = detail",
        new="pass",
    ),
    Mutant(
        name="doubt-forgotten",
        what="after a crash, open orders are believed to be as they were written down",
        module="daemon.engine.recovery",
        old="return tuple(_unknown(order) for order in state.desk.open.values())",
        new="return ()",
    ),
    Mutant(
        name="facts-share-numbers",
        what="the facts of a step take one number together",
        module="daemon.engine.engine",
        old="""        self._seq += len(out.facts)
        return Outcome(seq=seq, at=now, facts=tuple(out.facts), effects=tuple(out.effects))

    def fail""",
        new="""        self._seq += 1
        return Outcome(seq=seq, at=now, facts=tuple(out.facts), effects=tuple(out.effects))

    def fail""",
    ),
    Mutant(
        name="parent-starts-again",
        what="a restart does not know the parents at work",
        module="daemon.engine.recovery",
        old="state.parents.start(parent)",
        new="pass",
    ),
    Mutant(
        name="parent-forgets-fills",
        what="a slice goes by what it planned, not by what its children filled",
        module="strategies.order_splitter",
        old="owed = planned.shares - view.filled(slot)",
        new="owed = planned.shares",
    ),
    Mutant(
        name="limit-passed-by-a-tick",
        what="one tick more than the best, even if that passes the trader's limit",
        module="strategies.peg",
        old="if (improved - limit_price) * sign > 0:",
        new="if False:",
    ),
    Mutant(
        name="takes-at-any-price",
        what="a slice out of patience takes whatever the price",
        module="strategies.order_splitter",
        old="if price is None or (price - params.limit_price) * side.sign > 0:",
        new="if price is None:",
    ),
    Mutant(
        name="exposure-without-orders",
        what="total exposure is what is held, without what is working",
        module="daemon.risk.checks",
        old="stake = now.portfolio.exposure(now.orders)",
        new="stake = now.portfolio.exposure(())",
    ),
    Mutant(
        name="position-without-orders",
        what="a position is limited without what is working",
        module="daemon.risk.checks",
        old="            worst += order.at_risk\n",
        new="            worst += 0\n",
    ),
    Mutant(
        name="one-order-too-many",
        what="the limit of open orders is one too high",
        module="daemon.risk.checks",
        old="return None if count < most else",
        new="return None if count <= most else",
    ),
    Mutant(
        name="shares-promised-twice",
        what="a SELL does not count what other SELLs have promised",
        module="daemon.risk.checks",
        old="free = now.portfolio.sellable(target.token, now.orders)",
        new="free = now.portfolio.sellable(target.token, ())",
    ),
)
