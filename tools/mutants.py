"""Runs every mutant against the simulation and writes the table in docs/simulation.md.

Each mutant is tried in a process of its own, several beside each other. Exits with 1 when one of them
survives: then the simulation draws too little, or the auditor sees too little.
"""

import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from daemon.simulation.mutants.catalogue import MUTANTS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "simulation.md"
BEGIN: Final = "<!-- mutants: begin -->"
END: Final = "<!-- mutants: end -->"
WITHIN_S: Final = 3_600
"""For one mutant; whoever takes longer has survived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much to try."""

    seeds: int
    seeds_max: int
    minutes: int


def try_one(plan: Plan, name: str) -> dict[str, Any]:
    """Return what came of one mutant, as its trial printed it."""
    command = [sys.executable, "-m", "daemon.simulation.mutants.trial", name]
    command += [str(number) for number in (plan.seeds, plan.seeds_max, plan.minutes)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    try:
        ran = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"mutant": name, "seeds": 0, "caught": 0, "invariants": {}, "error": "no end"}
    if ran.returncode != 0:
        error = (ran.stderr.strip().splitlines() or ["nothing said"])[-1]
        return {"mutant": name, "seeds": 0, "caught": 0, "invariants": {}, "error": error}
    trial: dict[str, Any] = json.loads(ran.stdout)
    return trial


def row_of(trial: dict[str, Any]) -> str:
    """Return a mutant's row of the table in Markdown."""
    mutant = MUTANTS[trial["mutant"]]
    by = sorted(trial["invariants"].items(), key=lambda item: (-item[1], item[0]))
    broken = ", ".join(f"{name} ({count})" for name, count in by)
    caught = f"{trial['caught']} of {trial['seeds']} seeds"
    return f"| `{mutant.name}` | {mutant.what} | {caught} | {broken} |"


def write_table(rows: dict[str, str], plan: Plan) -> None:
    """Put rows into the table of the document; the other ones stay as long as there is the mutant."""
    text = DOCUMENT.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    table, tail = rest.split(END)
    known = {row.split("`")[1]: row for row in table.splitlines() if row.startswith("| `")} | rows
    lines = [
        f"{plan.seeds} seeds × {plan.minutes} minutes each; more for a mutant that these do not catch.",
        "",
        "| Mutant | The mistake | Caught by | What broke first |",
        "|---|---|---|---|",
        *(known[name] for name in MUTANTS if name in known),
    ]
    body = "\n".join(lines)
    DOCUMENT.write_text(f"{head}{BEGIN}\n{body}\n{END}{tail}", encoding="utf-8")


def main() -> int:
    """Try the mutants and write their rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="these only")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--seeds-max", type=int, default=400)
    parser.add_argument("--minutes", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in MUTANTS]:
        parser.error(f"no mutant {unknown[0]}; there are {', '.join(MUTANTS)}")
    names: list[str] = asked.names or list(MUTANTS)
    plan = Plan(seeds=asked.seeds, seeds_max=asked.seeds_max, minutes=asked.minutes)
    trials: list[dict[str, Any]] = []
    with ThreadPoolExecutor(asked.jobs) as pool:
        for trial in pool.map(partial(try_one, plan), names):
            trials.append(trial)
            said = trial.get("error") or f"{trial['caught']} of {trial['seeds']} seeds"
            print(f"{trial['mutant']:32} {said}", flush=True)
    survivors = [trial["mutant"] for trial in trials if not trial["caught"]]
    write_table({trial["mutant"]: row_of(trial) for trial in trials}, plan)
    print(f"{len(trials) - len(survivors)} of {len(trials)} mutants were caught")
    if survivors:
        print(f"SURVIVED: {', '.join(survivors)}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
