"""The scripts of deploy/postgres, run against a real server: create, back up, restore."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from daemon.adapters.postgres.binaries import installed_binaries
from daemon.adapters.postgres.embedded import EmbeddedPostgres

SCRIPTS = Path(__file__).resolve().parents[3] / "deploy" / "postgres"


@pytest.fixture
async def server() -> AsyncIterator[dict[str, str]]:
    """Start a server; give the environment in which psql finds it as a superuser."""
    folder = Path(tempfile.mkdtemp(prefix="pennyd-scripts-"))
    folder.chmod(0o711)  # as root, the server's own user must pass through
    postgres = EmbeddedPostgres(folder / "state", system_root=folder / "system")
    try:
        dsn = urlsplit(await postgres.start())
        query = parse_qs(dsn.query)
        yield {
            "PATH": f"{installed_binaries().folder}{os.pathsep}{os.environ['PATH']}",
            "PGHOST": query["host"][0],
            "PGPORT": query["port"][0],
            "PGUSER": dsn.username or "",
            "PGDATABASE": dsn.path.lstrip("/"),
            "PENNYD_DB_ROLE": "trader",
            "PENNYD_DB_NAME": "trades",
            "PENNYD_DB_PASSWORD": "it's \\ a 'word'",
        }
    finally:
        await postgres.stop()
        shutil.rmtree(folder)


def run(
    server: dict[str, str], *command: str | Path, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], env={**server, **more}, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


def ask(server: dict[str, str], database: str, question: str) -> str:
    answer = run(server, "psql", "-XAtc", question, PGDATABASE=database)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def script(
    server: dict[str, str], name: str, *arguments: str | Path, **more: str
) -> subprocess.CompletedProcess[str]:
    return run(server, "sh", SCRIPTS / name, *arguments, **more)


async def test_role_and_database_are_created_and_again_is_harmless(server: dict[str, str]) -> None:
    for _ in range(2):
        answer = script(server, "create.sh")
        assert answer.returncode == 0, answer.stderr
    role = "select rolsuper, rolcreatedb, rolcreaterole, rolcanlogin from pg_roles"
    assert ask(server, "trades", f"{role} where rolname = 'trader'") == "f|f|f|t"
    owner = "select pg_get_userbyid(datdba), pg_encoding_to_char(encoding) from pg_database"
    assert ask(server, "trades", f"{owner} where datname = 'trades'") == "trader|UTF8"
    secret = "select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'trader'"
    assert ask(server, "trades", secret) == "t"


async def test_backup_comes_back_whole_and_only_into_an_empty_database(
    server: dict[str, str], tmp_path: Path
) -> None:
    assert script(server, "create.sh").returncode == 0
    ask(server, "trades", "create table fact as select generate_series(1, 1000) as seq")
    for _ in range(3):  # names carry a second, so two backups may share one
        answer = script(server, "backup.sh", tmp_path / "the backups", "2", PGDATABASE="trades")
        assert answer.returncode == 0, answer.stderr
    backups = sorted((tmp_path / "the backups").iterdir())
    assert 1 <= len(backups) <= 2

    refused = script(server, "restore.sh", backups[-1], PGDATABASE="trades")
    assert refused.returncode == 1
    assert "left alone" in refused.stderr

    assert script(server, "create.sh", PENNYD_DB_NAME="restored").returncode == 0
    done = script(server, "restore.sh", backups[-1], PGDATABASE="restored", PGUSER="trader")
    assert done.returncode == 0, done.stderr
    assert ask(server, "restored", "select count(*), sum(seq) from fact") == "1000|500500"


async def test_backup_keeps_the_newest_ones(server: dict[str, str], tmp_path: Path) -> None:
    for day in range(1, 5):
        (tmp_path / f"{server['PGDATABASE']}-2026010{day}T000000Z.dump").touch()
    assert script(server, "backup.sh", tmp_path, "2").returncode == 0
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert len(kept) == 2
    assert kept[0] == f"{server['PGDATABASE']}-20260104T000000Z.dump"


async def test_failed_backup_leaves_no_file(server: dict[str, str], tmp_path: Path) -> None:
    assert script(server, "backup.sh", tmp_path, PGDATABASE="not_there").returncode != 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("keep", ["0", "-1", "some"])
async def test_backup_never_keeps_none(server: dict[str, str], tmp_path: Path, keep: str) -> None:
    assert script(server, "backup.sh", tmp_path, keep).returncode == 2
