"""What the commands say about a run that is over, and what they never say."""

import asyncio
import json
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.postgres.embedded import EmbeddedPostgres
from daemon.cli import version as version_command
from daemon.cli.main import main
from tests.acceptance.ledger import query
from tests.acceptance.pennyd_process import run
from tests.roomy_folder import make_test_folder

SECRETS = {
    "POLYMARKET_PRIVATE_KEY": "0x" + "c0ffee0badf00d42" * 4,
    "POLYMARKET_API_KEY": "key-5f1d0c4e-never-shown",
    "POLYMARKET_API_SECRET": "c2VjcmV0LW5ldmVyLXNob3du",
    "POLYMARKET_API_PASSPHRASE": "passphrase-never-shown",
}
EVERY_COMMAND = (
    ["status"], ["orders"], ["orders", "--all"], ["fills"], ["positions"], ["report"],
    ["report", "--list"], ["tick"], ["risk"], ["halt", "enough"], ["resume", "--clear"],
    ["cancel-all"], ["stop"], ["why", "--last"], ["replay", "nothing"], ["config", "show"], ["config", "check"], ["doctor"], ["db", "status"],
    ["db", "migrate"], ["db", "shell"], ["db", "rebuild-positions"], ["version"],
    ["run", "--market", "a-market", "--set", "log.level=DEBUG"],
)  # fmt: skip
NO_VENUE = {
    "PENNYD_VENUE__GAMMA_URL": "http://127.0.0.1:9",
    "PENNYD_VENUE__CLOB_URL": "http://127.0.0.1:9",
}


@pytest.fixture(scope="module")
def played() -> Generator[Path]:
    """Return the state folder of a demo that was played with keys around; its database is up."""
    folder = make_test_folder()
    state = folder / "state"
    ended = run(
        ["demo", "--speed", "0", "--minutes", "2", "--state-dir", str(state), "--json", "out.json"],
        cwd=folder,
        env={**SECRETS, "PENNYD_LOG__LEVEL": "DEBUG"},
    )
    assert ended.code == 0, ended.err
    (state / "said.txt").write_text(ended.out + ended.err)
    server = EmbeddedPostgres(state)
    asyncio.run(server.start())
    yield state
    asyncio.run(server.stop())
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder with nothing of the developer's environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)


def asked(capfd: pytest.CaptureFixture[str], state: Path, *arguments: str) -> Any:
    """Return the JSON answer of a command."""
    assert main([*arguments, "--json", "--state-dir", str(state)]) == 0
    return json.loads(capfd.readouterr().out)


