"""`pennyd simulate`: what it prints of a run, of a broken one, and what it refuses."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli.commands import build_app
from daemon.errors import ConfigError
from daemon.simulation.auditor.auditor import Auditor
from daemon.simulation.auditor.violation import Violation
from daemon.simulation.surroundings import ORIGIN_AT


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(build_app(["simulate"]), ["simulate", *words])
    if isinstance(result.exception, ConfigError):
        raise result.exception
    return result.exit_code, result.output


def test_a_seed_is_run_and_its_trace_written(tmp_path: Path) -> None:
    trace, record = tmp_path / "trace", tmp_path / "record.json"
    code, said = run("--seed", "2", "--minutes", "1", "--trace", str(trace), "--json", str(record))
    assert code == 0
    assert "1 seeds, " in said
    assert "× real time" in said
    assert "No invariant was broken" in said
    (one,) = json.loads(record.read_bytes())["seeds"]
    assert one["trace_sha256"] in said
    assert one["broken"] == []
    assert trace.read_bytes().startswith(b"0 life 1 began")


def test_a_broken_invariant_is_named_with_the_commands_that_repeat_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = Violation(invariant="a promise", at=ORIGIN_AT, life=1, text="it is broken")
    monkeypatch.setattr(Auditor, "violations", property(lambda _: [broken]))
    code, said = run("--seed", "2", "--minutes", "1")
    assert code == 1
    assert "BROKEN in 1 seeds: 2" in said
    assert "a promise, after 0.000 s: it is broken" in said
    assert "again:    pennyd simulate --seed 2 --minutes 1\n" in said
    assert "smallest: pennyd simulate --seed 2 --minutes 1" in said


def test_listed_faults_take_the_place_of_drawn_ones(tmp_path: Path) -> None:
    faults = tmp_path / "faults.toml"
    faults.write_text('[[fault]]\nkind = "reply_lost"\npoints = ["submit"]\nrate = 1\n')
    code, said = run("--seed", "2", "--minutes", "1", "--faults", str(faults))
    assert code == 0
    assert "Faults met: reply_lost " in said
    assert "," not in said.partition("Faults met: ")[2].partition("\n")[0]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--trace", "x"), "give --seed"),
        (("--seed", "1", "--without", "crash:99"), "has no crash:99"),
        (("--faults", "nowhere.toml"), "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused(words: tuple[str, ...], expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        run(*words)
