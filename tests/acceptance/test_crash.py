"""kill -9 at any moment, then start again: nothing committed is lost, nothing is ordered twice."""

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.ledger import query
from tests.acceptance.pennyd_process import start, wait_for

SPEED = 20
FINAL_SPEED = 60
MINUTES = 8
LIVES_S_MAX = 1.0
"""Five lives of this length end before the tape does."""
TERMINAL = {"OrderCanceled", "OrderRejected", "OrderFailed", "OrderExpired"}


def arguments(folder: Path, speed: int = SPEED) -> list[str]:
    return [
        "demo", "--tape", "nhl", "--speed", str(speed), "--minutes", str(MINUTES),
        "--state-dir", str(folder / "state"), "--json", str(folder / "report.json"),
    ]  # fmt: skip


def facts(folder: Path) -> list[Any]:
    rows = query(
        folder / "state",
        "select f.*, r.created_at from fact f join runs r using (run_id)"
        " order by r.created_at, f.run_id, f.seq",
    )
    return [(row["run_id"], row["seq"], row["kind"], json.loads(row["body"])) for row in rows]


def crash_and_finish(folder: Path, seed: int, crashes: int) -> None:
    chance = random.Random(seed)
    known: list[Any] = []
    for _ in range(crashes):
        runs = run_folders(folder)
        process = start(arguments(folder), cwd=folder)
        wait_for_trading(folder, runs)
        time.sleep(chance.uniform(0.0, LIVES_S_MAX))
        assert process.process.poll() is None, "it ended before it was killed"
        process.kill_now()
        now = facts(folder)
        assert now[: len(known)] == known, "a committed fact changed or vanished"
        known = now
    process = start(arguments(folder, FINAL_SPEED), cwd=folder)
    ended = process.end()
    assert ended.code == 0, ended.err[-4000:]
    now = facts(folder)
    assert now[: len(known)] == known
    assert_no_gaps(now)
    assert_one_order_per_slot(now)
    assert_parents_bought_once(now)
    report = json.loads((folder / "report.json").read_text())
    assert report["exit"]["code"] == 0
    statuses = {row["status"] for row in query(folder / "state", "select status from runs")}
    assert statuses <= {"completed", "failed"}


def run_folders(folder: Path) -> set[Path]:
    runs = folder / "state" / "runs"
    return set(runs.iterdir()) if runs.exists() else set()


def wait_for_trading(folder: Path, before: set[Path]) -> None:
    """Wait until a new run has written its first decision."""
    deadline = time.monotonic() + 30
    while not (new := run_folders(folder) - before):
        assert time.monotonic() < deadline, "the daemon did not start"
        time.sleep(0.02)
    wait_for(next(iter(new)) / "decisions.jsonl")


def assert_no_gaps(all_facts: list[Any]) -> None:
    last: dict[str, int] = {}
    for run_id, seq, _, _ in all_facts:
        assert seq == last.get(run_id, 0) + 1
        last[run_id] = seq


def assert_one_order_per_slot(all_facts: list[Any]) -> None:
    open_in: dict[tuple[str, str], str] = {}
    slot_of: dict[str, tuple[str, str]] = {}
    left: dict[str, int] = {}
    for _, _, kind, body in all_facts:
        if kind == "OrderCreated":
            order = body["order"]
            slot = (order["strategy_id"], order["slot"])
            assert slot not in open_in, f"{slot} has two orders"
            assert order["client_order_id"] not in slot_of, "an id was used twice"
            open_in[slot] = order["client_order_id"]
            slot_of[order["client_order_id"]] = slot
            left[order["client_order_id"]] = order["shares"]
        elif "client_order_id" in body:
            name = body["client_order_id"]
            if kind == "OrderFilled":
                left[name] -= body["fill"]["shares"]
            is_over = kind in TERMINAL or left[name] <= 0
            if is_over and open_in.get(slot_of[name]) == name:
                del open_in[slot_of[name]]


def assert_parents_bought_once(all_facts: list[Any]) -> None:
    parent_of: dict[str, str] = {}
    total: dict[str, int] = {}
    filled: dict[str, int] = {}
    for _, _, kind, body in all_facts:
        if kind == "ParentStarted":
            request = body["parent"]["request"]
            assert request["parent_id"] not in total, "a parent was started twice"
            total[request["parent_id"]] = sum(s["shares"] for s in request["slices"])
        elif kind == "OrderCreated" and body["order"]["parent_id"]:
            parent_of[body["order"]["client_order_id"]] = body["order"]["parent_id"]
        elif kind == "OrderFilled" and body["client_order_id"] in parent_of:
            parent = parent_of[body["client_order_id"]]
            filled[parent] = filled.get(parent, 0) + body["fill"]["shares"]
    for parent, shares in filled.items():
        assert shares <= total[parent]


@pytest.mark.requirement("S3-035", "S3-086", "S3-089", "S3-091", "S3-094")
def test_five_crashes_in_a_demo_lose_nothing_and_order_nothing_twice(folder: Path) -> None:
    crash_and_finish(folder, seed=1, crashes=5)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_fifty_crashes_lose_nothing_and_order_nothing_twice(seed: int, folder: Path) -> None:
    crash_and_finish(folder, seed=100 + seed, crashes=5)
