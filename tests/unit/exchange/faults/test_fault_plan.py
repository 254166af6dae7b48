"""Which fault applies to which question: rules, counting, quiet times, repetition."""

from collections.abc import Sequence
from typing import Any

import pytest

from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.sim.exchange.faults.fault import FORMS, Fault, FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan, Span
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.named_chance import NamedChance

START = Nanos(1_000 * NANOS_PER_S)
SUBMIT, TRADE = FaultPoint.SUBMIT, FaultPoint.TRADE_MESSAGE


def at(seconds: int) -> Nanos:
    return Nanos(START + seconds * NANOS_PER_S)


def after(seconds: int) -> Nanos:
    return Nanos(seconds * NANOS_PER_S)


def a_plan(*rules: FaultRule, seed: str = "test", quiet: Sequence[Span] = ()) -> FaultPlan:
    return FaultPlan(chance=NamedChance(seed), rules=rules, start_at=START, quiet=quiet)


def lost(**choices: Any) -> FaultRule:
    return FaultRule(kind=FaultKind.REPLY_LOST, points=(SUBMIT,), **choices)


def told(plan: FaultPlan, times: int, point: FaultPoint = SUBMIT) -> list[Fault | None]:
    return [plan.ask(point, at(0)) for _ in range(times)]


def test_a_listed_question_is_struck_for_certain_and_no_other() -> None:
    plan = a_plan(lost(nth=frozenset({2, 4})))
    fault = Fault(kind=FaultKind.REPLY_LOST, is_done=True)
    assert told(plan, 5) == [None, fault, None, fault, None]
    assert plan.counts == {FaultKind.REPLY_LOST: 2}


def test_each_client_has_a_count_of_its_own() -> None:
    plan = a_plan(lost(nth=frozenset({2})))
    assert plan.ask(SUBMIT, at(0), "one") is None
    assert plan.ask(SUBMIT, at(0), "other") is None
    assert plan.ask(SUBMIT, at(0), "one") is not None
    assert plan.ask(SUBMIT, at(0), "other") is not None


def test_a_rule_strikes_at_its_points_only() -> None:
    plan = a_plan(lost(rate=MICRO))
    assert plan.ask(TRADE, at(0)) is None
    assert plan.ask(SUBMIT, at(0)) is not None


def test_a_rate_strikes_about_as_often_as_it_says() -> None:
    plan = a_plan(lost(rate=MICRO // 10))
    assert 150 < sum(fault is not None for fault in told(plan, 2_000)) < 250


def test_a_rule_has_its_time() -> None:
    plan = a_plan(lost(rate=MICRO, start_after=after(10), end_after=after(20)))
    seconds = (9, 10, 19, 20)
    assert [plan.ask(SUBMIT, at(second)) is not None for second in seconds] == [
        False, True, True, False,
    ]  # fmt: skip


def test_nothing_goes_wrong_in_a_quiet_time_and_counting_goes_on() -> None:
    plan = a_plan(lost(nth=frozenset({1, 3})), quiet=[(after(0), after(10))])
    assert plan.ask(SUBMIT, at(0)) is None
    assert plan.ask(SUBMIT, at(9)) is None
    assert plan.ask(SUBMIT, at(10)) is not None


def test_figures_are_drawn_from_those_given() -> None:
    rule = FaultRule(kind=FaultKind.DELAY, points=(SUBMIT,), rate=MICRO, values=(100, 900))
    amounts = {fault.amount for fault in told(a_plan(rule), 50) if fault}
    assert amounts == {100, 900}


def test_a_rule_more_of_another_kind_changes_no_draw() -> None:
    delay = FaultRule(kind=FaultKind.DELAY, points=(TRADE,), rate=MICRO // 3, values=(1, 2, 3))
    alone, beside = a_plan(delay), a_plan(lost(rate=MICRO // 2), delay)
    assert told(alone, 50, TRADE) == told(beside, 50, TRADE)


def test_the_seed_decides() -> None:
    one, same, other = (a_plan(lost(rate=MICRO // 2), seed=seed) for seed in ("1", "1", "2"))
    answers = told(one, 64)
    assert answers == told(same, 64)
    assert answers != told(other, 64)


def test_of_two_rules_that_strike_at_once_chance_picks_one() -> None:
    drop = FaultRule(kind=FaultKind.DROP, points=(SUBMIT,), rate=MICRO)
    plan = a_plan(lost(rate=MICRO), drop)
    told(plan, 100)
    assert set(plan.counts) == {FaultKind.REPLY_LOST, FaultKind.DROP}
    assert min(plan.counts.values()) > 25


def test_an_ambiguous_answer_is_sometimes_carried_out_unless_the_rule_settles_it() -> None:
    def rule(is_done: bool | None) -> FaultRule:
        return FaultRule(
            kind=FaultKind.SERVER_ERROR,
            points=(SUBMIT,),
            rate=MICRO,
            values=(500,),
            is_done=is_done,
        )

    for choice, expected in ((None, {True, False}), (True, {True}), (False, {False})):
        assert {one.is_done for one in told(a_plan(rule(choice)), 40) if one} == expected


def test_one_plan_has_one_skew_of_the_clock() -> None:
    rule = FaultRule(
        kind=FaultKind.CLOCK_SKEW,
        points=(FaultPoint.CLOCK,),
        rate=MICRO,
        values=FORMS[FaultKind.CLOCK_SKEW].values,
    )
    skews = {one.amount for one in told(a_plan(rule), 40, FaultPoint.CLOCK) if one}
    assert len(skews) == 1


@pytest.mark.parametrize(
    "choices, told_what",
    [
        ({"points": (TRADE,), "rate": 1}, "cannot strike at trade_message; give submit"),
        ({"points": (), "rate": 1}, "needs a point"),
        ({"rate": MICRO + 1}, "not between 0 and 1"),
        ({}, "either a rate above 0 or nth"),
        ({"rate": 1, "nth": frozenset({1})}, "either a rate above 0 or nth"),
        ({"nth": frozenset({0})}, "counts from 1"),
        ({"rate": 1, "values": (5,)}, "needs no figure"),
        ({"rate": 1, "is_done": False}, "leave is_done out"),
        ({"rate": 1, "start_after": after(5), "end_after": after(5)}, "ends before it starts"),
        ({"kind": FaultKind.DELAY, "rate": 1}, "needs delay_ms"),
        ({"kind": FaultKind.DELAY, "rate": 1, "values": (0,)}, "delay_ms 0 is not between 1"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(choices: dict[str, Any], told_what: str) -> None:
    plain: dict[str, Any] = {"kind": FaultKind.REPLY_LOST, "points": (SUBMIT,)}
    with pytest.raises(ValueError, match=told_what):
        FaultRule(**(plain | choices))
