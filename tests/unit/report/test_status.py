"""The status says what the state is, in the customer's words."""

import json

import pytest

from daemon.domain import order_events as ev
from daemon.domain.facts import Fact, ParentCompleted, ParentStarted, PositionChanged
from daemon.domain.feed import BookSnapshot
from daemon.domain.ids import ConditionId, RunId, TokenId
from daemon.domain.order import OrderStatus
from daemon.domain.reasons import HaltReason, MarketPauseReason, PauseReason
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.engine.recovery import rebuild
from daemon.engine.state import EngineState
from daemon.ports import RunRecord
from daemon.report.order_record import order_record
from daemon.report.state_view import StateView
from daemon.report.status import Status, status_of
from daemon.risk.limits import RiskLimits
from tests.builders import (
    CONDITION,
    START,
    YES,
    a_fill,
    a_market,
    a_parent,
    an_order,
    cash,
    levels,
    price,
    seconds,
    shares,
)

RUN = RunRecord(
    run_id=RunId("run-1"), mode="paper", account="demo", predecessor=None, started_at=START
)
LIMITS = RiskLimits(
    trade_notional_max=cash("5"),
    order_shares_max=shares("100"),
    market_position_max=shares("500"),
    window_notional_max=cash("25"),
    total_exposure_max=cash("100"),
    open_orders_max=10,
    loss_per_trade_max=cash("5"),
    loss_per_hour_max=cash("20"),
    loss_per_day_max=cash("50"),
    drawdown_max=cash("50"),
    consecutive_losses_max=50,
    breaker_loss_max=cash("10"),
    price_collar=price("0.1"),
    stale_after=Nanos(10 * NANOS_PER_S),
    intent_repeat_after=Nanos(NANOS_PER_S),
)
OTHER = a_market(
    slug="other-market",
    condition_id=ConditionId("0x" + "0d" * 32),
    tokens=(TokenId("5" * 70), TokenId("6" * 70)),
)


def a_state(*facts: Fact) -> EngineState:
    state = EngineState(
        markets=(a_market(), OTHER), stale_after=LIMITS.stale_after, cash_start=cash("100")
    )
    rebuild(state, facts)
    return state


def told(state: StateView, *, after_s: int = 0) -> Status:
    return status_of(state, run=RUN, limits=LIMITS, now=seconds(after_s))


def show(state: EngineState, bids: dict[str, str], asks: dict[str, str]) -> None:
    state.ticks.apply_snapshot(
        BookSnapshot(token=YES, at=START, received_at=START, bids=levels(bids), asks=levels(asks))
    )


def bought(order_shares: str = "10") -> tuple[Fact, ...]:
    order = an_order(client_order_id="run-1-1", price="0.40", shares="20")
    name = order.client_order_id
    fill = a_fill(order=order, price="0.40", shares=order_shares, fee="0.05")
    position = a_state().position(YES).apply_fill(fill)
    return (
        ev.OrderCreated(order=order),
        ev.OrderSent(client_order_id=name),
        ev.OrderAccepted(client_order_id=name),
        ev.OrderFilled(client_order_id=name, fill=fill),
        PositionChanged(position=position, mark=None),
    )


@pytest.mark.requirement("S4-062")
def test_an_idle_account_is_running_in_its_mode() -> None:
    status = told(a_state())
    assert (status["mode"], status["status"], status["state"]) == ("paper", "RUNNING", "active")
    assert (status["why"], status["orders"], status["positions"]) == ("", [], [])
    assert status["at"] == "2026-04-13T12:00:00.000000Z"
    assert json.loads(json.dumps(status)) == status


def test_an_order_carries_the_customers_fields_and_spelling() -> None:
    (order,) = told(a_state(*bought()))["orders"]
    assert order == {
        "order_id": "0xrun-1-1",
        "status": "partially_filled",
        "token_id": YES,
        "side": "BUY",
        "price": "0.40",
        "size": "20.00",
        "filled": "10.00",
        "timestamp": "2026-04-13T12:00:00.000000Z",
        "client_order_id": "run-1-1",
        "market": "a-market",
        "outcome": "Yes",
        "strategy": "top_bidder-buy:a-market:Yes",
    }
    canceled = an_order(status=OrderStatus.CANCELED)
    assert order_record(canceled, None)["status"] == "cancelled"
    assert order_record(canceled, None)["market"] == canceled.condition_id


def test_a_position_is_valued_at_its_mark_and_the_totals_agree() -> None:
    state = a_state(*bought())
    show(state, {"0.45": "100"}, {"0.47": "100"})
    status = told(state)
    (position,) = status["positions"]
    assert (position["shares"], position["avg_price"], position["mark"]) == (
        "10.00",
        "0.40",
        "0.45",
    )
    assert (position["realized_pnl"], position["unrealized_pnl"]) == ("-0.05", "0.50")
    assert status["pnl"] == {
        "realized": "-0.05",
        "unrealized": "0.50",
        "total": "0.45",
        "fees": "0.05",
        "cash_free": "91.95",  # 100 − 4 − 0.05, and 4 promised to what still rests
    }


