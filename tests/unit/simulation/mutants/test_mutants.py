"""Every mutant is a mistake that can be made: its place is there, once, and what results compiles."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.simulation.mutants.catalogue import MUTANTS
from daemon.simulation.mutants.engine_mutants import ENGINE_MUTANTS
from daemon.simulation.mutants.mutant import Mutant
from daemon.simulation.mutants.order_mutants import ORDER_MUTANTS
from daemon.simulation.mutants.shell_mutants import SHELL_MUTANTS

ROOT = Path(__file__).resolve().parents[4]
MUTANTS_MIN = 20


def source_of(mutant: Mutant) -> str:
    spec = importlib.util.find_spec(mutant.module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text(encoding="utf-8")


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_the_place_of_a_mutant_is_there_once_and_what_results_compiles(mutant: Mutant) -> None:
    source = source_of(mutant)
    mutated = mutant.applied_to(source)
    assert mutated != source
    compile(mutated, mutant.module, "exec")


def test_there_are_enough_mutants_and_each_has_a_name_of_its_own() -> None:
    assert len(MUTANTS) >= MUTANTS_MIN
    assert len(MUTANTS) == len(SHELL_MUTANTS) + len(ORDER_MUTANTS) + len(ENGINE_MUTANTS)


def test_a_text_that_is_not_there_is_refused() -> None:
    mutant = Mutant(name="x", what="x", module="m", old="a = 1", new="a = 2")
    with pytest.raises(ValueError, match="mutant x: its text is 2 times in m, must be there once"):
        mutant.applied_to("a = 1\na = 1\n")


def test_a_process_makes_the_mistake_and_no_file_shows_it() -> None:
    """In a process of its own: here the module is imported already."""
    mutant = MUTANTS["pause-ignored"]
    before = source_of(mutant)
    program = """
import sys
from daemon.simulation.mutants.catalogue import MUTANTS
from daemon.simulation.mutants.mutated_import import install
install(MUTANTS["pause-ignored"])
from daemon.risk.trading_state import TradingReasons
from daemon.domain.reasons import PauseReason
reasons = TradingReasons()
reasons.pauses[PauseReason.STARTING] = ""
print(reasons.state)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "active"
    assert source_of(mutant) == before
