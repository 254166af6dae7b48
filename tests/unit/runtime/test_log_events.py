"""The page about log events is current, and the names keep to their form."""

import re

from daemon.runtime.log_events import LOG_EVENTS
from tests.unit.runtime.log_event_catalogue import COMMAND, LEVELS, PAGE, logged_directly, page

PLAN = """
decision.made order.created order.sent order.accepted order.delayed order.failed order.rejected
order.denied order.filled order.unknown order.canceled order.duplicate fill.settled fill.failed
book.resynced feed.up feed.lost breaker.tripped breaker.closed trading.paused trading.halted
trading.resumed kill_switch.engaged journal.down journal.up recovery.finished task.failed
"""
"""The events that the plan of the house names."""


def test_the_page_about_log_events_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"run: {COMMAND}"


def test_every_event_of_the_plan_is_logged_somewhere() -> None:
    assert {*PLAN.split()} - {*LOG_EVENTS} - {place.event for place in logged_directly()} == set()


def test_events_are_a_noun_and_a_verb_and_their_levels_are_the_loggers() -> None:
    for name, kind in LOG_EVENTS.items():
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", name), name
        assert kind.level in LEVELS
        assert len({*kind.keys}) == len(kind.keys)


def test_the_search_finds_what_is_logged_directly() -> None:
    found = {place.event: place for place in logged_directly()}
    assert found["feed.reconnecting"].level == "warning"
    assert found["feed.reconnecting"].keys == ("attempt", "wait_ms", "reason")
    assert found["log.failed"].level == "error"
    assert found["decision_log.given_up"].file == "daemon/runtime/decision_log.py"
