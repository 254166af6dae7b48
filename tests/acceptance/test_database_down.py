"""The embedded database dies under a trading daemon: nothing new leaves, nothing is lost."""

import os
import random
import signal
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from daemon.adapters.postgres.postmaster import read_postmaster
from tests.acceptance.paper_daemon import FactRow, PaperDaemon, eventually

Make = Callable[..., PaperDaemon]

AWAY = {"journal_down", "lock_lost"}


@contextmanager
def database_away(state_dir: Path) -> Generator[None]:
    """kill -9 the server, and let none start until the block ends."""
    data = state_dir / "postgres"
    server = read_postmaster(data)
    assert server is not None
    settings, hidden = data / "postgresql.conf", data / "postgresql.conf.hidden"
    settings.rename(hidden)
    os.kill(server.pid, signal.SIGKILL)
    try:
        yield
    finally:
        hidden.rename(settings)


@pytest.mark.requirement("S3-074", "S3-088", "S3-094")
def test_a_killed_database_pauses_lets_cancels_out_and_loses_nothing(paper_daemon: Make) -> None:
    daemon = paper_daemon()
    daemon.arguments = [x for m in daemon.venue.markets[:3] for x in ("--market", m["slug"])]
    daemon.start_trading()
    with database_away(daemon.state_dir):
        down = daemon.until(lambda s: "journal_down" in s["reasons"]["pauses"], "journal_down")
        assert down["state"] == "paused"
        daemon.until(lambda s: not s["orders"], "everything is cancelled without a database")
        assert "journal_down" in daemon.status()["reasons"]["pauses"]
    back = daemon.trades()
    assert back["pid"] == daemon.pid, "the same process all along"
    daemon.logged("journal.up")
    assert daemon.ask("stop").code == 0
    assert daemon.end().code == 0

    facts = daemon.facts()
    assert [fact.seq for fact in facts] == list(range(1, len(facts) + 1)), "gapless"
    assert_nothing_was_sent_while_away(facts)
    assert_what_rested_was_canceled_while_away(facts)
    recount = daemon.ask("db", "rebuild-positions", "--json")
    assert recount.code == 0
    assert recount.json["is_equal"]
    assert recount.json["executions"] == sum(fact.kind == "OrderFilled" for fact in facts)


@pytest.mark.long
def test_twenty_kills_of_the_database_at_random_moments_lose_nothing(paper_daemon: Make) -> None:
    chance = random.Random(11)
    daemon = paper_daemon()
    daemon.arguments = [x for m in daemon.venue.markets for x in ("--market", m["slug"])]
    daemon.start_trading()
    for _ in range(20):
        time.sleep(chance.uniform(0, 2))
        server = eventually(lambda: read_postmaster(daemon.state_dir / "postgres"), "it runs again")
        with suppress(ProcessLookupError):  # killed a moment ago, and not missed yet
            os.kill(server.pid, signal.SIGKILL)
        assert daemon.status() is not None
    daemon.trades()
    assert daemon.ask("stop").code == 0
    assert daemon.end().code == 0
    facts = daemon.facts()
    assert [fact.seq for fact in facts] == list(range(1, len(facts) + 1)), "gapless"
    recount = daemon.ask("db", "rebuild-positions", "--json").json
    assert recount["is_equal"]
    assert recount["executions"] == sum(fact.kind == "OrderFilled" for fact in facts)


def away(facts: list[FactRow]) -> tuple[int, int]:
    """Where the outage begins and ends among the facts."""
    begins = next(
        i for i, f in enumerate(facts) if f.kind == "TradingPaused" and f.body["reason"] in AWAY
    )
    ends = next(
        i
        for i, f in enumerate(facts)
        if f.kind == "PauseLifted" and f.body["reason"] == "journal_down"
    )
    assert begins < ends
    return begins, ends


def assert_nothing_was_sent_while_away(facts: list[FactRow]) -> None:
    begins, ends = away(facts)
    assert not [f for f in facts[begins:ends] if f.kind in {"OrderCreated", "OrderSent"}]
    assert [f for f in facts[:begins] if f.kind == "OrderSent"]
    assert [f for f in facts[ends:] if f.kind == "OrderSent"]


def assert_what_rested_was_canceled_while_away(facts: list[FactRow]) -> None:
    begins, ends = away(facts)
    during = facts[begins:ends]
    asked = {f.body["client_order_id"] for f in during if f.kind == "CancelRequested"}
    canceled = {f.body["client_order_id"] for f in during if f.kind == "OrderCanceled"}
    assert canceled
    assert canceled <= asked
    lifted_at = facts[ends].at
    assert all(f.at < lifted_at for f in during if f.kind == "OrderCanceled")