def test_every_book_says_whether_it_is_acted_on() -> None:
    state = a_state()
    assert {book["trust"] for book in told(state)["books"]} == {"awaiting"}
    assert told(state)["books"][0]["age_ms"] is None
    show(state, {"0.45": "100"}, {"0.47": "100"})
    first = told(state, after_s=2)["books"][0]
    assert (first["market"], first["outcome"], first["token_id"]) == ("a-market", "Yes", YES)
    assert (first["best_bid"], first["best_ask"], first["trust"]) == ("0.45", "0.47", "trusted")
    assert first["age_ms"] == 2000
    state.ticks.age_books(seconds(11))
    assert told(state, after_s=11)["books"][0]["trust"] == "stale"
    state.closed.add(a_market().condition_id)
    trusts = [book["trust"] for book in told(state)["books"]]
    assert trusts == ["over", "over", "awaiting", "awaiting"]


def test_a_book_without_a_side_says_so() -> None:
    state = a_state()
    show(state, {"0.45": "100"}, {})
    book = told(state)["books"][0]
    assert (book["best_bid"], book["best_ask"], book["trust"]) == ("0.45", None, "one-sided")


def test_a_market_that_is_paused_on_its_own_is_named_and_the_state_stays_active() -> None:
    engine = a_state()
    paused = {MarketPauseReason.SETTLEMENT_FAILED: "trade t was taken back"}
    engine.reasons.markets = {CONDITION: paused, ConditionId("0xgone"): paused}
    shown = told(engine)
    why = "settlement_failed (trade t was taken back)"
    assert shown["reasons"]["markets"] == {"a-market": why, "0xgone": why}
    assert (shown["state"], shown["why"]) == ("active", "")


@pytest.mark.parametrize(
    "pauses, halts, status, state",
    [
        ({PauseReason.STARTING: ""}, {}, "STARTING", "paused"),
        ({PauseReason.FEED_LOST: "gone"}, {}, "PAUSED", "paused"),
        ({}, {HaltReason.OPERATOR: "lunch"}, "ERROR", "halted"),
        ({PauseReason.STOPPING: ""}, {HaltReason.OPERATOR: "x"}, "STOPPING", "halted"),
    ],
)
def test_reasons_not_to_trade_are_named_with_their_details(
    pauses: dict[PauseReason, str], halts: dict[HaltReason, str], status: str, state: str
) -> None:
    engine = a_state()
    engine.reasons.pauses.update(pauses)
    engine.reasons.halts.update(halts)
    engine.is_kill_switch_engaged = bool(halts)
    shown = told(engine)
    assert (shown["status"], shown["state"]) == (status, state)
    assert shown["reasons"] == {"pauses": {**pauses}, "halts": {**halts}, "markets": {}}
    assert shown["why"] == engine.reasons.describe() != ""
    assert shown["is_kill_switch_engaged"] is bool(halts)


def test_limits_show_how_much_of_them_is_used() -> None:
    risk = told(a_state(*bought()))["risk"]
    assert risk["open_orders"] == {"unit": "orders", "used": "1", "limit": "10"}
    assert risk["total_exposure"] == {"unit": "USD", "used": "8.00", "limit": "100.00"}
    assert risk["window_notional"] == {"unit": "USD", "used": "8.00", "limit": "25.00"}
    assert risk["market_position"] == {"unit": "shares", "used": "20.00", "limit": "500.00"}
    assert risk["loss_per_day"] == {"unit": "USD", "used": None, "limit": "50.00"}
    assert len(risk) == 12


def test_parents_show_how_far_they_are() -> None:
    parent = a_parent(slices={0: "50", 60: "50"})
    state = a_state(ParentStarted(parent=parent))
    (shown,) = told(state, after_s=30)["parents"]
    assert (shown["shares"], shown["filled"], shown["slices"], shown["slices_due"]) == (
        "100.00",
        "0.00",
        2,
        1,
    )
    done = ParentCompleted(
        parent_id=parent.request.parent_id, filled=shares("100"), residue=shares("0")
    )
    rebuild(state, (done,))
    assert (told(state)["parents"], told(state)["parents_completed"]) == ([], 1)


def test_what_is_held_of_a_market_that_is_configured_no_more_is_still_shown() -> None:
    gone = TokenId("9" * 70)
    condition = ConditionId("0x" + "99" * 32)
    order = an_order(token=gone, condition_id=condition)
    fill = a_fill(order=order)
    state = a_state(ev.OrderCreated(order=order))
    state.desk.apply(ev.OrderFilled(client_order_id=order.client_order_id, fill=fill))
    state.portfolio.apply_fill(fill)
    (position,) = told(state)["positions"]
    assert (position["market"], position["outcome"]) == (condition, "")
    assert (position["token_id"], position["mark"]) == (gone, None)
