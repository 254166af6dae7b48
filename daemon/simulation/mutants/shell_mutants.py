"""Mistakes in what carries decisions out and keeps them: outbox, journal, comparison with the venue."""

from typing import Final

from daemon.simulation.mutants.mutant import Mutant

SHELL_MUTANTS: Final[tuple[Mutant, ...]] = (
    Mutant(
        name="submit-before-journal",
        what="a submit does not wait until its creation is committed",
        module="daemon.runtime.outbox",
        old="await asyncio.shield(durable)",
        new="await asyncio.sleep(0)",
    ),
    Mutant(
        name="journal-lies",
        what="the journal says durable when the facts are only queued",
        module="daemon.runtime.journal_writer",
        old="self._queue.append((entry, durable))",
        new="self._queue.append((entry, durable)); durable.set_result(None)",
    ),
    Mutant(
        name="journal-drops-group",
        what="a group that could not be written is counted as written",
        module="daemon.runtime.journal_writer",
        old="self._note_down(str(error))",
        new="return self._note_down(str(error))",
    ),
    Mutant(
        name="no-last-look",
        what="no last look at the kill switch before a submit is sent",
        module="daemon.runtime.outbox",
        old="if self._is_stopped():",
        new="if False:",
    ),
    Mutant(
        name="stale-submits",
        what="a submit waits for the journal as long as it takes and is sent then",
        module="daemon.runtime.outbox",
        old="async with asyncio.timeout(self._submit_within_s):",
        new="async with asyncio.timeout(None):",
    ),
    Mutant(
        name="cancel-waits",
        what="a cancel waits until everything is committed",
        module="daemon.runtime.outbox",
        old="reply = await self._venue.cancel(order)",
        new="await self._journal.flush(); reply = await self._venue.cancel(order)",
    ),
    Mutant(
        name="unknown-is-rejected",
        what="a submit without an answer is taken for rejected",
        module="daemon.runtime.outbox",
        old="""self._put(ev.OrderUnknown(client_order_id=client_order_id, reason=str(error)))
        else:""",
        new="""self._put(ev.OrderRejected(client_order_id=client_order_id, reason=str(error)))
        else:""",
    ),
    Mutant(
        name="unknown-is-unsent",
        what="a submit without an answer is taken for never sent, and signed anew",
        module="daemon.runtime.outbox",
        old="""self._put(ev.OrderUnknown(client_order_id=client_order_id, reason=str(error)))
        else:""",
        new="""self._fail(client_order_id, str(error))
        else:""",
    ),
    Mutant(
        name="unknown-is-retried",
        what="a submit without an answer is sent again",
        module="daemon.runtime.outbox",
        old="""self._put(ev.OrderUnknown(client_order_id=client_order_id, reason=str(error)))
        else:""",
        new="""await self._submit(prepared, durable)
        else:""",
    ),
    Mutant(
        name="unknown-cancel-is-done",
        what="a cancel without an answer is taken for done",
        module="daemon.runtime.outbox",
        old="""self._put(ev.OrderUnknown(client_order_id=client_order_id, reason=str(error)))
            return""",
        new="""self._put(ev.OrderCanceled(client_order_id=client_order_id, matched=None, reason=""))
            return""",
    ),
    Mutant(
        name="list-is-truth",
        what="an order that a list of open orders does not name is over, without asking",
        module="daemon.runtime.comparison",
        old="answer = await self._look_up(order)",
        new='answer = Ended(matched=order.filled, reason="not listed")',
    ),
    Mutant(
        name="not-found-is-proof",
        what="an order that is not found once never arrived",
        module="daemon.runtime.doubts",
        old="return looks >= LOOKS_MIN",
        new="return True",
    ),
    Mutant(
        name="no-grace",
        what="looks in vain count from the first one on, whatever is still on its way",
        module="daemon.runtime.doubts",
        old="if now - first_at >= self._grace:",
        new="if True:",
    ),
    Mutant(
        name="seen-is-all",
        what="when an order has ended, the fills seen so far are taken for all that matched",
        module="daemon.runtime.comparison",
        old="OrderCanceled(client_order_id=name, matched=matched, reason=reason)",
        new="OrderCanceled(client_order_id=name, matched=order.filled, reason=reason)",
    ),
    Mutant(
        name="missed-fills-stay-missed",
        what="fills that the stream did not tell are not taken from the list of trades",
        module="daemon.runtime.comparison",
        old="self._put(leg)",
        new="pass",
    ),
    Mutant(
        name="missed-settlements-stay-missed",
        what="settlement news that the stream did not tell is not taken from the list of trades",
        module="daemon.runtime.comparison",
        old="elif trades.settlement(leg.trade_id) is not leg.settlement:",
        new="elif False:",
    ),
    Mutant(
        name="trades-not-read-again",
        what="each comparison reads the trades of the moment only",
        module="daemon.runtime.trade_window",
        old="return Nanos(earliest - OVERLAP)",
        new="return now",
    ),
    Mutant(
        name="trades-before-compared",
        what="a start does not wait for its first comparison with the venue",
        module="daemon.app.app",
        old="self.inbox.put(PauseRequested(reason=PauseReason.STARTING))",
        new="pass",
    ),
)
