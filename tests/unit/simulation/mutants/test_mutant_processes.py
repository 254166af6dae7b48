"""A mutant lives in a process of its own, is found there, and is named by whoever repeats it."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_trial_says_which_invariant_broke() -> None:
    ran = run("-m", "daemon.simulation.mutants.trial", "trades-before-compared", "1", "1", "1")
    trial = json.loads(ran.stdout)
    assert trial["caught"] == trial["seeds"] == 1
    assert trial["invariants"] == {"stopped means stopped": 1}


def test_a_simulated_mutant_is_found_and_its_command_names_it() -> None:
    words = ("simulate", "--seed", "0", "--minutes", "1", "--mutant", "trades-before-compared")
    ran = run("-m", "daemon", *words)
    assert ran.returncode == 1
    assert "stopped means stopped" in ran.stdout
    assert "pennyd simulate --seed 0 --minutes 1 --mutant trades-before-compared" in ran.stdout


def test_a_mutant_that_does_not_exist_is_refused_in_one_line() -> None:
    ran = run("-m", "daemon", "simulate", "--mutant", "no-such-mistake")
    assert ran.returncode == 2
    assert "--mutant: there is no no-such-mistake; give one of" in ran.stdout + ran.stderr
