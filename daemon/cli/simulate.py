"""`pennyd simulate`: the whole daemon against the whole exchange, in virtual time, from seeds."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer

from daemon.cli.mutated import simulate_mutated
from daemon.cli.printing import print_line
from daemon.errors import ConfigError
from daemon.sim.exchange.faults.fault_file import FaultFile, parse_faults
from daemon.simulation.batch import cpus, run_many
from daemon.simulation.mutants.catalogue import MUTANTS
from daemon.simulation.mutants.mutated_import import installed
from daemon.simulation.seed_run import Finding, SeedPlan, SeedResult, run_seed
from daemon.simulation.shrink import Shrunk, shrink

EXAMPLE: Final = "pennyd simulate --seeds 40 --minutes 5"
BROKEN: Final = 1
MINUTES_MAX: Final = 24 * 60
SEEDS_MAX: Final = 1_000_000
SHRUNK_MAX: Final = 3
"""So many failing seeds are shrunk; the others are only named."""


def simulate(
    seeds: Annotated[int, typer.Option(min=1, max=SEEDS_MAX, help="Run seeds 0 to N − 1.")] = 40,
    seed: Annotated[int | None, typer.Option(min=0, help="Run this seed only.")] = None,
    minutes: Annotated[int, typer.Option(min=1, max=MINUTES_MAX, help="Virtual time of each.")] = 5,
    faults: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Faults (TOML or JSON) in place of drawn ones."),
    ] = None,
    without: Annotated[
        str,
        typer.Option(
            metavar="PARTS", help="Leave out parts of a seed, as a failing one names them."
        ),
    ] = "",
    mutant: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Make this deliberate mistake; it should be found."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the results there as JSON.")
    ] = None,
    trace: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one line per event; needs --seed.")
    ] = None,
) -> None:
    """Run the daemon against a simulated exchange, from seeds, and judge it.

    Each seed is a world of its own: markets, others who trade, strategies, limits, faults, crashes.
    The same seed and version give the same bytes, whose SHA-256 is printed. Exit codes: 0 nothing
    was broken, 1 something was; it is shrunk and printed with the command that repeats it.
    """
    if seed is None and (trace is not None or without):
        raise ConfigError("--trace and --without are about one world: give --seed, too")
    if mutant is not None and mutant != installed():
        again = {"--seed": seed, "--faults": faults, "--json": json_file, "--trace": trace}
        words = ["--seeds", str(seeds), "--minutes", str(minutes), "--without", without]
        words += [
            word for key, value in again.items() if value is not None for word in (key, str(value))
        ]
        raise typer.Exit(_simulate_mutated(mutant, words))
    chosen = range(seeds) if seed is None else (seed,)
    file = None if faults is None else _read_faults(faults)
    left_out = frozenset(part for part in without.split(",") if part)
    plans = [SeedPlan(seed=one, minutes=minutes, left_out=left_out, faults=file) for one in chosen]
    results = list(_watched(_run(plans, trace), len(plans)))
    for line in _summary(results):
        print_line(line)
    failed = [result for result in results if result.findings]
    shrunk = [shrink(result, run_seed) for result in failed[:SHRUNK_MAX]]
    for line in _failures(failed, shrunk, faults):
        print_line(line)
    if json_file is not None:
        json_file.write_bytes(msgspec.json.format(msgspec.json.encode(_record(results, shrunk))))
    if failed:
        raise typer.Exit(BROKEN)


def _simulate_mutated(name: str, words: list[str]) -> int:
    if name not in MUTANTS:
        raise ConfigError(f"--mutant: there is no {name}; give one of {', '.join(MUTANTS)}")
    return simulate_mutated(name, [*words, "--mutant", name])


def _read_faults(path: Path) -> FaultFile:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"faults: {path} cannot be read ({error}); give another file") from None
    return parse_faults(text, path.name)


def _run(plans: Sequence[SeedPlan], trace: Path | None) -> Iterator[SeedResult]:
    if trace is None:
        yield from run_many(plans, jobs=cpus())
        return
    with trace.open("wb") as file:
        yield run_seed(plans[0], file)


def _watched(results: Iterator[SeedResult], total: int) -> Iterator[SeedResult]:
    """Say on standard error how far it is, and at once what is broken: a thousand seeds take long."""
    is_shown = sys.stderr.isatty()
    for done, result in enumerate(results, start=1):
        if result.findings:
            sys.stderr.write(f"Seed {result.plan.seed}: {_told(result.findings[0])}\n")
        if is_shown:
            sys.stderr.write(
                f"{done} of {total} seeds\n" if done == total else f"{done} of {total}\r"
            )
        sys.stderr.flush()
        yield result


def _summary(results: Sequence[SeedResult]) -> Iterator[str]:
    counts = _totals(results)
    virtual_s = sum(result.virtual_s for result in results)
    cpu_s = sum(result.cpu_s for result in results)
    yield (
        f"{len(results)} seeds, {counts['lives']} lives, {counts['crashes']} crashes, "
        f"{counts['orders']} orders, {counts['fills']} fills, {counts['steps']} decisions"
    )
    met = sum((result.faults for result in results), Counter[str]())
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(met.items())) or "none"
    yield f"Faults met: {kinds}"
    yield (
        f"{virtual_s:,.0f} s of virtual time in {cpu_s:,.1f} s of one core: "
        f"{virtual_s / cpu_s:,.0f} × real time"
    )
    if len(results) == 1:
        yield f"Trace sha256: {results[0].trace_sha256}"


def _failures(
    failed: Sequence[SeedResult], shrunk: Sequence[Shrunk], faults: Path | None
) -> Iterator[str]:
    if not failed:
        yield "No invariant was broken"
        return
    names = ", ".join(str(result.plan.seed) for result in failed)
    yield f"BROKEN in {len(failed)} seeds: {names}"
    for one, smaller in zip(failed, shrunk, strict=False):
        yield f"Seed {one.plan.seed}: {_told(one.findings[0])}"
        yield f"  again:    {_command(one.plan, faults)}"
        yield f"  smallest: {_command(smaller.result.plan, faults)}"
        yield f"            {_told(smaller.result.findings[0])}"


def _told(finding: Finding) -> str:
    return f"{finding.invariant}, after {finding.at_ns / 1e9:.3f} s: {finding.text}"


def _command(plan: SeedPlan, faults: Path | None) -> str:
    words = ["pennyd", "simulate", "--seed", str(plan.seed), "--minutes", str(plan.minutes)]
    if faults is not None:
        words += ["--faults", str(faults)]
    if (mutant := installed()) is not None:
        words += ["--mutant", mutant]
    if plan.left_out:
        words += ["--without", ",".join(sorted(plan.left_out))]
    return " ".join(words)


def _totals(results: Sequence[SeedResult]) -> Counter[str]:
    return sum((Counter(asdict(result.counts)) for result in results), Counter[str]())


def _record(results: Sequence[SeedResult], shrunk: Sequence[Shrunk]) -> dict[str, Any]:
    smallest = {one.result.plan.seed: one.result for one in shrunk}
    return {
        "totals": dict(_totals(results)),
        "seeds": [
            {
                "seed": result.plan.seed,
                "minutes": result.plan.minutes,
                "without": sorted(result.plan.left_out),
                "counts": asdict(result.counts),
                "faults": dict(result.faults),
                "virtual_s": result.virtual_s,
                "cpu_s": result.cpu_s,
                "trace_sha256": result.trace_sha256,
                "broken": [asdict(finding) for finding in result.findings],
                "smallest": _command(smallest[result.plan.seed].plan, None)
                if result.plan.seed in smallest
                else None,
            }
            for result in results
        ],
    }
