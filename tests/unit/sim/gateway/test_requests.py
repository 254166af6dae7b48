"""Requests in virtual time: what a fault lets arrive, what the process hears of it, what it cannot know."""

import asyncio

import pytest

from daemon.domain.order import TimeInForce
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.errors import OutcomeUnknown, RateLimited, Restricted
from daemon.ports import Accepted, Canceled, Ended, NotCanceled, NotFound, Rejected, Resting
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.front.service_schedule import ServicePhase, ServiceState
from daemon.sim.exchange.trading.venue_order import OrderStatus
from tests.builders import START
from tests.unit.sim.gateway.gateway_bench import GatewayBench, a_prepared, a_rule

SUBMIT, CANCEL, PAGE = FaultPoint.SUBMIT, FaultPoint.CANCEL, FaultPoint.PAGE


def test_an_order_travels_there_and_its_reply_back() -> None:
    bench, prepared = GatewayBench(), a_prepared()
    assert bench.live(lambda: bench.venue.submit(prepared)) == Accepted()
    assert bench.seen == ["sent", "arrived"]
    assert bench.outside.elapsed_ns == 20_000_000
    assert bench.live(lambda: bench.account.lookup(prepared.order)) == Resting(matched=0)  # type: ignore[arg-type]
    (listed,) = bench.live(bench.account.open_orders).items
    assert listed.venue_order_id == prepared.order.venue_order_id


def test_the_id_is_that_of_the_bytes_and_another_signature_has_another_one() -> None:
    one, same = a_prepared(), a_prepared()
    later = a_prepared(now=Nanos(START + 1))
    assert one == same
    assert later.order.venue_order_id != one.order.venue_order_id


def test_an_order_that_is_dropped_is_unknown_and_never_there() -> None:
    bench, prepared = GatewayBench(a_rule(FaultKind.DROP, SUBMIT)), a_prepared()
    with pytest.raises(OutcomeUnknown, match="no answer within"):
        bench.live(lambda: bench.venue.submit(prepared))
    assert bench.seen == ["sent", "lost"]
    assert bench.live(lambda: bench.account.lookup(prepared.order)) == NotFound()


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (FaultKind.REPLY_LOST, ()),
        (FaultKind.REPLY_LATE, (1_500,)),
        (FaultKind.DELAY, (1_500,)),
    ],
)
def test_an_order_without_an_answer_in_time_is_unknown_and_rests(
    kind: FaultKind, values: tuple[int, ...]
) -> None:
    bench, prepared = GatewayBench(a_rule(kind, SUBMIT, *values)), a_prepared()
    with pytest.raises(OutcomeUnknown):
        bench.live(lambda: bench.venue.submit(prepared))
    bench.outside.pass_to(Nanos(bench.outside.now() + NANOS_PER_S))
    state = bench.exchange.order(prepared.order.venue_order_id)
    assert state is not None
    assert state.status is OrderStatus.LIVE


@pytest.mark.parametrize("is_done", [True, False])
def test_a_server_error_leaves_open_whether_the_order_is_there(is_done: bool) -> None:
    rule = a_rule(FaultKind.SERVER_ERROR, SUBMIT, 503, is_done=is_done)
    bench, prepared = GatewayBench(rule), a_prepared()
    with pytest.raises(OutcomeUnknown, match="503"):
        bench.live(lambda: bench.venue.submit(prepared))
    is_there = bench.exchange.order(prepared.order.venue_order_id) is not None
    assert is_there is is_done
    assert bench.seen[-1] == ("arrived" if is_done else "lost")


def test_too_many_requests_say_how_long_to_wait() -> None:
    bench = GatewayBench(a_rule(FaultKind.RATE_LIMITED, SUBMIT, 3))
    with pytest.raises(RateLimited) as limited:
        bench.live(lambda: bench.venue.submit(a_prepared()))
    assert limited.value.retry_after_ms == 3_000


