"""Opening risk waits for the journal, closing risk waits for nobody."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from daemon.domain import order_events as ev
from daemon.domain.ids import TokenId
from daemon.domain.order import Order
from daemon.domain.prepared import PreparedOrder
from daemon.engine.inputs import Event
from daemon.engine.outcome import (
    Alert,
    CancelAll,
    CancelOrder,
    Effect,
    Outcome,
    Resync,
    SubmitOrder,
)
from daemon.errors import (
    JournalUnavailable,
    OutcomeUnknown,
    RateLimited,
    Restricted,
    Unreachable,
)
from daemon.ports import Accepted, Canceled, Delayed, NotCanceled, Rejected
from daemon.runtime.kill_switch import KillSwitch, engage
from daemon.runtime.outbox import Outbox
from tests.builders import START, YES, an_order, shares
from tests.unit.runtime.neighbours import (
    PlayedAlerts,
    PlayedJournal,
    PlayedVenue,
    Put,
    turns,
)

SUBMIT_WITHIN_MS = 40


class Bench:
    """An outbox between a venue, a journal and an inbox that the test plays."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self.venue, self.journal, self.alerts = PlayedVenue(), PlayedJournal(), PlayedAlerts()
        self.put = Put()
        self.resyncs: list[TokenId] = []
        self.is_stopped: Callable[[], bool] = lambda: False
        self.outbox = Outbox(
            venue=self.venue,
            journal=self.journal,
            alerts=self.alerts,
            put=self.put,
            resync=self.resyncs.append,
            is_stopped=self._is_stopped,
            tasks=tasks,
            submit_within_ms=SUBMIT_WITHIN_MS,
        )

    def _is_stopped(self) -> bool:
        return self.is_stopped()

    def perform(self, *effects: Effect) -> None:
        """Perform effects; those that submit come with the fact of the order's birth."""
        facts = tuple(
            ev.OrderCreated(order=effect.prepared.order)
            for effect in effects
            if isinstance(effect, SubmitOrder)
        )
        self.outbox.perform(Outcome(seq=1, at=START, facts=facts, effects=effects))

    def submit(self) -> Order:
        order = an_order()
        self.perform(SubmitOrder(PreparedOrder(order=order, payload=b"signed")))
        return order

    def make_durable(self) -> None:
        for promise in self.journal.promises:
            if not promise.done():
                promise.set_result(None)


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    async with asyncio.TaskGroup() as tasks:
        bench = Bench(tasks)
        yield bench
        bench.outbox.abandon()


async def test_a_submit_waits_until_its_fact_is_durable(bench: Bench) -> None:
    order = bench.submit()
    await turns()
    assert bench.venue.submitted == []
    assert bench.put.events == []
    bench.make_durable()
    await turns()
    assert [prepared.payload for prepared in bench.venue.submitted] == [b"signed"]
    assert bench.put.events == [
        ev.OrderSent(client_order_id=order.client_order_id),
        ev.OrderAccepted(client_order_id=order.client_order_id),
    ]
    assert bench.outbox.active == 0


async def test_facts_are_journaled_in_the_order_of_the_steps(bench: Bench) -> None:
    first, second = bench.submit(), bench.submit()
    names = [fact for entry in bench.journal.entries for fact in entry.facts]
    assert names == [ev.OrderCreated(order=first), ev.OrderCreated(order=second)]


async def test_cancels_leave_at_once_though_the_journal_never_answers(bench: Bench) -> None:
    submitted, canceled = an_order(), an_order()
    bench.perform(
        SubmitOrder(PreparedOrder(order=submitted, payload=b"")),
        CancelOrder(canceled),
        CancelAll(),
    )
    await turns()
    assert bench.venue.canceled == [canceled]
    assert bench.venue.cancel_alls == 1
    assert bench.venue.submitted == []


async def test_a_submit_that_waited_too_long_is_not_sent(bench: Bench) -> None:
    order = bench.submit()
    await asyncio.sleep(SUBMIT_WITHIN_MS / 1000 + 0.03)
    bench.make_durable()
    await turns()
    assert bench.venue.submitted == []
    (failed,) = bench.put.events
    assert isinstance(failed, ev.OrderFailed)
    assert failed.client_order_id == order.client_order_id
    assert failed.reason.startswith("too late")


async def test_waiting_too_long_does_not_take_the_promise_from_others(bench: Bench) -> None:
    bench.submit()
    await asyncio.sleep(SUBMIT_WITHIN_MS / 1000 + 0.03)
    (promise,) = bench.journal.promises
    assert not promise.cancelled()
    bench.make_durable()


async def test_a_journal_that_failed_for_good_lets_nothing_leave(bench: Bench) -> None:
    bench.submit()
    bench.journal.promises[0].set_exception(JournalUnavailable("the queue is full"))
    await turns()
    assert bench.venue.submitted == []
    (failed,) = bench.put.events
    assert isinstance(failed, ev.OrderFailed)
    assert failed.reason == "not journaled: the queue is full"


