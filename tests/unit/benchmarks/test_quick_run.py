"""The benchmarks themselves work; how quick the daemon is, no test asserts."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as command
from benchmarks.catalogue import BENCHMARKS, ON_REQUEST

JUDGED = {
    "price_change decode and apply",
    "book decode and apply",
    "tick without an order",
    "tick that creates an order",
    "hand-over of a step's facts",
    "loop turns during the hand-over",
    "query best bid and ask",
    "query size at a price",
    "query average price over 10 levels",
    "burst longest stall",
    "single frame, worst",
    "kill file to last cancel, median",
    "kill file to last cancel, worst",
    "kill file to last submit",
    "recorder per frame nhl",
    "recorder per frame btc5m",
    "market frame as recorded",
    "market frame matched",
    "simulated daemon, whole shell",
    "simulated daemon, engine alone",
    "box single: CPU per order",
    "box batch of 15: CPU per order",
}


@pytest.mark.long
def test_a_quick_run_measures_everything_and_says_what_was_held_against_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LATEST", tmp_path / "latest.json")
    assert command.main(["--quick", "--json", str(tmp_path / "folder" / "result.json")]) == 0
    assert not (tmp_path / "latest.json").exists()
    result = json.loads((tmp_path / "folder" / "result.json").read_text())
    assert result["is_quick"]
    assert {"python", "platform", "cpu", "cpu_count", "packages"} <= result["machine"].keys()
    assert list(result["benchmarks"]) == [name for name in BENCHMARKS if name not in ON_REQUEST]
    figures: list[dict[str, Any]] = [f for each in result["benchmarks"].values() for f in each]
    for figure in figures:
        assert figure["min"] <= figure["median"] <= figure["max"], figure
        assert (figure["bar"] is None) is (figure["is_met"] is None), figure
    assert {figure["name"] for figure in figures if figure["bar"] is not None} == JUDGED
    missed = [figure["name"] for figure in figures if figure["is_met"] is False]
    assert result["bars_missed"] == missed


def test_a_part_of_the_benchmarks_leaves_the_kept_result_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "LATEST", tmp_path / "latest.json")
    assert command.main(["--quick", "--only", "book_queries"]) == 0
    assert not (tmp_path / "latest.json").exists()
    assert "query best bid and ask" in capsys.readouterr().out
