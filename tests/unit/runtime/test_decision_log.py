"""Two runs that decided the same have the same bytes, and nothing else is in them."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain import order_events as ev
from daemon.domain.facts import Fact, FeedWasLost, OrderDuplicate, TradingPaused
from daemon.domain.prepared import PreparedOrder
from daemon.domain.reasons import PauseReason
from daemon.engine.outcome import Alert, CancelAll, CancelOrder, Resync, SubmitOrder
from daemon.runtime.decision_log import DecisionLog
from daemon.runtime.loop import Step
from tests.builders import START, YES, seconds
from tests.unit.runtime.every_fact import lives, others
from tests.unit.runtime.told import Told, born


def a_run(run: str) -> list[Step]:
    """Return the steps of a run in which everything happens."""
    told = Told(run=run)
    order = told.order(1)
    steps = [told.step(*facts) for facts in lives(told)]
    steps += [told.step(fact) for fact in others(order)]
    effects = (
        SubmitOrder(PreparedOrder(order=order, payload=run.encode())),
        CancelOrder(order),
        CancelAll(),
        Resync(YES, "crossed"),
        Alert("critical", "trading.halted", f"order {run}-1 of run {run}"),
    )
    return [*steps, told.step(effects=effects, at=seconds(5))]


def logged(steps: list[Step], path: Path) -> tuple[bytes, str]:
    log = DecisionLog(path)
    for step in steps:
        log.observe(step)
    log.close()
    assert (log.steps, log.failures) == (len(steps), 0)
    return path.read_bytes(), log.digest


def lines_of(path: Path, *steps: Step) -> list[dict[str, Any]]:
    written, _ = logged(list(steps), path)
    return [json.loads(line) for line in written.splitlines()]


def test_the_same_decisions_are_the_same_bytes_whatever_the_run_is_called(tmp_path: Path) -> None:
    first = logged(a_run("demo-nhl-1795176326557"), tmp_path / "a")
    second = logged(a_run("paper-7"), tmp_path / "b")
    assert first == second
    assert first[1] == hashlib.sha256(first[0]).hexdigest()


@given(st.from_regex(r"[a-z]{1,9}(-[a-z0-9]{1,9})?-[0-9]{13}", fullmatch=True))
def test_no_run_id_changes_the_digest(run: str) -> None:
    def digest(name: str) -> str:
        log = DecisionLog(None)
        for step in a_run(name):
            log.observe(step)
        return log.digest

    assert digest(run) == digest("paper-1795176326557")


def test_another_decision_is_another_digest(tmp_path: Path) -> None:
    told, other = Told(), Told()
    one = logged([born(told, told.order(1, price="0.45"))], tmp_path / "a")
    two = logged([born(other, other.order(1, price="0.46"))], tmp_path / "b")
    assert one[1] != two[1]


def test_nothing_of_the_run_and_nothing_of_the_machine_is_written(tmp_path: Path) -> None:
    run = "demo-nhl-1795176326557"
    written, _ = logged(a_run(run), tmp_path / "log")
    text = written.decode()
    for secret in (run, "0xa1b2c3d4", "0xfeed", "4711", "40123", "84300", "duration"):
        assert secret not in text
    assert text.count("\n") == len(a_run(run))


def test_a_line_holds_the_step_its_time_the_facts_in_full_and_the_effects(tmp_path: Path) -> None:
    told = Told()
    order = told.order(3)
    step = told.step(
        ev.OrderCreated(order=order),
        effects=(SubmitOrder(PreparedOrder(order=order, payload=b"")),),
        at=seconds(2),
    )
    (line,) = lines_of(tmp_path / "log", step)
    assert {*line} == {"step", "at", "facts", "effects"}
    assert (line["step"], line["at"]) == (1, seconds(2))
    assert line["effects"] == [["SubmitOrder", "#3"]]
    ((kind, body),) = line["facts"]
    assert kind == "OrderCreated"
    assert body["order"]["price"] == 450_000
    assert body["order"]["shares"] == 10_000_000
    assert body["order"]["client_order_id"] == "#3"
    kept = {field.name for field in fields(order)} - {"venue_order_id"}
    assert {*body["order"]} == kept


def test_every_field_of_every_fact_is_written_but_for_the_venues_names(tmp_path: Path) -> None:
    told = Told()
    facts: list[Fact] = [fact for step in lives(told) for fact in step]
    facts += others(told.order(1))
    lines = lines_of(tmp_path / "log", Told().step(), *a_run("run"))[1:]
    written = [fact for line in lines for fact in line["facts"]]
    assert [kind for kind, _ in written] == [type(fact).__name__ for fact in facts]
    for fact, (_, body) in zip(facts, written, strict=True):
        assert is_dataclass(fact)
        assert {*body} == {field.name for field in fields(fact)} - {"venue_order_id"}


def test_orders_of_an_earlier_run_are_told_apart_from_our_own(tmp_path: Path) -> None:
    before, now = Told(run="run-1"), Told(run="run-2")
    old, new = before.order(1), now.order(1)
    rebuilt = now.step(ev.OrderCreated(order=new))
    before.step(ev.OrderCreated(order=old))
    cancels = before.step(effects=(CancelOrder(old), CancelOrder(new)))
    lines = lines_of(tmp_path / "log", rebuilt, cancels)
    assert lines[1]["effects"] == [["CancelOrder", "earlier#1"], ["CancelOrder", "#1"]]


def test_a_trade_keeps_its_name_within_the_log(tmp_path: Path) -> None:
    told = Told()
    order = told.order(1)
    steps = [born(told, order)]
    filled = told.fill(order, shares="4")
    steps.append(told.step(*filled))
    assert isinstance(filled[0], ev.OrderFilled)
    steps.append(told.step(OrderDuplicate(trade_id=filled[0].fill.trade_id)))
    lines = lines_of(tmp_path / "log", *steps)
    assert lines[1]["facts"][0][1]["fill"]["trade_id"] == "t1"
    assert lines[2]["facts"] == [["OrderDuplicate", {"trade_id": "t1"}]]


def test_why_a_connection_ended_is_the_machines_business(tmp_path: Path) -> None:
    lost = FeedWasLost(tokens=(YES,), reason="closed", detail="errno 104 after 3.2 s")
    paused = TradingPaused(reason=PauseReason.FEED_LOST, detail="cannot reach 127.0.0.1:5123 again")
    (line,) = lines_of(tmp_path / "log", Told().step(lost, paused, at=START))
    assert line["facts"][0][1]["detail"] == ""
    assert line["facts"][1][1]["detail"] == "cannot reach 127.0.0.1 again"


def test_without_a_path_there_is_a_digest_and_no_file(tmp_path: Path) -> None:
    log = DecisionLog(None)
    for step in a_run("run"):
        log.observe(step)
    log.close()
    assert log.digest == logged(a_run("run"), tmp_path / "log")[1]


@pytest.mark.parametrize("path", ["/dev/full", "/proc/nowhere/decisions.jsonl"])
def test_a_disk_that_takes_nothing_costs_the_file_and_not_the_digest(path: str) -> None:
    log = DecisionLog(Path(path))
    for step in a_run("run") * 100:
        log.observe(step)
    log.flush()
    log.close()
    assert log.failures == 1
    whole = DecisionLog(None)
    for step in a_run("run") * 100:
        whole.observe(step)
    assert log.digest == whole.digest
