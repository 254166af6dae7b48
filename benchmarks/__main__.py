"""`python -m benchmarks [--quick] [--only NAME] [--json FILE]`: measure, print, write the result."""

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.catalogue import BENCHMARKS, ON_REQUEST
from benchmarks.effort import FULL, QUICK
from benchmarks.figure import Figure
from benchmarks.machine import describe_machine
from benchmarks.result import heading, line, missed, write_result

LATEST: Final = Path(__file__).parent / "results" / "latest.json"


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks that were asked for; return 0, whether bars are met or not."""
    given = _parse(arguments)
    names = given.only or [name for name in BENCHMARKS if name not in ON_REQUEST]
    machine = describe_machine()
    print(f"Python {machine['python']}, {machine['cpu']} × {machine['cpu_count']}")
    print(heading())
    started_ns = time.perf_counter_ns()
    figures: dict[str, list[Figure]] = {}
    for name in names:
        figures[name] = BENCHMARKS[name](QUICK if given.quick else FULL)
        for figure in figures[name]:
            print(line(figure), flush=True)
    wall_s = (time.perf_counter_ns() - started_ns) / 1e9
    late = [figure.name for figure in missed(figures)]
    print(f"{wall_s:.0f} s; " + (f"bars not met: {'; '.join(late)}" if late else "all bars met"))
    path = given.json or (None if given.quick or given.only else LATEST)
    if path is not None:
        write_result(
            path,
            machine,
            figures,
            measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
            is_quick=given.quick,
            wall_s=wall_s,
        )
        print(f"written: {path}")
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the daemon on recorded frames; docs/performance.md says what and how.",
    )
    parser.add_argument(
        "--quick", action="store_true", help="few frames and tries: to see that it works"
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=list(BENCHMARKS),
        metavar="NAME",
        help=f"one of {', '.join(BENCHMARKS)}; may be given again",
    )
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="where to write the result (a full run: benchmarks/results/latest.json)",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
