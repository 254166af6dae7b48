"""Whatever is asked in between: a seed's fault plan answers each question the same."""

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.units import Nanos
from daemon.sim.exchange.faults.fault import FORMS, Fault, FaultPoint
from daemon.sim.exchange.faults.fault_draw import draw_rules
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.named_chance import NamedChance

SEEDS = st.integers(0, 1_000).map(str)
QUESTIONS = st.lists(
    st.tuples(st.sampled_from(FaultPoint), st.sampled_from(["one", "other"])), max_size=60
)
START, QUIET_AT, QUIET_END = Nanos(0), Nanos(100), Nanos(200)


def a_plan(seed: str) -> FaultPlan:
    return FaultPlan(
        chance=NamedChance(seed),
        rules=draw_rules(NamedChance(seed)),
        start_at=START,
        quiet=[(QUIET_AT, QUIET_END)],
    )


@given(seed=SEEDS, questions=QUESTIONS, data=st.data())
def test_unrelated_questions_change_no_answer(
    seed: str, questions: list[tuple[FaultPoint, str]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(questions))

    def answers(
        asked: list[tuple[FaultPoint, str]],
    ) -> dict[tuple[FaultPoint, str], list[Fault | None]]:
        plan = a_plan(seed)
        told: dict[tuple[FaultPoint, str], list[Fault | None]] = {}
        for point, who in asked:
            told.setdefault((point, who), []).append(plan.ask(point, START, who))
        return told

    assert answers(questions) == answers(shuffled)


@given(seed=SEEDS, questions=QUESTIONS)
def test_every_answer_fits_its_point_and_form(
    seed: str, questions: list[tuple[FaultPoint, str]]
) -> None:
    plan = a_plan(seed)
    faults = [(point, plan.ask(point, START, who)) for point, who in questions]
    for point, fault in faults:
        if fault is None:
            continue
        form = FORMS[fault.kind]
        assert point in form.points
        assert fault.amount in (form.values or (0,))
        assert form.is_done is None or fault.is_done is form.is_done
    assert sum(plan.counts.values()) == sum(fault is not None for _, fault in faults)


@given(seed=SEEDS, questions=QUESTIONS, now=st.integers(QUIET_AT, QUIET_END - 1).map(Nanos))
def test_a_quiet_time_is_quiet(
    seed: str, questions: list[tuple[FaultPoint, str]], now: Nanos
) -> None:
    plan = a_plan(seed)
    assert all(plan.ask(point, now, who) is None for point, who in questions)