async def test_the_kill_switch_is_looked_at_once_more_before_sending(bench: Bench) -> None:
    looks: list[int] = []

    def look() -> bool:
        looks.append(len(bench.journal.promises))
        return True

    bench.is_stopped = look
    order = bench.submit()
    bench.make_durable()
    await turns()
    assert bench.put.events == [
        ev.OrderFailed(client_order_id=order.client_order_id, reason="kill switch")
    ]
    assert bench.venue.submitted == []
    assert len(looks) == 1


@pytest.mark.requirement("S3-093")
async def test_nothing_is_submitted_once_the_kill_file_is_there(
    bench: Bench, tmp_path: Path
) -> None:
    switch = KillSwitch([tmp_path], report=lambda _: None, poll_ms=100)
    bench.is_stopped = switch.is_engaged
    before = bench.submit()
    bench.make_durable()
    await turns()
    after = bench.submit()
    engage(tmp_path, "enough")
    bench.make_durable()
    await turns()
    assert [prepared.order for prepared in bench.venue.submitted] == [before]
    assert bench.put.events[-1] == ev.OrderFailed(
        client_order_id=after.client_order_id, reason="kill switch"
    )


def told(kind: type[Event], order: Order, **details: object) -> Event:
    return kind(client_order_id=order.client_order_id, **details)  # type: ignore[return-value,call-arg]


SUBMIT_NEWS: list[tuple[object, type[Event], dict[str, object]]] = [
    (Accepted(), ev.OrderAccepted, {}),
    (Delayed(), ev.OrderDelayed, {}),
    (Rejected("no money"), ev.OrderRejected, {"reason": "no money"}),
    (Unreachable("no route"), ev.OrderRejected, {"reason": "no route"}),
    (Restricted("cancel-only"), ev.OrderRejected, {"reason": "cancel-only"}),
    (OutcomeUnknown("cut"), ev.OrderUnknown, {"reason": "cut"}),
    (RateLimited("slow", retry_after_ms=5), ev.OrderUnknown, {"reason": "slow"}),
]


@pytest.mark.parametrize(("answer", "kind", "details"), SUBMIT_NEWS)
async def test_what_became_of_a_submit_comes_back_as_news(
    bench: Bench, answer: object, kind: type[Event], details: dict[str, object]
) -> None:
    bench.venue.submit_answer = answer
    order = bench.submit()
    bench.make_durable()
    await turns()
    assert bench.put.events == [told(ev.OrderSent, order), told(kind, order, **details)]


CANCEL_NEWS: list[tuple[object, type[Event], dict[str, object]]] = [
    (Canceled(matched=shares("3")), ev.OrderCanceled, {"matched": 3_000_000, "reason": "asked"}),
    (Canceled(matched=None), ev.OrderCanceled, {"matched": None, "reason": "asked"}),
    (NotCanceled("gone"), ev.CancelRejected, {"reason": "gone"}),
    (Unreachable("no route"), ev.OrderUnknown, {"reason": "no route"}),
    (OutcomeUnknown("cut"), ev.OrderUnknown, {"reason": "cut"}),
]


@pytest.mark.parametrize(("answer", "kind", "details"), CANCEL_NEWS)
async def test_what_became_of_a_cancel_comes_back_as_news(
    bench: Bench, answer: object, kind: type[Event], details: dict[str, object]
) -> None:
    bench.venue.cancel_answer = answer
    order = an_order()
    bench.perform(CancelOrder(order))
    await turns()
    assert bench.put.events == [told(kind, order, **details)]
    assert bench.journal.entries == []


async def test_a_failed_cancel_all_is_told_to_a_person(bench: Bench) -> None:
    bench.venue.cancel_all_answer = Unreachable("no route")
    bench.perform(CancelAll())
    await turns()
    assert bench.alerts.sent == [("critical", "cancel_all.failed", "no route")]


async def test_resyncs_and_alerts_are_handed_on(bench: Bench) -> None:
    bench.perform(Resync(YES, "crossed"), Alert("info", "book.crossed", "of YES"))
    assert bench.resyncs == [YES]
    assert bench.alerts.sent == [("info", "book.crossed", "of YES")]


async def test_a_slow_venue_holds_up_nobody(bench: Bench) -> None:
    answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    bench.venue.submit_answer = answer
    slow = bench.submit()
    bench.make_durable()
    await turns()
    assert bench.outbox.active == 1
    quick = an_order()
    bench.perform(CancelOrder(quick))
    await turns()
    assert bench.venue.canceled == [quick]
    answer.set_result(Accepted())
    await turns()
    assert bench.put.events[-1] == told(ev.OrderAccepted, slow)
    assert bench.outbox.active == 0


async def test_abandoned_requests_do_not_keep_the_daemon_from_ending() -> None:
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        bench = Bench(tasks)
        bench.venue.submit_answer = bench.venue.cancel_answer = asyncio.Future()
        bench.submit()
        bench.make_durable()
        bench.perform(CancelOrder(an_order()))
        await turns()
        assert bench.outbox.active == 2
        bench.outbox.abandon()
    assert bench.outbox.active == 0


async def test_a_bug_of_the_venue_stops_the_daemon() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.TaskGroup() as tasks:
            bench = Bench(tasks)
            bench.venue.cancel_answer = KeyError("bug")
            bench.perform(CancelOrder(an_order()))
    assert caught.group_contains(KeyError)
