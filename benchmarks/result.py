"""The result of a run, as JSON and as a table for people."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure

_COLUMNS = "{:<50} {:>10} {:>10} {:>10} {:<9} {:>7} {:>7}  {}"


def write_result(
    path: Path,
    machine: Mapping[str, Any],
    figures: Mapping[str, list[Figure]],
    *,
    measured_at: str,
    is_quick: bool,
    wall_s: float,
) -> None:
    """Write everything that was measured; the folder is made when it is missing."""
    result: dict[str, Any] = {
        "measured_at": measured_at,
        "is_quick": is_quick,
        "wall_s": round(wall_s, 1),
        "machine": dict(machine),
        "bars_missed": [figure.name for figure in missed(figures)],
        "benchmarks": {name: [f.as_json() for f in each] for name, each in figures.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def missed(figures: Mapping[str, list[Figure]]) -> Iterable[Figure]:
    """Yield the figures that do not meet their bar."""
    return (figure for each in figures.values() for figure in each if figure.is_met is False)


def heading() -> str:
    """Return the first line of the table."""
    return _COLUMNS.format("", "median", "min", "max", "unit", "× floor", "bar", "")


def line(figure: Figure) -> str:
    """Return the line of a figure."""
    verdict = {True: "met", False: "NOT MET", None: ""}[figure.is_met]
    return _COLUMNS.format(
        figure.name,
        *(f"{value:.4g}" for value in (figure.median, figure.min, figure.max)),
        figure.unit,
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        "" if figure.bar is None else f"{figure.bar:g}",
        verdict,
    ).rstrip()
