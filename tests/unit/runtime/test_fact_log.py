"""The log says what the facts say."""

import logging
from collections.abc import MutableMapping
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from daemon.domain import order_events as ev
from daemon.domain.facts import (
    BookDistrusted,
    BookResynced,
    Fact,
    PauseLifted,
    PositionChanged,
    TradingPaused,
)
from daemon.domain.feed import BookChange
from daemon.domain.ids import RunId
from daemon.domain.prepared import PreparedOrder
from daemon.domain.reasons import PauseReason
from daemon.domain.side import Side
from daemon.engine.inputs import Pulse
from daemon.engine.outcome import CancelOrder, Resync, SubmitOrder
from daemon.runtime.fact_log import RECENT_MAX, FactLog
from daemon.runtime.log_events import ALWAYS, LOG_EVENTS
from tests.builders import START, YES, seconds
from tests.unit.runtime.every_fact import lives, others
from tests.unit.runtime.told import Told, born

Line = MutableMapping[str, Any]


def logged(told: Told, *steps: tuple[Fact, ...]) -> list[Line]:
    with capture_logs() as lines:
        log = FactLog(run_id=RunId(told.run), state=told.state)
        for facts in steps:
            log.observe(told.step(*facts))
        assert log.failures == 0
    return lines


def named(lines: list[Line], event: str) -> Line:
    (line,) = [line for line in lines if line["event"] == event]
    return line


@pytest.mark.requirement("S0-054", "S2-082")
def test_every_fact_is_logged_under_its_event_with_the_keys_of_the_table() -> None:
    told = Told()
    lines = logged(told, *lives(told), *((fact,) for fact in others(told.order(1))))
    seen = {line["event"] for line in lines}
    assert {*LOG_EVENTS} - seen == {"decision.made", "position.closed"}
    for line in lines:
        kind = LOG_EVENTS[line["event"]]
        keys = {*line} - {*ALWAYS, "event", "log_level"}
        assert keys <= {*kind.keys}, line["event"]
        assert line["log_level"] == kind.level
        assert line["run"] == "run"
        assert line["at"] == "2026-04-13T12:00:00.000000Z"


def test_an_event_carries_the_number_of_its_fact_in_the_journal() -> None:
    told = Told()
    with capture_logs() as lines:
        log = FactLog(run_id=RunId("run"), state=told.state)
        log.observe(born(told, told.order(1)))
        log.observe(born(told, told.order(2)))
    assert [line["seq"] for line in lines] == [1, 2, 3, 4, 5, 6]


@pytest.mark.requirement("S4-038", "S4-046")
def test_an_order_is_named_in_full_from_its_first_line_on() -> None:
    told = Told()
    order = told.order(7)
    with capture_logs() as lines:
        FactLog(run_id=RunId("run"), state=told.state).observe(born(told, order))
    created, sent, accepted = lines
    assert created["event"] == "order.created"
    assert created["market"] == "btc-updown-5m-1776081600"
    for line in lines:
        assert line["client_order_id"] == "run-7"
        assert line["venue_order_id"] == order.venue_order_id
        assert line["token"] == YES
        assert (line["side"], line["price"], line["shares"]) == ("BUY", "0.45", "10.00")
    assert (sent["event"], accepted["event"]) == ("order.sent", "order.accepted")


@pytest.mark.requirement("S3-034", "S3-082", "S4-010", "S4-040", "S4-047")
def test_a_fill_says_how_long_it_took_how_much_it_slipped_and_what_is_held_now() -> None:
    told = Told()
    order = told.order(1)
    born(told, order)
    first = told.fill(order, price="0.44", shares="4", at=seconds(1))
    (line,) = [line for line in logged(told, first) if line["event"] == "order.filled"]
    assert line["latency_ms"] == 1000.0
    assert (line["slippage"], line["slippage_pct"]) == ("-0.0088", "-1.9608")
    assert (line["total_shares"], line["avg_price"]) == ("4.00", "0.44")
    assert line["is_complete"] is False
    assert line["fill_cause"] == "queue"
    second = told.fill(order, price="0.45", shares="6", at=seconds(2))
    line = named(logged(told, second), "order.filled")
    assert line["slippage"] == "0.0012"
    assert (line["total_shares"], line["avg_price"]) == ("10.00", "0.446")
    assert line["is_complete"] is True


def test_of_two_fills_in_one_step_only_the_last_completes_the_order() -> None:
    told = Told()
    order = told.order(1)
    born(told, order)
    first = told.fill(order, shares="4")
    rest = told.fill(order, shares="6")
    second = (rest[0], after_both(told, first[0], rest[0]))
    lines = logged(told, (*first, *second))
    assert [line["is_complete"] for line in lines if line["event"] == "order.filled"] == [
        False,
        True,
    ]


