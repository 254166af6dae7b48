"""A market feed goes wrong in every way there is: blind at once, cancelled, reconnected, trading again."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import groupby
from typing import Any

import pytest

from tests.acceptance.paper_daemon import FactRow, PaperDaemon
from tests.acceptance.venue_process import VenueProcess

Make = Callable[..., PaperDaemon]

FAST = (
    "feed.assets_per_connection=2",  # a connection for each market
    "feed.ping_every_s=1",
    "feed.silent_after_s=5",
    "feed.reconnect_delay_ms_max=250",
)
STRUCK, SPARED = 0, 2
"""Busy markets of the tape: neither is quiet for as long as makes a connection silent."""
OVER = {"OrderCanceled", "OrderRejected", "OrderFailed", "OrderExpired"}


@pytest.mark.requirement("S3-074")
def test_each_fault_blinds_one_market_cancels_its_orders_and_ends_with_a_snapshot(
    postgres_dsn: str, paper_daemon: Make
) -> None:
    daemon = paper_daemon(dsn=postgres_dsn)
    struck, spared = (daemon.venue.markets[place] for place in (STRUCK, SPARED))
    daemon.arguments = [
        *("--market", struck["slug"], "--market", spared["slug"]),
        *(word for setting in FAST for word in ("--set", setting)),
    ]
    daemon.start()
    for fault in ({"cut": True}, {"garble": 1}, {"torn": True}, {"oversize": True}):
        strike(daemon, (struck,), ({**fault, "token": struck["token_ids"][0]},))
    silent = {"silent_s": 60, "token": struck["token_ids"][0]}
    half_open = {"half_open": True, "token": spared["token_ids"][0]}
    strike(daemon, (struck, spared), (silent, half_open))
    assert daemon.ask("stop").code == 0
    assert daemon.end().code == 0

    facts = daemon.facts()
    assert_lost(facts, struck, "closed", "garbled", "closed", "frame too large", "silent")
    assert_lost(facts, spared, "half-open")
    assert_blind_markets_do_not_trade(facts, struck)
    assert_blind_markets_do_not_trade(facts, spared)
    report = daemon.ask("report", "--json").json
    assert (report["frames_garbled"], report["frames_dropped"]) == (1, 0)
    attempts = [line["attempt"] for line in daemon.log() if line["event"] == "feed.reconnecting"]
    assert attempts == [1] * 5, "one for each lost connection; a garbled frame costs none"


@pytest.mark.requirement("S3-108", "S3-074")
def test_a_venue_that_is_gone_pauses_trading_after_some_attempts_until_it_is_back(
    postgres_dsn: str, paper_daemon: Make, mortal_venue: VenueProcess
) -> None:
    daemon = paper_daemon(dsn=postgres_dsn, at=mortal_venue)
    market = mortal_venue.markets[STRUCK]
    daemon.arguments = ["--market", market["slug"], "--set", "feed.reconnect_delay_ms_max=100"]
    daemon.start_trading("--set", "feed.reconnects_before_pause=3")
    mortal_venue.end()
    paused = daemon.until(lambda s: "feed_lost" in s["reasons"]["pauses"], "paused")
    assert "3 attempts failed" in paused["why"]
    daemon.until(lambda s: not s["orders"], "what rested is cancelled")
    alert = next(line for line in daemon.log() if line.get("alert") and "attempts" in line["text"])
    assert alert["severity"] == "critical"
    mortal_venue.start_again()
    assert daemon.trades()["pid"] == daemon.pid
    assert daemon.ask("stop").code == 0
    assert daemon.end().code == 0
    assert_blind_markets_do_not_trade(daemon.facts(), market)


@pytest.mark.long
def test_two_minutes_of_faults_at_random_lose_nothing_and_crash_nothing(
    postgres_dsn: str, paper_daemon: Make, mortal_venue: VenueProcess
) -> None:
    chance = random.Random(7)
    daemon = paper_daemon(dsn=postgres_dsn, at=mortal_venue)
    markets = mortal_venue.markets[:4]
    daemon.arguments = [
        *(word for market in markets for word in ("--market", market["slug"])),
        *(word for setting in FAST for word in ("--set", setting)),
    ]
    daemon.start_trading()
    until = time.monotonic() + 120
    while time.monotonic() < until:
        fault: dict[str, object] = chance.choice(
            [{"cut": True}, {"garble": 3}, {"torn": True}, {"silent_s": 8}, {"half_open": True}]
        )
        with suppress(AssertionError):  # that market's connection is away already
            mortal_venue.fault(**fault, token=chance.choice(markets)["token_ids"][0])
        time.sleep(chance.uniform(0, 2))
        assert daemon.status() is not None
    daemon.trades()
    assert daemon.ask("stop").code == 0
    assert daemon.end().code == 0
    for market in markets:
        assert_blind_markets_do_not_trade(daemon.facts(), market)
    assert daemon.ask("report", "--json").json["frames_garbled"] > 0
    assert daemon.ask("db", "rebuild-positions").code == 0


def strike(
    daemon: PaperDaemon, markets: tuple[dict[str, Any], ...], faults: tuple[dict[str, Any], ...]
) -> None:
    """Let faults happen while orders rest, and wait until other orders rest in the same markets."""
    before = until_all_rest(daemon, markets, set())
    for fault in faults:
        daemon.venue.fault(**fault)
    until_all_rest(daemon, markets, before)


def until_all_rest(
    daemon: PaperDaemon, markets: tuple[dict[str, Any], ...], before: set[str]
) -> set[str]:
    """Wait until orders rest in each of the markets, and none of those before; return all orders."""

    def is_so(status: Any) -> bool:
        resting = [order for order in status["orders"] if order["status"] == "open"]
        names = {order["order_id"] for order in status["orders"]}
        return {market["slug"] for market in markets} <= {
            order["market"] for order in resting
        } and (not before & names)

    status = daemon.until(is_so, "it trades on a fresh snapshot")
    slugs = {market["slug"] for market in markets}
    return {order["order_id"] for order in status["orders"] if order["market"] in slugs}


def assert_lost(facts: list[FactRow], market: dict[str, Any], *reasons: str) -> None:
    """The market was lost for these reasons, in this order, and at the end by ourselves.

    A garbled frame soon after a snapshot is told twice: when it came, and when asking again is decent.
    """
    lost = [f.body for f in facts if f.kind == "FeedWasLost" and is_about(f, market)]
    assert [reason for reason, _ in groupby(body["reason"] for body in lost)] == [
        *reasons,
        "closed",
    ]
    assert all(set(body["tokens"]) == set(market["token_ids"]) for body in lost)
    assert lost[-1]["detail"] == "closed by ourselves"


def assert_blind_markets_do_not_trade(facts: list[FactRow], market: dict[str, Any]) -> None:
    """At each loss every open order of the market is cancelled; none is made before a snapshot."""
    token_of: dict[str, str] = {}
    left: dict[str, int] = {}
    blind: set[str] = set()
    doomed: set[str] = set()
    for fact in facts:
        body = fact.body
        if fact.kind == "OrderCreated" and body["order"]["token"] in market["token_ids"]:
            order = body["order"]
            assert order["token"] not in blind, fact
            token_of[order["client_order_id"]] = order["token"]
            left[order["client_order_id"]] = order["shares"]
        elif fact.kind == "FeedWasLost" and is_about(fact, market):
            blind |= set(market["token_ids"])
            doomed |= set(left)
        elif fact.kind == "BookResynced":
            blind.discard(body["token"])
        elif body.get("client_order_id") in left:
            name = body["client_order_id"]
            if fact.kind == "OrderFilled":
                left[name] -= body["fill"]["shares"]
            if fact.kind in OVER or left[name] <= 0:
                del left[name]
                doomed.discard(name)
    assert token_of
    assert not doomed, "every order that was open at a loss came to its end"


def is_about(fact: FactRow, market: dict[str, Any]) -> bool:
    return market["token_ids"][0] in fact.body["tokens"]
