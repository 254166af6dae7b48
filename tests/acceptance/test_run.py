"""`pennyd run` as a newcomer starts it: base addresses and market names, nothing else."""

import json
import stat
from collections.abc import Callable

import pytest

from daemon.adapters.operator_client import SOCKET_NAME
from daemon.adapters.runtime_folder import find_runtime_folder
from tests.acceptance.paper_daemon import PaperDaemon
from tests.acceptance.pennyd_process import Ended, run
from tests.acceptance.venue_process import VenueProcess

Make = Callable[..., PaperDaemon]

SECRET_HEADERS = ("authorization", "cookie", "poly")
LOOKUPS = ("/markets", "/clob-markets", "/book")


@pytest.mark.requirement("S0-016", "S0-017", "S0-024", "S0-106", "S3-015", "S4-024")
def test_paper_trades_on_addresses_alone_and_asks_only_for_what_is_public(
    postgres_dsn: str, paper_daemon: Make, venue: VenueProcess
) -> None:
    by_slug, by_condition, by_token, *_ = venue.markets
    daemon = paper_daemon(
        "--market", by_slug["slug"],
        "--market", by_condition["condition_id"],
        "--market", by_token["token_ids"][1],
        "--json", "report.json",
    )  # fmt: skip
    daemon.start(env={})
    daemon.until(
        lambda s: s["orders"] and any(p["avg_price"] for p in s["positions"]), "it has a position"
    )
    assert_commands_answer(daemon, {m["slug"] for m in (by_slug, by_condition, by_token)})
    assert_alone_on_its_folder(daemon)
    other = paper_daemon("--market", by_slug["slug"], dsn=postgres_dsn)
    assert other.start_trading()["pid"] != daemon.pid, "a folder of its own is no rival"
    stopped = daemon.ask("stop", "--json")
    assert stopped.code == 0, stopped.err
    assert stopped.json["pid"] == daemon.pid
    ended = daemon.end()
    assert ended.code == 0, ended.err
    assert ended.err == ""
    assert daemon.open_in_database() == []
    assert_history_answers(daemon)
    assert_only_public(venue)


def assert_commands_answer(daemon: PaperDaemon, slugs: set[str]) -> None:
    """Each command answers in JSON while the daemon runs."""
    status = daemon.ask("status", "--json").json
    assert (status["mode"], status["state"], status["pid"]) == ("paper", "active", daemon.pid)
    books = daemon.ask("tick", "--json").json
    assert {book["market"] for book in books} == slugs
    assert len(books) == 2 * len(slugs)
    assert "trusted" in {book["trust"] for book in books}
    orders = daemon.ask("orders", "--json").json
    assert orders
    assert {order["market"] for order in orders} <= slugs
    positions = daemon.ask("positions", "--json").json
    assert any(position["avg_price"] for position in positions)
    risk = daemon.ask("risk", "--json").json
    assert str(daemon.kill_file) in risk["kill_switch"]["files"]
    fills = daemon.ask("fills", "--json").json
    assert fills
    assert {fill["market"] for fill in fills} <= slugs
    early = daemon.ask("report", "--json")
    assert early.code == 1
    assert "still going on" in early.json["error"]
    running = daemon.query("select r.*, o.created_at as first from runs r, orders o")
    assert {row["status"] for row in running} == {"running"}
    assert all(row["started_at"] <= row["first"] for row in running)


def assert_alone_on_its_folder(daemon: PaperDaemon) -> None:
    """The socket is ours alone, and so is the state folder."""
    folder = find_runtime_folder(daemon.state_dir)
    assert folder is not None
    assert stat.S_IMODE((folder / SOCKET_NAME).stat().st_mode) == 0o600
    second = run_on(daemon)
    assert second.code == 3
    assert f"process {daemon.pid}" in second.err
    assert second.err.count("\n") == 1


def assert_history_answers(daemon: PaperDaemon) -> None:
    """What was, is there after the end as well."""
    report = daemon.ask("report", "--json").json
    assert report == json.loads((daemon.folder / "report.json").read_text())
    assert report["exit"] == {"code": 0, "reason": "operator"}
    assert report["frames_received"] > 0
    assert (report["frames_dropped"], report["frames_garbled"]) == (0, 0)
    assert len(daemon.ask("fills", "--json").json) == report["fills"]
    assert daemon.ask("status").code == 1
    assert daemon.ask("orders").code == 1
    assert len(daemon.ask("orders", "--all", "--json").json) == report["orders_created"]
    (row,) = daemon.query("select * from runs")
    assert row["status"] == "completed"
    assert json.loads(row["summary_json"]) == report


def assert_only_public(venue: VenueProcess) -> None:
    """What the venue counted: look-ups and the market channel, no name and no key of ours."""
    requests = venue.admin("requests")["requests"]
    assert requests
    for request in requests:
        assert request["method"] == "GET"
        assert request["body"] == ""
        assert request["path"].startswith(LOOKUPS)
    connections = venue.admin("connections")
    assert connections["market"]["opened"] >= 1
    assert connections["user"]["attempts"] == 0
    assert connections["other"]["attempts"] == 0
    assert connections["auth_messages"] == 0
    for asked in (*requests, *connections["handshakes"]):
        names = [name.lower() for name, _ in asked["headers"]]
        assert not [name for name in names if name.startswith(SECRET_HEADERS)]


def run_on(daemon: PaperDaemon, *, market: str | None = None, **environ: str) -> Ended:
    """Run another daemon to its end on the state folder of the first."""
    named = market or daemon.venue.markets[0]["slug"]
    arguments = ["run", "--state-dir", str(daemon.state_dir), "--market", named]
    return run(arguments, cwd=daemon.folder, env={**daemon.venue.addresses, **environ})


def test_what_cannot_run_is_refused_in_one_line_that_names_it(
    postgres_dsn: str, paper_daemon: Make
) -> None:
    daemon = paper_daemon(dsn=postgres_dsn)
    bare = run(["run", "--state-dir", str(daemon.state_dir)], cwd=daemon.folder)
    assert_one_line(bare, 2, "markets", "--market")
    assert not daemon.state_dir.exists(), "refused before anything is made"
    unknown = run_on(daemon, market="no-such-market", DATABASE_URL=postgres_dsn)
    assert_one_line(unknown, 2, "no-such-market", "there is no such market")
    nobody = "http://127.0.0.1:9"
    alone = run_on(daemon, DATABASE_URL=postgres_dsn, PENNYD_VENUE__GAMMA_URL=nobody)
    assert_one_line(alone, 1, nobody)
    assert daemon.query("select * from runs") == []


def assert_one_line(ended: Ended, code: int, *words: str) -> None:
    assert ended.code == code, ended.err
    assert ended.err.startswith("pennyd: ")
    assert ended.err.count("\n") == 1, ended.err
    for word in words:
        assert word in ended.err
