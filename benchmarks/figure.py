"""One figure that was measured, with its spread and the bar it is held against."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one measurement came to.

    `ratio` compares with the floor of the same run: the median over the repetitions of our time
    divided by the floor's time of that very repetition.
    """

    name: str
    unit: str
    median: float
    min: float
    max: float
    ratio: float | None = None
    ratio_min: float | None = None
    ratio_max: float | None = None
    bar: float | None = None
    """The most it may be; None when it is only reported."""
    held_against_bar: str | None = None
    """Which of the values above the bar is for."""
    is_met: bool | None = None
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it with numbers as short as they mean anything."""
        return {
            key: float(f"{value:.4g}") if isinstance(value, float) else value
            for key, value in asdict(self).items()
        }


def reported(name: str, unit: str, values: Sequence[float], note: str = "") -> Figure:
    """Return a figure without a bar."""
    return Figure(
        name=name,
        unit=unit,
        median=statistics.median(values),
        min=min(values),
        max=max(values),
        note=note,
    )


def compared(
    name: str,
    unit: str,
    values: Sequence[float],
    floors: Sequence[float],
    *,
    bar: float | None = None,
    note: str = "",
) -> Figure:
    """Return a figure as a multiple of the floor, pair by pair; `bar` is for that ratio."""
    ratios = [value / floor for value, floor in zip(values, floors, strict=True)]
    ratio = statistics.median(ratios)
    return Figure(
        name=name,
        unit=unit,
        median=statistics.median(values),
        min=min(values),
        max=max(values),
        ratio=ratio,
        ratio_min=min(ratios),
        ratio_max=max(ratios),
        bar=bar,
        held_against_bar=None if bar is None else "ratio",
        is_met=None if bar is None else ratio <= bar,
        note=note,
    )


def bounded(
    name: str, unit: str, values: Sequence[float], *, bar: float, by: str, note: str = ""
) -> Figure:
    """Return a figure whose median or maximum (`by`) must not be more than the bar."""
    median, most = statistics.median(values), max(values)
    return Figure(
        name=name,
        unit=unit,
        median=median,
        min=min(values),
        max=most,
        bar=bar,
        held_against_bar=by,
        is_met={"median": median, "max": most}[by] <= bar,
        note=note,
    )