def after_both(told: Told, *fills: Fact) -> Fact:
    """Return the position after the fills that one step reports."""
    position = told.state.position(YES)
    for fact in fills:
        assert isinstance(fact, ev.OrderFilled)
        position = position.apply_fill(fact.fill)
    return PositionChanged(position=position, mark=None)


@pytest.mark.requirement("S4-040")
def test_a_position_that_becomes_flat_says_what_it_earned_and_the_total() -> None:
    told = Told()
    buy, sell = told.order(1), told.order(2, side=Side.SELL, price="0.7")
    born(told, buy)
    born(told, sell)
    with capture_logs() as lines:
        log = FactLog(run_id=RunId("run"), state=told.state)
        log.observe(told.step(*told.fill(buy, price="0.45")))
        log.observe(told.step(*told.fill(sell, price="0.7")))
    closed = named(lines, "position.closed")
    assert (closed["pnl"], closed["total_pnl"]) == ("2.50", "2.50")


def test_what_was_held_before_the_start_does_not_count_as_earned_since() -> None:
    told = Told()
    for number, side, limit in ((1, Side.BUY, "0.4"), (2, Side.SELL, "0.6"), (3, Side.BUY, "0.5")):
        order = told.order(number, side=side, price=limit)
        born(told, order)
        told.step(*told.fill(order, price=limit))
    sell = told.order(4, side=Side.SELL, price="0.6")
    born(told, sell)
    closed = named(logged(told, told.fill(sell, price="0.6")), "position.closed")
    assert (closed["pnl"], closed["total_pnl"]) == ("1.00", "3.00")


def test_a_decision_line_counts_causes_and_effects() -> None:
    told = Told()
    order = told.order(1)
    denial = others(order)[0]
    step = told.step(
        ev.OrderCreated(order=order),
        denial,
        effects=(
            SubmitOrder(PreparedOrder(order=order, payload=b"")),
            CancelOrder(order),
            Resync(YES, "crossed"),
        ),
        events=(BookChange(START, START, ()), BookChange(START, START, ()), Pulse()),
    )
    with capture_logs() as lines:
        FactLog(run_id=RunId("run"), state=told.state).observe(step)
    line = named(lines, "decision.made")
    assert line["cause"] == {"BookChange": 2, "Pulse": 1}
    assert [line[key] for key in ("submits", "cancels", "denials", "resyncs")] == [1, 1, 1, 1]
    assert line["duration_us"] == 84
    assert lines[0] is line


def test_a_step_without_effects_has_no_decision_line() -> None:
    told = Told()
    lines = logged(told, (BookResynced(token=YES),))
    assert [line["event"] for line in lines] == ["book.resynced"]


def test_trading_resumes_only_when_the_last_reason_is_gone() -> None:
    told = Told()
    starting, lost = PauseReason.STARTING, PauseReason.FEED_LOST
    told.state.reasons.pauses.update({starting: "", lost: ""})
    with capture_logs() as lines:
        log = FactLog(run_id=RunId("run"), state=told.state)
        del told.state.reasons.pauses[starting]
        log.observe(told.step(PauseLifted(reason=starting)))
        del told.state.reasons.pauses[lost]
        log.observe(told.step(PauseLifted(reason=lost)))
    events = [line["event"] for line in lines]
    assert events == ["pause.lifted", "pause.lifted", "trading.resumed"]
    assert lines[0]["remaining"] == "feed_lost"


def test_book_news_is_counted_even_when_it_is_not_written() -> None:
    told = Told()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with capture_logs() as lines:
        log = FactLog(run_id=RunId("run"), state=told.state)
        log.observe(told.step(BookDistrusted(token=YES, reason="stale"), BookResynced(token=YES)))
        log.observe(
            told.step(
                BookDistrusted(token=YES, reason="stale"),
                TradingPaused(reason=PauseReason.FEED_LOST),
            )
        )
    assert [line["event"] for line in lines] == ["trading.paused"]
    assert log.counts["book.distrusted"] == 2
    assert log.counts["book.resynced"] == 1
    assert [name for name, _ in log.recent] == ["trading.paused"]


def test_only_the_latest_events_are_kept_for_screens() -> None:
    told = Told()
    with capture_logs():
        log = FactLog(run_id=RunId("run"), state=told.state)
        for number in range(1, RECENT_MAX):
            log.observe(born(told, told.order(number)))
    assert len(log.recent) == RECENT_MAX
    assert log.recent[-1][1]["client_order_id"] == f"run-{RECENT_MAX - 1}"


def test_a_log_that_fails_is_counted_and_does_not_stop_the_loop() -> None:
    def fail(*_: object) -> Any:
        raise RuntimeError("no")

    told = Told()
    structlog.configure(processors=[fail])
    log = FactLog(run_id=RunId("run"), state=told.state)
    with pytest.raises(RuntimeError):
        structlog.get_logger().info("log.tried")
    log.observe(born(told, told.order(1)))
    log.observe(born(told, told.order(2)))
    assert log.failures == 2
