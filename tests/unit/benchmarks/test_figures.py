"""What a figure says about its bar."""

import pytest

from benchmarks.figure import bounded, compared, reported
from benchmarks.memory import slope


def test_a_ratio_is_the_median_of_the_ratios_of_each_repetition() -> None:
    figure = compared("f", "µs", [2.0, 30.0, 4.0], [1.0, 10.0, 4.0], bar=2.0)
    assert (figure.ratio, figure.ratio_min, figure.ratio_max) == (2.0, 1.0, 3.0)
    assert (figure.median, figure.min, figure.max) == (4.0, 2.0, 30.0)
    assert figure.is_met


def test_a_ratio_above_its_bar_does_not_meet_it() -> None:
    assert compared("f", "µs", [2.1], [1.0], bar=2.0).is_met is False


def test_a_figure_without_a_bar_neither_meets_nor_misses_one() -> None:
    assert compared("f", "µs", [9.0], [1.0]).is_met is None
    assert reported("f", "µs", [9.0]).as_json()["is_met"] is None


@pytest.mark.parametrize(("by", "is_met"), [("median", True), ("max", False)])
def test_a_bound_is_for_the_median_or_for_the_worst(by: str, is_met: bool) -> None:
    assert bounded("f", "ms", [1.0, 2.0, 9.0], bar=5, by=by).is_met is is_met


def test_the_slope_is_that_of_the_line_through_the_values() -> None:
    assert slope([5.0, 7.0, 9.0]) == 2.0
    assert slope([3.0, 3.0]) == 0.0
    assert slope([3.0]) == 0.0
