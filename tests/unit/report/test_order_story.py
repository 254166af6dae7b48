"""The story of an order as people read it, and every kind of news in it."""

from dataclasses import replace
from typing import get_args

import pytest

from daemon.domain import order_events as ev
from daemon.domain.facts import (
    BookDistrusted,
    Fact,
    FeedWasLost,
    FillSettled,
    MarketClosed,
    OrderDuplicate,
    ParentCompleted,
    PositionChanged,
    TargetDenied,
    TradingHalted,
    TradingPaused,
)
from daemon.domain.ids import ParentId, RunId, SlotId, TradeId
from daemon.domain.reasons import DenialReason, HaltReason, PauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.report.order_facts import Noted, OrderFacts
from daemon.report.order_news import cause_of, news_of
from daemon.report.order_story import order_story
from daemon.report.order_story_text import delay, story_lines
from tests.builders import CONDITION, NO, START, STRATEGY, YES, price, seconds, shares
from tests.unit.runtime.every_fact import lives, others
from tests.unit.runtime.told import Told

RUN = RunId("paper-1")
TOLD = Told(run=RUN)
ORDER = replace(
    TOLD.order(7), replaces=TOLD.order(6).client_order_id, parent_id=ParentId("parent-1")
)
NAME = ORDER.client_order_id
FILL = TOLD.simulated(ORDER, price="0.45", shares="4", at=seconds(1))


def noted(after_ms: int, fact: Fact, seq: int = 1) -> Noted:
    return Noted(run_id=RUN, seq=seq, at=Nanos(START + after_ms * NANOS_PER_MS), fact=fact)


def a_busy_order() -> OrderFacts:
    position = TOLD.state.position(YES).apply_fill(FILL)
    denial = TargetDenied(
        strategy_id=STRATEGY,
        slot=SlotId("bid"),
        token=YES,
        side=Side.BUY,
        price=price("0.45"),
        shares=shares("10"),
        reason=DenialReason.OPEN_ORDERS,
        detail="10 open, at most 10",
    )
    return OrderFacts(
        order=ORDER,
        run_id=RUN,
        status="cancelled",
        filled=shares("4"),
        reason="asked",
        market="btc-updown-5m-1776081600",
        outcome="Up",
        news=(
            noted(0, ev.OrderCreated(order=ORDER)),
            noted(1, ev.OrderSent(client_order_id=NAME)),
            noted(51, ev.OrderAccepted(client_order_id=NAME)),
            noted(1_000, ev.OrderFilled(client_order_id=NAME, fill=FILL)),
            noted(
                1_500, FillSettled(trade_id=FILL.trade_id, settlement=SettlementStatus.CONFIRMED)
            ),
            noted(9_000, ev.CancelRequested(client_order_id=NAME, reason="not wanted"), seq=9),
            noted(
                9_050,
                ev.OrderCanceled(client_order_id=NAME, matched=shares("4"), reason="asked"),
            ),
        ),
        causes={(RUN, 9): (BookDistrusted(token=YES, reason="crossed"),)},
        denials=((Nanos(START - 500 * NANOS_PER_MS), denial),),
        replaced=TOLD.order(6, price="0.44"),
        replaced_news=(
            noted(-700, ev.OrderAccepted(client_order_id=TOLD.order(6).client_order_id)),
            noted(
                -60,
                ev.CancelRequested(
                    client_order_id=TOLD.order(6).client_order_id, reason="replaced"
                ),
            ),
        ),
        replaced_by=replace(TOLD.order(8, price="0.46"), created_at=seconds(10)),
        position=PositionChanged(position=position, mark=price("0.44")),
    )


def test_the_story_reads_from_the_wish_to_what_is_held() -> None:
    assert story_lines(order_story(a_busy_order())) == [
        "Order a1b2c3d4... (paper-1-7): BUY 10.00 at 0.45 on btc-updown-5m-1776081600 Up",
        "Now cancelled (asked), 4.00 of 10.00 filled",
        "",
        f"Asked for by {STRATEGY}, slot bid, for parent parent-1",
        "Decided at 2026-04-13T12:00:00.000000Z, midpoint 0.4488",
        "Took the place of a1b2c3d4...: BUY 10.00 at 0.44",
        "      -60.0 ms  cancel asked for (replaced)",
        "Risk had refused in this slot since the order before:",
        "     -500.0 ms  BUY 10.00 at 0.45: open_orders (10 open, at most 10)",
        "",
        "       +0.0 ms  approved and created",
        "       +1.0 ms  sent",
        "      +51.0 ms  accepted by the venue",
        (
            "      +1.000 s  filled 4.00 at 0.45 as maker, fee 0.00: the queue ahead was used up, "
            "book 71717171@1776081600000#7"
        ),
        "      +1.500 s  settlement confirmed",
        "      +9.000 s  cancel asked for (not wanted), because book not believed: crossed",
        "      +9.050 s  cancelled (asked), matched 4.00",
        "",
        "Its place took a1b2c3d4... +10.000 s: BUY 10.00 at 0.46",
        "Held after its last fill: 4.00 at 0.45 on average, realized $+0.00, mark 0.44",
    ]


