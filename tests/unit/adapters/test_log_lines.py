"""Log events as the customer's lines."""

from typing import Any

import pytest

from daemon.adapters.log_lines import lines_of

ORDER: dict[str, Any] = {
    "market": "btc-updown-5m-1776081600",
    "outcome": "Up",
    "token": "7674",
    "client_order_id": "run-1",
    "venue_order_id": "0xa1b2c3d4e5f607",
    "strategy": "market_depth-buy:btc:Up",
    "slot": "bid",
    "side": "BUY",
    "price": "0.45",
    "shares": "10.00",
}
FILL = ORDER | {
    "fill_price": "0.451",
    "fill_shares": "10.00",
    "latency_ms": 1230.4,
    "slippage": "0.0012",
    "slippage_pct": "0.2667",
    "total_shares": "22.17",
    "avg_price": "0.450012",
    "is_complete": True,
}


@pytest.mark.requirement("S4-046")
def test_signing_registering_submitting_and_opening_read_as_the_customer_wrote_them() -> None:
    big = ORDER | {"shares": "22.22"}
    assert lines_of("order.created", ORDER) == [
        "Order signed: BUY 10.0 @ 0.450",
        "Registered order: a1b2c3d4... (BTC)",
    ]
    assert lines_of("order.sent", ORDER) == ["Order submitted: a1b2c3d4... BUY 10.0 @ 0.450"]
    assert lines_of("order.accepted", big) == ["OPEN BTC UP (MD) $10 @ 0.450"]
    assert lines_of("order.accepted", ORDER) == ["OPEN BTC UP (MD) $4.50 @ 0.450"]


@pytest.mark.requirement("S4-047")
def test_a_fill_reads_as_the_customer_wrote_it() -> None:
    assert lines_of("order.filled", FILL) == [
        "Order filled in 1.23s: a1b2c3d4...",
        "Slippage: +0.0012 (+0.27%)",
        "Fill: +10.00 @ 0.451 | Total: 22.17 shares @ 0.450 avg",
    ]


def test_a_fill_that_leaves_nothing_has_no_average_and_a_part_is_no_fill() -> None:
    sold = FILL | {
        "side": "SELL",
        "total_shares": "0.00",
        "slippage": "-0.01",
        "is_complete": False,
    }
    del sold["avg_price"]
    assert lines_of("order.filled", sold) == [
        "Order partly filled in 1.23s: a1b2c3d4...",
        "Slippage: -0.0100 (+0.27%)",
        "Fill: -10.00 @ 0.451 | Total: 0.00 shares",
    ]


@pytest.mark.requirement("S4-040")
def test_a_closed_position_reads_as_the_customer_wrote_it() -> None:
    closed = {"market": "m", "outcome": "Up", "token": "7", "pnl": "2.50", "total_pnl": "12.5"}
    assert lines_of("position.closed", closed) == [
        "Position closed: +2.50 PnL | Total PnL: $+12.50"
    ]


def test_the_errors_people_search_for_are_the_first_words() -> None:
    rejected = ORDER | {"reason": "insufficient balance"}
    lost = {"tokens": 4, "reason": "silent", "detail": ""}
    tripped = {"detail": "5 rejects in 60 s"}
    assert lines_of("order.rejected", rejected)[0].startswith(
        "Order rejected: insufficient balance"
    )
    assert lines_of("feed.lost", lost) == ["WebSocket disconnected: silent (4 tokens)"]
    assert lines_of("breaker.tripped", tripped) == ["Circuit breaker tripped: 5 rejects in 60 s"]


def test_prices_of_a_fine_grid_lose_no_digit() -> None:
    fine = ORDER | {"price": "0.4505", "shares": "10.25"}
    assert lines_of("order.sent", fine) == ["Order submitted: a1b2c3d4... BUY 10.25 @ 0.4505"]


def test_an_order_that_is_known_by_its_name_only_is_still_shown() -> None:
    bare = {"client_order_id": "old-1", "reason": "no answer", "run": "r", "seq": 7}
    assert lines_of("order.unknown", bare) == ["order.unknown reason=no answer"]


def test_an_event_without_a_line_of_its_own_shows_what_people_can_use() -> None:
    keys = {"run": "r", "seq": 1, "token": "7674", "port": 8080, "detail": ""}
    assert lines_of("health.served", keys) == ["health.served port=8080"]


def test_what_says_little_is_shown_when_debugging_only() -> None:
    keys = {"cause": {"BookChange": 2}, "submits": 1}
    assert lines_of("decision.made", keys) == []
    assert lines_of("decision.made", keys, is_verbose=True) == [
        "decision.made cause={'BookChange': 2} submits=1"
    ]


def test_every_other_line_of_an_order_names_it_and_says_why() -> None:
    ended = ORDER | {"reason": "replaced"}
    for event in ("order.canceled", "order.failed", "cancel.requested", "cancel.rejected"):
        (line,) = lines_of(event, ended)
        assert line.endswith(": a1b2c3d4... BUY 10.0 @ 0.450 (replaced)")
    (line,) = lines_of("order.expired", ORDER)
    assert line == "Order expired: a1b2c3d4... BUY 10.0 @ 0.450"
    denied = ORDER | {"reason": "trade_notional", "detail": "$7.00, at most $5.00 a trade"}
    assert lines_of("order.denied", denied) == [
        "Order denied: BUY 10.0 @ 0.450 (BTC UP) trade_notional: $7.00, at most $5.00 a trade"
    ]


def test_parents_pauses_and_halts_have_sentences() -> None:
    parent = ORDER | {"parent": "p-1", "slices": 4}
    assert lines_of("parent.started", parent) == [
        "Parent started: BUY 10.0 BTC UP in 4 slices (p-1)"
    ]
    done = {"parent": "p-1", "filled": "99.00", "residue": "1.00"}
    assert lines_of("parent.completed", done) == [
        "Parent completed: 99.00 shares, 1.00 left over (p-1)"
    ]
    why = {"reason": "feed_lost", "detail": "10 attempts failed"}
    assert lines_of("trading.paused", why) == ["Trading paused: feed_lost (10 attempts failed)"]
    assert lines_of("trading.halted", {"reason": "operator", "detail": ""}) == [
        "Trading HALTED: operator"
    ]
    assert lines_of("trading.resumed", {}) == ["Trading resumed"]
    assert lines_of("feed.up", {"tokens": 12}) == ["WebSocket connected: 12 tokens"]
