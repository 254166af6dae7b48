"""Steps and entries survive the way into a line and back, unchanged."""

from typing import get_args

import pytest

from daemon.domain.facts import Fact
from daemon.domain.ids import RunId, VenueOrderId
from daemon.engine.inputs import Event
from daemon.errors import RecordingUnreadable
from daemon.ports import Entry
from daemon.runtime.recording.codec import (
    RecordedStep,
    entry_from,
    entry_line,
    step_from,
    step_line,
)
from tests.builders import START
from tests.unit.runtime.every_event import EVERY_EVENT
from tests.unit.runtime.every_fact import lives, others
from tests.unit.runtime.told import Told


def a_step(*events: Event, line: bytes | None = None) -> RecordedStep:
    return RecordedStep(
        number=7, now=START, events=events, line=line, venue_order_ids=(VenueOrderId("0xa1"),)
    )


def test_every_kind_of_event_is_among_the_examples() -> None:
    assert {type(event) for event in EVERY_EVENT} == {*get_args(Event)}


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: type(event).__name__)
def test_every_event_comes_back_as_it_was(event: Event) -> None:
    read = step_from(step_line(a_step(event)).rstrip(b"\n"))
    assert read == a_step(event)
    assert [type(one) for one in read.events] == [type(event)]


def test_a_step_is_one_line_with_its_decision_in_it() -> None:
    line = b'{"at":1,"effects":[],"facts":[["BookResynced",{"token":"7"}]],"step":1}\n'
    step = a_step(*EVERY_EVENT, line=line)
    text = step_line(step)
    assert text.count(b"\n") == 1
    assert line.rstrip() in text
    assert step_from(text.rstrip(b"\n")) == step


def test_every_fact_of_the_history_comes_back_as_it_was() -> None:
    told = Told()
    facts: list[Fact] = [fact for step in lives(told) for fact in step]
    facts += others(told.order(1))
    entry = Entry(seq=3, at=START, facts=tuple(facts))
    assert entry_from(entry_line(RunId("run-1"), entry)) == (RunId("run-1"), entry)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[1]",
        b'[1,2,[["BookChange",[1,2]]],null,[]]',
        b'[1,2,[["Earthquake",[]]],null,[]]',
        b"\xff\xfe",
        b'[1,2,[["\xff",[]]],null,[]]',
        b'[1,2,[["TradePrint",["\xff",1,2,3,4,true]]],null,[]]',
    ],
)
def test_a_line_that_is_no_step_is_refused(text: bytes) -> None:
    with pytest.raises(RecordingUnreadable):
        step_from(text)


@pytest.mark.parametrize("text", [b"[", b'["run",1,2,[["Earthquake",{}]]]', b'["\xff",1,2,[]]'])
def test_a_line_that_is_no_entry_is_refused(text: bytes) -> None:
    with pytest.raises(RecordingUnreadable):
        entry_from(text)
