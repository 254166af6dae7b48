"""Lists of faults in TOML and JSON: what is understood and what is refused."""

import json

import pytest

from daemon.domain.units import NANOS_PER_S
from daemon.errors import ConfigError
from daemon.sim.exchange.faults.fault import FORMS, FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_draw import draw_rules
from daemon.sim.exchange.faults.fault_file import parse_faults
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.named_chance import NamedChance

TOML = """
seed = "7"
quiet = [[300, 600.5]]

[[fault]]
kind = "delay"
points = ["submit", "cancel"]
rate = 0.05
delay_ms = [100, 2000]
from_s = 1
until_s = 60

[[fault]]
kind = "server_error"
points = "submit"
nth = [1, 3]
status = 500
is_done = true
"""


def test_rules_are_read_exactly_and_with_their_defaults() -> None:
    faults = parse_faults(TOML, "faults.toml")
    assert faults.chance == NamedChance("7")
    assert faults.quiet == ((300 * NANOS_PER_S, 600_500_000_000),)
    assert faults.rules == (
        FaultRule(
            kind=FaultKind.DELAY,
            points=(FaultPoint.SUBMIT, FaultPoint.CANCEL),
            rate=50_000,
            values=(100, 2_000),
            start_after=faults.rules[0].start_after,
            end_after=faults.rules[0].end_after,
        ),
        FaultRule(
            kind=FaultKind.SERVER_ERROR,
            points=(FaultPoint.SUBMIT,),
            nth=frozenset({1, 3}),
            values=(500,),
            is_done=True,
        ),
    )
    assert faults.rules[0].start_after == NANOS_PER_S
    assert faults.rules[0].end_after == 60 * NANOS_PER_S


def test_json_says_the_same_as_toml() -> None:
    text = json.dumps({"seed": "7", "fault": [{"kind": "ghost_fill", "rate": 0.5}]})
    faults = parse_faults(text, "faults.json")
    form = FORMS[FaultKind.GHOST_FILL]
    assert faults.rules == (
        FaultRule(kind=FaultKind.GHOST_FILL, points=form.points, rate=500_000, values=form.values),
    )


def test_drawn_rules_stand_beside_those_listed() -> None:
    text = 'seed = "3"\ndraw = true\n[[fault]]\nkind = "drop"\nrate = 1'
    faults = parse_faults(text, "x.toml")
    assert faults.rules[1:] == draw_rules(NamedChance("3"))
    assert faults.rules[0].points == FORMS[FaultKind.DROP].points


def test_an_empty_file_holds_no_faults() -> None:
    assert parse_faults("", "x.toml").rules == ()
    assert parse_faults("{}", "x.json").rules == ()


@pytest.mark.parametrize(
    "text, told",
    [
        ("seeds = 1", "x.toml: unknown key 'seeds'; a file of faults takes seed, draw"),
        ("seed = 1", "x.toml: seed is a text"),
        ("draw = 1", "x.toml: seed is a text and draw is true or false"),
        ("fault = 1", "x.toml: fault is a list"),
        ("fault = [1]", "x.toml fault 1: is no table"),
        ("= 1", "x.toml: is not TOML"),
        ('[[fault]]\nkind = "dealy"\nrate = 1', "x.toml fault 1: kind 'dealy' is unknown"),
        ("[[fault]]\nrate = 1", "x.toml fault 1: kind None is unknown"),
        (
            '[[fault]]\nkind = "drop"\nrate = 1\ndelay_ms = 5',
            "x.toml fault 1: unknown key 'delay_ms'; a drop takes kind, points, rate",
        ),
        ('[[fault]]\nkind = "drop"', "x.toml fault 1: give a drop either a rate"),
        ('[[fault]]\nkind = "drop"\nrate = 1.5', "x.toml fault 1: the rate of a drop"),
        ('[[fault]]\nkind = "drop"\nrate = nan', "x.toml fault 1: rate NaN is not between"),
        ('[[fault]]\nkind = "drop"\nrate = "1"', "x.toml fault 1: rate '1' is no number"),
        ('[[fault]]\nkind = "drop"\nrate = true', "x.toml fault 1: rate True is no number"),
        ('[[fault]]\nkind = "drop"\nnth = 1.5', "x.toml fault 1: nth"),
        ('[[fault]]\nkind = "drop"\nrate = 1\npoints = "door"', "point 'door' is unknown"),
        ('[[fault]]\nkind = "drop"\nrate = 1\nis_done = 1', "is_done is true or false"),
        ("quiet = [[5, 5]]", "x.toml: quiet is a list of"),
        ("quiet = [5]", "x.toml: quiet is a list of"),
        ('quiet = [["a", 5]]', "x.toml: quiet 'a' is no number"),
    ],
)
def test_what_is_not_understood_is_refused_in_one_line(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_faults(text, "x.toml")
    assert len(refused.value.problems) == 1
    assert "\n" not in str(refused.value)
    assert told in str(refused.value)


@pytest.mark.parametrize("text", ["[]", "1", "{", '{"fault": {}}', '{"seed": NaN}'])
def test_json_that_is_no_list_of_faults_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"x\.json"):
        parse_faults(text, "x.json")


def test_every_bad_rule_gets_its_line() -> None:
    text = '[[fault]]\nkind = "drop"\n[[fault]]\nkind = "odd"\n[[fault]]\nkind = "drop"\nrate = 1'
    with pytest.raises(ConfigError) as refused:
        parse_faults(text, "x.toml")
    starts = [problem.split(":")[0] for problem in refused.value.problems]
    assert starts == ["x.toml fault 1", "x.toml fault 2"]
