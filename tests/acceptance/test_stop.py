"""The ordered goodbye, however it is asked for, and what the next start goes on with."""

import signal
from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.paper_daemon import FactRow, PaperDaemon, eventually
from tests.acceptance.throwaway_secrets import SECRETS, holders

Make = Callable[..., PaperDaemon]

AT_ONCE_S = 10.0
"""Far less than the cancels take that a second signal does not wait for."""


WORDS = (
    "status",
    "orders",
    "fills",
    "positions",
    "tick",
    "risk",
    "config show",
    "config check",
    "doctor",
)


@pytest.mark.requirement("S0-014", "S2-080", "S3-061", "S3-066", "S3-088", "S3-089", "S3-091")
def test_signals_end_in_order_and_the_next_start_goes_on_with_what_there_was(
    postgres_dsn: str, paper_daemon: Make
) -> None:
    daemon = paper_daemon("--market", slug_of(paper_daemon), dsn=postgres_dsn, **SECRETS)
    first = daemon.start_trading()
    eventually(lambda: shares_by_executions(daemon), "something was filled")
    daemon.send(signal.SIGINT)
    assert_ended_in_order(daemon, "SIGINT")

    again = daemon.start_trading()
    assert parents_of(again) == parents_of(first)
    assert_holds_what_was_executed(daemon)
    for words in WORDS:
        daemon.ask(*words.split())
    resting = {order["client_order_id"] for order in open_rows(daemon)}
    daemon.kill()

    third = daemon.start_trading()
    assert parents_of(third) == parents_of(first)
    assert_holds_what_was_executed(daemon)
    assert_each_was_looked_up(daemon, resting)
    daemon.send(signal.SIGTERM)
    assert_ended_in_order(daemon, "SIGTERM")

    runs = daemon.query("select * from runs order by created_at")
    assert [run["status"] for run in runs] == ["completed", "failed", "completed"]
    assert [run["predecessor"] for run in runs] == [None, runs[0]["run_id"], runs[1]["run_id"]]
    assert len(daemon.facts("ParentStarted")) == len(parents_of(first))
    recount = daemon.ask("db", "rebuild-positions")
    assert recount.code == 0, recount.out
    assert "***" in "".join(daemon.heard), "it knew of secrets and starred them out"
    assert any(line["level"] == "debug" for line in daemon.log())
    assert holders(daemon) == []


@pytest.mark.requirement("S2-080", "S3-066")
def test_a_second_signal_skips_the_wait_and_never_the_writing(
    postgres_dsn: str, paper_daemon: Make
) -> None:
    daemon = paper_daemon("--market", slug_of(paper_daemon), dsn=postgres_dsn)
    slow = ("--set", "paper.cancel_latency_ms=60000", "--set", "runtime.stop_within_s=50")
    daemon.start_trading(*slow)
    daemon.send(signal.SIGTERM)
    daemon.logged("goodbye.begun")
    eventually(lambda: daemon.facts("CancelRequested"), "the cancels are on their way")
    daemon.send(signal.SIGTERM)
    ended = daemon.end(within_s=AT_ONCE_S)
    assert ended.code == 0, ended.err
    assert daemon.logged("goodbye.orders_left")["open_orders"] >= 1
    left = set(daemon.open_in_database())
    assert left
    assert_no_gaps(daemon.facts())

    daemon.start_trading()
    assert_each_was_looked_up(daemon, left)
    assert daemon.ask("stop").code == 0
    assert daemon.end().code == 0
    assert daemon.open_in_database() == []


def slug_of(paper_daemon: Make) -> str:
    return paper_daemon().venue.markets[0]["slug"]


def assert_ended_in_order(daemon: PaperDaemon, reason: str) -> None:
    ended = daemon.end()
    assert ended.code == 0, ended.err
    assert ended.err == ""
    assert daemon.logged("goodbye.begun")["reason"] == reason
    assert daemon.open_in_database() == []
    facts = daemon.facts()
    assert_no_gaps(facts)
    assert_nothing_is_sent_after_the_goodbye(facts)


def assert_no_gaps(facts: list[FactRow]) -> None:
    last: dict[str, int] = {}
    for fact in facts:
        assert fact.seq == last.get(fact.run_id, 0) + 1
        last[fact.run_id] = fact.seq


def assert_nothing_is_sent_after_the_goodbye(facts: list[FactRow]) -> None:
    stopping = next(
        index
        for index in reversed(range(len(facts)))
        if facts[index].kind == "TradingPaused" and facts[index].body["reason"] == "stopping"
    )
    assert not [f for f in facts[stopping:] if f.kind in {"OrderCreated", "OrderSent"}]


def assert_holds_what_was_executed(daemon: PaperDaemon) -> None:
    """The positions of the running daemon are those of all executions there ever were."""

    def is_so() -> bool:
        status = daemon.status()
        held = {p["token_id"]: p["shares"] for p in status["positions"] if float(p["shares"])}
        return {token: float(shares) for token, shares in held.items()} == (
            shares_by_executions(daemon)
        )

    eventually(is_so, "positions are what was executed")


def shares_by_executions(daemon: PaperDaemon) -> dict[str, float]:
    rows = daemon.query(
        "select token_id, sum(case side when 'BUY' then qty else -qty end) as shares"
        " from executions group by 1"
    )
    return {row["token_id"]: float(row["shares"]) for row in rows if row["shares"]}


def assert_each_was_looked_up(daemon: PaperDaemon, orders: set[str]) -> None:
    """Every order that was open is doubted, once, and then known again."""
    assert orders
    for name in orders:
        told = [f.kind for f in daemon.facts() if f.body.get("client_order_id") == name]
        assert told.count("OrderUnknown") == 1
        assert told.index("OrderUnknown") < len(told) - 1, "what became of it is known"
        assert told.count("OrderSent") == 1


def open_rows(daemon: PaperDaemon) -> list[Any]:
    return daemon.query("select * from open_orders")


def parents_of(status: Any) -> set[str]:
    return {parent["parent_id"] for parent in status["parents"]}
