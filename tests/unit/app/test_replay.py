"""A recording runs again to the same decisions; the first one that differs is named."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.app.engine_plan import plan_from, plan_text
from daemon.app.replay import moment_of, replay_recording
from daemon.domain import order_events as ev
from daemon.domain.facts import PositionChanged
from daemon.domain.ids import ClientOrderId, VenueOrderId
from daemon.domain.prepared import PreparedOrder
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from daemon.errors import RecordingUnreadable
from daemon.ports import Entry
from daemon.risk.approval import Approved, order_of
from daemon.runtime.recording.codec import RecordedStep
from daemon.runtime.recording.reader import RecordingReader
from daemon.runtime.recording.writer import RecordingWriter
from tests.builders import START, a_fill, an_order, seconds
from tests.engine_builders import a_change, level
from tests.unit.app.recorded_run import BOUNDS, PLAN, record_run, script
from tests.unit.runtime.told import Told


def copy_changed(source: Path, target: Path, *, number: int, step: RecordedStep) -> None:
    """Copy a recording with one step in the place of another, in order and with a true index."""
    reader = RecordingReader(source)
    writer = RecordingWriter(target, [line + b"\n" for line in reader.start_lines()], BOUNDS)
    for original in reader.steps():
        writer.write([step if original.number == number else original])
    writer.close()


def an_account() -> tuple[Entry, ...]:
    """Return a history: ten shares were bought by an earlier run."""
    told = Told(run="paper-1795820000000")
    order = an_order(client_order_id="paper-1795820000000-1", shares="10")
    fill = a_fill(order=order, price="0.42", shares="10", trade_id="t-1")
    position = told.state.position(order.token).apply_fill(fill)
    facts = (
        ev.OrderCreated(order=order),
        ev.OrderSent(client_order_id=order.client_order_id),
        ev.OrderFilled(client_order_id=order.client_order_id, fill=fill),
        PositionChanged(position=position, mark=None),
    )
    return (Entry(seq=1, at=START, facts=facts[:2]), Entry(seq=3, at=START, facts=facts[2:]))


def test_a_replay_decides_as_the_run_did(tmp_path: Path) -> None:
    log = record_run(tmp_path / "r")
    found = replay_recording(tmp_path / "r")
    assert found.is_equal
    assert (found.steps, found.decisions) == (len(script()), log.steps)
    assert found.sha256 == found.recorded_sha256 == log.digest
    assert RecordingReader(tmp_path / "r").index.decisions_sha256 == log.digest
    assert (found.is_torn, found.incomplete_from, found.failure) == (False, None, None)


def test_two_replays_are_the_same(tmp_path: Path) -> None:
    record_run(tmp_path / "r")
    assert replay_recording(tmp_path / "r") == replay_recording(tmp_path / "r")


def test_a_replay_begins_with_what_the_account_held(tmp_path: Path) -> None:
    with_history = record_run(tmp_path / "a", history=an_account())
    without = record_run(tmp_path / "b")
    assert with_history.digest != without.digest
    assert replay_recording(tmp_path / "a").sha256 == with_history.digest


def test_orders_have_the_venue_ids_they_had(tmp_path: Path) -> None:
    """Live, a signature with chance in it names an order; nobody can make it again."""

    def sign(client_order_id: ClientOrderId, approved: Approved, now: Nanos) -> PreparedOrder:
        name = VenueOrderId(f"0xsigned-{hash(client_order_id)}")
        return PreparedOrder(order=order_of(approved, client_order_id, name, now), payload=b"")

    record_run(tmp_path / "r", make_ready=sign)
    assert replay_recording(tmp_path / "r").is_equal
    first = next(s for s in RecordingReader(tmp_path / "r").steps() if s.venue_order_ids)
    name = f"{PLAN.run_id}-1"
    moment = moment_of(tmp_path / "r", name)
    assert moment is not None
    order = moment.state.desk.get(ClientOrderId(name))
    assert order is not None
    assert order.venue_order_id == first.venue_order_ids[0]


def test_the_first_step_that_differs_is_named_with_both_lines(tmp_path: Path) -> None:
    record_run(tmp_path / "r")
    changed = a_change(level(Side.BUY, "0.47", "5"), at=seconds(2))
    third = next(s for s in RecordingReader(tmp_path / "r").steps() if s.number == 3)
    copy_changed(tmp_path / "r", tmp_path / "c", number=3, step=replace(third, events=(changed,)))
    found = replay_recording(tmp_path / "c")
    assert not found.is_equal
    assert found.difference is not None
    assert (found.difference.step, found.difference.at) == (3, seconds(2))
    assert found.difference.recorded is not None
    assert json.loads(found.difference.recorded) == json.loads(third.line or b"")
    assert found.difference.replayed != found.difference.recorded
    assert found.steps == 3


def test_a_decision_that_was_not_recorded_is_a_difference(tmp_path: Path) -> None:
    record_run(tmp_path / "r")
    first = next(RecordingReader(tmp_path / "r").steps())
    copy_changed(tmp_path / "r", tmp_path / "c", number=1, step=replace(first, line=None))
    difference = replay_recording(tmp_path / "c").difference
    assert difference is not None
    assert difference.recorded is None
    assert '"OrderCreated"' in (difference.replayed or "")


def test_a_run_that_failed_fails_again_in_its_last_step(tmp_path: Path) -> None:
    record_run(tmp_path / "r", is_failing=True)
    found = replay_recording(tmp_path / "r")
    assert found.is_equal
    assert found.steps == len(script()) + 1
    assert found.failure is not None
    assert "nobody-1" in found.failure
    assert moment_of(tmp_path / "r", "nobody-1") is None


def test_a_step_that_fails_only_in_the_replay_is_a_difference(tmp_path: Path) -> None:
    record_run(tmp_path / "r")
    second = list(RecordingReader(tmp_path / "r").steps())[1]
    strange = (ev.OrderAccepted(client_order_id=ClientOrderId("nobody-1")),)
    copy_changed(tmp_path / "r", tmp_path / "c", number=2, step=replace(second, events=strange))
    found = replay_recording(tmp_path / "c")
    assert found.difference is not None
    assert found.difference.step == 2
    assert "nobody-1" in (found.difference.replayed or "")


def test_the_moment_of_an_order_is_the_step_that_created_it(tmp_path: Path) -> None:
    record_run(tmp_path / "r")
    moment = moment_of(tmp_path / "r", f"{PLAN.run_id}-1")
    assert moment is not None
    assert moment.step.number == 1
    assert moment_of(tmp_path / "r", f"{PLAN.run_id}-999") is None


def test_a_plan_survives_being_written_down() -> None:
    assert plan_from(plan_text(PLAN)) == PLAN


@pytest.mark.parametrize(
    "changes",
    [{"strategies": [{"name": "moon"}]}, {"risk": {}}, {"markets": 1}, {"cash_start": "much"}],
)
def test_a_plan_of_another_version_is_refused(changes: dict[str, object]) -> None:
    text = json.dumps({**json.loads(plan_text(PLAN)), **changes}).encode()
    with pytest.raises(RecordingUnreadable, match="replay it with the version that recorded it"):
        plan_from(text)


@pytest.mark.parametrize("lines", [[], [b"{}\n"], [b'{"version":"1"}\n'], [b"\x00\n", b"{}\n"]])
def test_a_recording_without_a_start_is_refused(tmp_path: Path, lines: list[bytes]) -> None:
    RecordingWriter(tmp_path / "r", lines, BOUNDS).close()
    with pytest.raises(RecordingUnreadable, match="has no start that this version can read"):
        replay_recording(tmp_path / "r")