def test_a_copy_that_is_refused_as_a_duplicate_does_not_mean_that_the_order_is() -> None:
    bench, prepared = GatewayBench(), a_prepared()
    bench.live(lambda: bench.venue.submit(prepared))
    with pytest.raises(OutcomeUnknown, match="already"):
        bench.live(lambda: bench.venue.submit(prepared))


def test_a_restarting_venue_takes_nothing() -> None:
    phase = ServicePhase(
        state=ServiceState.RESTARTING, start_at=START, end_at=Nanos(START + 5 * NANOS_PER_S)
    )
    bench = GatewayBench(phases=(phase,))
    with pytest.raises(Restricted, match="425"):
        bench.live(lambda: bench.venue.submit(a_prepared()))
    assert bench.seen == ["sent", "lost"]


def test_a_request_that_has_left_arrives_even_if_its_process_is_gone() -> None:
    bench, prepared = GatewayBench(), a_prepared()

    async def send_and_die() -> None:
        task = asyncio.get_running_loop().create_task(bench.venue.submit(prepared))
        await asyncio.sleep(0)
        task.cancel()

    bench.live(send_and_die)
    bench.line.close()
    bench.outside.pass_to(Nanos(START + NANOS_PER_S))
    assert bench.exchange.order(prepared.order.venue_order_id) is not None


def test_a_cancel_says_nothing_of_what_had_matched_and_a_second_one_is_refused() -> None:
    bench, prepared = GatewayBench(), a_prepared()
    bench.live(lambda: bench.venue.submit(prepared))
    assert bench.live(lambda: bench.venue.cancel(prepared.order)) == Canceled(matched=None)
    assert isinstance(bench.live(lambda: bench.venue.cancel(prepared.order)), NotCanceled)
    ended = bench.live(lambda: bench.account.lookup(prepared.order))
    assert ended == Ended(matched=0, reason="CANCELED")  # type: ignore[arg-type]


def test_cancel_all_leaves_nothing() -> None:
    bench = GatewayBench()
    for number in range(3):
        bench.live(lambda number=number: bench.venue.submit(a_prepared(number)))
    bench.live(bench.venue.cancel_all)
    assert bench.live(bench.account.open_orders).items == ()


def test_what_a_taking_buy_does_not_get_does_not_rest() -> None:
    bench = GatewayBench()
    prepared = a_prepared(time_in_force=TimeInForce.FAK)
    assert bench.live(lambda: bench.venue.submit(prepared)) == Accepted()
    assert bench.exchange.open_orders(bench.account_owner) == ()


def test_an_order_that_the_exchange_refuses_is_rejected_in_its_words() -> None:
    bench = GatewayBench()
    reply = bench.live(lambda: bench.venue.submit(a_prepared(shares="1")))
    assert isinstance(reply, Rejected)
    assert "lower than the minimum" in reply.reason


def test_an_empty_page_hides_what_rests_and_a_ghost_shows_what_does_not() -> None:
    empty, ghost = a_rule(FaultKind.PAGE_EMPTY, PAGE), a_rule(FaultKind.SNAPSHOT_GHOST, PAGE, nth=2)
    bench, prepared = GatewayBench(empty, ghost), a_prepared()
    bench.live(lambda: bench.venue.submit(prepared))
    assert bench.live(bench.account.open_orders).items == ()
    bench.live(lambda: bench.venue.cancel(prepared.order))
    (shown,) = bench.live(bench.account.open_orders).items
    assert shown.venue_order_id == prepared.order.venue_order_id


def test_a_stale_list_is_of_some_time_ago() -> None:
    bench = GatewayBench(a_rule(FaultKind.SNAPSHOT_STALE, PAGE, 500))
    bench.live(lambda: bench.venue.submit(a_prepared()))
    assert bench.live(bench.account.open_orders).items == ()
    assert len(bench.live(bench.account.open_orders).items) == 1
