"""Rules drawn for seeds: repeatable, different, and each kind frequent for some seed."""

from daemon.sim.exchange.faults.fault import FORMS, FaultKind
from daemon.sim.exchange.faults.fault_draw import draw_rules
from daemon.sim.named_chance import NamedChance

SEEDS = [NamedChance(str(number)) for number in range(200)]
DRAWN = {chance.seed: draw_rules(chance) for chance in SEEDS}


def rates(kind: FaultKind) -> list[int]:
    return [rule.rate for rules in DRAWN.values() for rule in rules if rule.kind is kind]


def test_a_seed_draws_the_same_rules_again() -> None:
    assert all(draw_rules(chance) == DRAWN[chance.seed] for chance in SEEDS[:10])
    assert len(set(DRAWN.values())) == len(DRAWN)


def test_every_kind_is_off_for_some_seeds_rare_for_some_and_frequent_for_some() -> None:
    for kind in FaultKind:
        drawn = rates(kind)
        assert 60 < len(drawn) < 140
        assert min(drawn) < 100_000
        assert max(drawn) > 250_000


def test_drawn_figures_are_some_of_the_kinds_own() -> None:
    for rules in DRAWN.values():
        for rule in rules:
            assert set(rule.values) <= set(FORMS[rule.kind].values)
    delays = {rule.values for rules in DRAWN.values() for rule in rules if rule.values}
    assert len(delays) > 30


def test_the_values_of_every_form_lie_within_its_bounds() -> None:
    assert list(FORMS) == list(FaultKind)
    for form in FORMS.values():
        assert form.points
        assert bool(form.figure) == bool(form.values)
        assert all(form.low <= value <= form.high for value in form.values)