def test_an_order_of_which_nothing_came_says_so() -> None:
    bare = replace(
        a_busy_order(),
        order=replace(ORDER, replaces=None, parent_id=None),
        reason="",
        status="open",
        filled=shares("0"),
        news=(noted(0, ev.OrderCreated(order=ORDER)),),
        causes={},
        denials=(),
        replaced=None,
        replaced_news=(),
        replaced_by=None,
        position=None,
    )
    story = order_story(bare)
    assert (story["replaced"], story["replaced_by"], story["position"]) == (None, None, None)
    assert story_lines(story)[1:] == [
        "Now open, 0.00 of 10.00 filled",
        "",
        f"Asked for by {STRATEGY}, slot bid",
        "Decided at 2026-04-13T12:00:00.000000Z, midpoint 0.4488",
        "Risk had refused nothing in this slot since the order before",
        "",
        "       +0.0 ms  approved and created",
        "",
        "No position came of it",
    ]


def test_ids_are_whole_in_the_record() -> None:
    story = order_story(a_busy_order())
    assert story["order"]["order_id"] == ORDER.venue_order_id
    assert (story["market_id"], story["token_id"]) == (CONDITION, YES)


def test_every_fact_of_an_order_is_news_that_can_be_read() -> None:
    told = Told()
    facts: list[Fact] = [fact for step in lives(told) for fact in step]
    facts += others(told.order(1))
    kinds = {type(fact) for fact in facts if news_of(fact) is not None}
    assert kinds == {ev.OrderCreated, FillSettled, OrderDuplicate, *get_args(ev.OrderEvent)}
    news = tuple(noted(0, fact) for fact in facts)
    lines = story_lines(order_story(replace(a_busy_order(), news=news)))
    assert "       +0.0 ms  never sent (kill switch)" in lines
    assert "       +0.0 ms  rejected by the venue (insufficient balance)" in lines


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (TradingPaused(reason=PauseReason.STOPPING), "trading paused: stopping"),
        (
            TradingHalted(reason=HaltReason.OPERATOR, detail="lunch"),
            "trading halted: operator (lunch)",
        ),
        (FeedWasLost(tokens=(NO, YES), reason="silent", detail="x"), "feed lost: silent"),
        (FeedWasLost(tokens=(NO,), reason="silent", detail=""), ""),
        (BookDistrusted(token=YES, reason="crossed"), "book not believed: crossed"),
        (BookDistrusted(token=NO, reason="crossed"), ""),
        (
            MarketClosed(condition_id=CONDITION, detail="resolved: Up"),
            "market closed (resolved: Up)",
        ),
        (
            ParentCompleted(
                parent_id=ParentId("parent-1"), filled=shares("1"), residue=shares("0")
            ),
            "its parent was done",
        ),
        (
            ParentCompleted(
                parent_id=ParentId("parent-2"), filled=shares("1"), residue=shares("0")
            ),
            "",
        ),
        (OrderDuplicate(trade_id=TradeId("t")), ""),
    ],
)
def test_only_what_concerns_the_order_is_a_cause(fact: Fact, words: str) -> None:
    assert cause_of((fact,), ORDER) == words


def test_causes_are_told_in_order() -> None:
    first = FeedWasLost(tokens=(YES,), reason="closed", detail="")
    second = TradingPaused(reason=PauseReason.FEED_LOST, detail="")
    assert cause_of((first, second), ORDER) == "feed lost: closed; trading paused: feed_lost"


@pytest.mark.parametrize(
    ("after_ms", "text"),
    [(0.0, "+0.0 ms"), (-0.25, "-0.2 ms"), (999.9, "+999.9 ms"), (-61_000.0, "-61.000 s")],
)
def test_times_count_from_the_decision(after_ms: float, text: str) -> None:
    assert delay(after_ms) == text
