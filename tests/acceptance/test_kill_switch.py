"""The kill file against a running daemon: it stops, it stays stopped, a person lifts it."""

from collections.abc import Callable

import pytest

from tests.acceptance.paper_daemon import FactRow, PaperDaemon, eventually

Make = Callable[..., PaperDaemon]

OPENING = {"OrderCreated", "OrderSent"}


@pytest.mark.requirement(
    "S2-061", "S2-079", "S2-094", "S3-036", "S3-038", "S3-039", "S3-040", "S3-093", "S4-073"
)
def test_a_kill_file_stops_at_once_survives_a_crash_and_only_a_person_lifts_it(
    postgres_dsn: str, paper_daemon: Make
) -> None:
    daemon = paper_daemon(dsn=postgres_dsn)
    daemon.arguments = [x for m in daemon.venue.markets[:3] for x in ("--market", m["slug"])]
    daemon.start_trading()
    daemon.kill_file.write_text("the feed looks wrong\n")
    halted = daemon.halts()
    assert halted["why"] == "kill_switch (the feed looks wrong)"
    eventually(lambda: not daemon.open_in_database(), "nothing rests in the tables either")

    daemon.kill()
    daemon.start()
    daemon.halts()
    refused = daemon.ask("resume")
    assert refused.code == 1
    assert str(daemon.kill_file) in refused.err
    assert "--clear" in refused.err
    daemon.kill_file.unlink()
    still = daemon.until(lambda s: not s["is_kill_switch_engaged"], "the file is gone")
    assert still["state"] == "halted", "removing the file alone resumes nothing"

    here = daemon.folder / "KILL_SWITCH"
    here.touch()
    daemon.until(lambda s: s["is_kill_switch_engaged"], "the file in the working directory counts")
    assert str(here) in daemon.ask("resume").err
    assert daemon.ask("resume", "--clear").code == 0
    assert not here.exists()
    daemon.trades()

    assert daemon.ask("stop").code == 0
    assert daemon.end().code == 0
    written = daemon.ask("halt", "over night", "--json")
    assert written.code == 0, "nothing runs, and that is no trouble"
    assert written.json["is_running"] is False
    assert daemon.kill_file.read_text() == "over night\n"
    daemon.start()
    assert daemon.halts()["why"] == "kill_switch (over night)"
    assert daemon.ask("stop").code == 0
    assert daemon.end().code == 0
    assert_nothing_left_while_halted(daemon.facts())


def assert_nothing_left_while_halted(facts: list[FactRow]) -> None:
    """Between a halt and its end, over restarts as well, no order was made and none was sent."""
    is_halted, halts, sent = False, 0, 0
    for fact in facts:
        if fact.kind == "TradingHalted":
            is_halted, halts = True, halts + 1
        elif fact.kind == "HaltLifted":
            is_halted = False
        elif fact.kind in OPENING:
            assert not is_halted, fact
            sent += fact.kind == "OrderSent"
    assert halts == 2
    assert sent
    assert is_halted, "the last run never traded"
