import pytest

from daemon.domain.schedule import SLICES_MAX, twap
from daemon.domain.units import NANOS_PER_S, Nanos
from tests.builders import shares

HOUR = Nanos(3_600 * NANOS_PER_S)


def plan(total: str, slice_min: str, slice_max: str, window: Nanos = HOUR) -> list[str]:
    slices = twap(
        total=shares(total),
        window=window,
        slice_min=shares(slice_min),
        slice_max=shares(slice_max),
    )
    return [f"{s.shares / 10**6:g}" for s in slices]


@pytest.mark.requirement("S2-032")
def test_thousand_shares_in_an_hour_are_ten_hundreds_every_six_minutes() -> None:
    slices = twap(
        total=shares("1000"), window=HOUR, slice_min=shares("10"), slice_max=shares("100")
    )
    assert [s.shares for s in slices] == [shares("100")] * 10
    assert [s.due_after // NANOS_PER_S for s in slices] == [360 * k for k in range(10)]


@pytest.mark.parametrize(
    "total, slice_min, slice_max, slices",
    [
        ("100", "10", "100", ["100"]),
        ("101", "10", "100", ["50.5", "50.5"]),
        ("1", "0.01", "0.34", ["0.34", "0.33", "0.33"]),
        ("999.99", "10", "100", ["100"] * 9 + ["99.99"]),
        ("150", "80", "100", ["150"]),  # two slices would fall below the minimum
        ("14", "5", "5", ["7", "7"]),
        ("10", "3.333", "3.34", ["5", "5"]),  # 3.33 would be below the minimum
    ],
)
def test_lots_that_do_not_divide_are_spread(
    total: str, slice_min: str, slice_max: str, slices: list[str]
) -> None:
    assert plan(total, slice_min, slice_max) == slices


def test_window_of_nothing_makes_everything_due_at_once() -> None:
    slices = twap(total=shares("20"), window=Nanos(0), slice_min=shares("5"), slice_max=shares("5"))
    assert [s.due_after for s in slices] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "total, slice_min, slice_max, complaint",
    [
        ("100", "0", "10", "0 < minimum <= maximum"),
        ("100", "-1", "10", "0 < minimum <= maximum"),
        ("100", "10", "9", "0 < minimum <= maximum"),
        ("100", "1.001", "1.009", "whole 0.01 share between them"),
        ("4.99", "5", "10", "4.99 shares are less than the smallest slice of 5.00"),
        ("0", "5", "10", "less than the smallest slice"),
        ("-10", "5", "10", "less than the smallest slice"),
        ("10.005", "5", "10", "at most two decimals"),
        (str(SLICES_MAX + 1), "1", "1", f"{SLICES_MAX + 1} slices are more than {SLICES_MAX}"),
    ],
)
def test_plan_that_cannot_be_is_refused_in_words(
    total: str, slice_min: str, slice_max: str, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        plan(total, slice_min, slice_max)


def test_window_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        plan("100", "5", "10", Nanos(-1))