@pytest.mark.requirement("S2-047")
def test_orders_of_the_database_carry_the_customers_fields(
    played: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    records = asked(capfd, played, "orders", "--all", "--limit", "100000")
    (row,) = query(played, "select count(*) as orders from orders")
    assert len(records) == row["orders"] > 0
    wanted = {"order_id", "status", "token_id", "side", "price", "size", "filled", "timestamp"}
    assert all(wanted <= set(record) for record in records)


def test_fills_and_report_tell_the_same_story(
    played: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fills = asked(capfd, played, "fills", "--limit", "100000")
    report = asked(capfd, played, "report")
    (run_record,) = asked(capfd, played, "report", "--list")
    assert len(fills) == report["fills"] > 0
    assert run_record["run_id"] == report["run_id"] == fills[0]["run_id"]
    assert report == json.loads((played.parent / "out.json").read_text())


@pytest.mark.requirement("S0-030")
def test_positions_show_market_outcome_quantity_and_average_price(
    played: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    records = asked(capfd, played, "positions")
    rows = query(played, "select token_id, market_id, qty, avg_price from positions")
    stored = {row["token_id"]: row for row in rows}
    assert {record["token_id"] for record in records} == set(stored)
    for record in records:
        assert record["market_id"] == stored[record["token_id"]]["market_id"]
        assert float(record["shares"]) == float(stored[record["token_id"]]["qty"])
        assert {"outcome", "avg_price"} <= set(record)
    assert main(["positions", "--state-dir", str(played)]) == 0
    head = capfd.readouterr().out.splitlines()[1]
    assert {"market_id", "outcome", "shares", "avg_price"} <= set(head.split())


@pytest.mark.requirement("S0-082")
def test_positions_counted_again_agree_and_a_wrong_table_is_found_and_mended(
    played: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = asked(capfd, played, "db", "rebuild-positions")
    assert found["is_equal"]
    assert found["executions"] > 0
    before = query(played, "select * from positions order by token_id")
    query(played, "update positions set shares_micros = shares_micros + 1, cost_exact = 0")
    query(played, "delete from positions where token_id = (select max(token_id) from positions)")
    assert main(["db", "rebuild-positions", "--state-dir", str(played)]) == 1
    assert "rebuild-positions --write` corrects it" in capfd.readouterr().out
    assert not asked(capfd, played, "db", "rebuild-positions", "--write")["is_equal"]
    assert asked(capfd, played, "db", "rebuild-positions")["is_equal"]
    after = query(played, "select * from positions order by token_id")
    figures = ("token_id", "shares_micros", "cost_exact", "realized_exact", "fees_micros", "slug")
    assert [[row[f] for f in figures] for row in after] == [
        [row[f] for f in figures] for row in before
    ]
    (noted,) = query(
        played, "select count(*) as lines from audit_logs where msg = 'PositionRebuilt'"
    )
    assert noted["lines"] > 0


def test_reading_changes_nothing_and_a_broken_statement_cannot(
    played: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = main(["db", "shell", "--state-dir", str(played), "--", "-Atc", "select 6 * 7"])
    assert (code, capfd.readouterr().out.strip()) == (0, "42")


def test_the_doctor_finds_the_database_where_it_is(
    played: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = asked(capfd, played, "doctor")
    checks = {check["name"]: check for check in answer["checks"]}
    assert "schema version 1" in checks["database"]["finding"]
    assert "postgres.log" in checks["database place"]["finding"]
    assert answer["verdict"] != "fail"


def test_an_unknown_run_names_those_there_are(
    played: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for command in ("report", "fills", "positions", "orders"):
        assert main([command, "--run", "nobody", "--state-dir", str(played)]) == 1
        assert "no run nobody in the database; the latest: demo-nhl" in capfd.readouterr().err


def test_a_folder_without_a_database_says_so_and_stays_empty(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["fills"], ["report"], ["db", "status"], ["db", "rebuild-positions"]):
        assert main([*arguments, "--state-dir", str(tmp_path / "none")]) == 1
        assert "nothing was written yet" in capfd.readouterr().err
    assert not (tmp_path / "none").exists()


@pytest.mark.requirement("S0-014")
def test_no_command_shows_or_writes_a_secret(
    played: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, value in {**SECRETS, **NO_VENUE, "PENNYD_LOG__LEVEL": "DEBUG"}.items():
        monkeypatch.setenv(name, value)
    said = ""
    for arguments in EVERY_COMMAND:
        json_flag = [] if arguments[0] == "run" else ["--json"]
        for command in (arguments, [*arguments, *json_flag]):
            main([*command, "--state-dir", str(played)])
        captured = capfd.readouterr()
        said += captured.out + captured.err
    monkeypatch.setenv("PENNYD_STATE_DIR", str(played))
    monkeypatch.setattr(version_command, "version_of", None)
    assert main(["version"]) == 1
    assert "version_of" in (played / "logs" / "crash.log").read_text()
    said += "".join(capfd.readouterr())
    texts = [value.removeprefix("0x") for value in SECRETS.values()]
    assert [text for text in texts if text in said] == []
    files = [path for path in played.parent.rglob("*") if path.is_file()]
    holders = [
        (str(path), text)
        for path in files
        if (content := path.read_bytes())
        for text in texts
        if text.encode() in content
    ]
    assert holders == []
