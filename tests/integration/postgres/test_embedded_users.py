"""Who runs the embedded server: root hands it over, an ordinary user runs it himself."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.adapters.postgres.binaries import installed_binaries, reachable_binaries
from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.embedded import EmbeddedPostgres
from daemon.adapters.postgres.server_user import ServerUser
from daemon.adapters.runtime_folder import release_runtime_folder
from daemon.errors import JournalUnavailable

ROOT = Path(__file__).resolve().parents[3]
as_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can hand a server to another user"
)

ONE_LIFE = """
import asyncio, json, sys
from pathlib import Path
from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.embedded import EmbeddedPostgres
from daemon.errors import PennydError

async def main():
    server = EmbeddedPostgres(Path(sys.argv[1]))
    dsn = await server.start()
    connection = await connect(dsn)
    assert await connection.fetchval("select 1") == 1
    await connection.close()
    where = await server.where()
    print(json.dumps({"user": where.user.name, "data": str(where.data)}))
    await server.stop()

try:
    asyncio.run(main())
except PennydError as error:
    sys.exit(str(error))
"""


def tree_modes(folder: Path) -> dict[str, int]:
    return {str(path): stat.S_IMODE(path.lstat().st_mode) for path in (folder, *folder.parents)}


@as_root
async def test_data_moves_where_the_user_can_reach_it_and_nothing_is_opened_for_him(
    place: Path,
) -> None:
    private = place / "home"
    private.mkdir(mode=0o700)
    before = tree_modes(private)
    server = EmbeddedPostgres(private / "state", system_root=place / "system")
    connection = await connect(await server.start())
    _ = await connection.execute("create table public.kept as select 7 as number")
    await connection.close()
    where = await server.where()
    assert where.data.is_relative_to(place / "system")
    await server.stop()
    assert tree_modes(private) == before

    private.chmod(0o711)  # reachable now, but the data stays where it is
    again = EmbeddedPostgres(private / "state", system_root=place / "system")
    connection = await connect(await again.start())
    assert await connection.fetchval("select number from public.kept") == 7
    await connection.close()
    await again.stop()


@as_root
async def test_a_database_that_became_unreachable_is_not_replaced_by_an_empty_one(
    made: Path,
) -> None:
    (made / "state").chmod(0o700)
    with pytest.raises(JournalUnavailable, match=r"out of reach.*chmod"):
        await EmbeddedPostgres(made / "state", system_root=made / "system").start()
    (made / "state").chmod(0o711)


@as_root
def test_binaries_out_of_reach_are_copied_once_with_their_libraries(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = pwd.getpwnam("nobody")
    nobody = ServerUser(name="nobody", uid=entry.pw_uid, gid=entry.pw_gid)
    real = ServerUser.can_run
    installed = installed_binaries().postgres

    def hidden(user: ServerUser, program: Path) -> bool:
        return program != installed and real(user, program)

    monkeypatch.setattr(ServerUser, "can_run", hidden)
    copied = reachable_binaries(nobody, place / "system")
    assert copied.folder.is_relative_to(place / "system")
    assert nobody.run([copied.initdb, "--version"]).returncode == 0
    assert nobody.run([copied.psql, "--version"]).returncode == 0  # needs the .libs beside it
    made_at = copied.postgres.stat().st_ino
    assert reachable_binaries(nobody, place / "system").postgres.stat().st_ino == made_at
    assert copied.postgres.stat().st_uid == 0  # his to run, not to change


@as_root
def test_an_ordinary_user_runs_his_own_server_in_a_private_home(place: Path) -> None:
    entry = pwd.getpwnam("nobody")
    home = place / "private home"
    home.mkdir(mode=0o700)
    os.chown(home, entry.pw_uid, entry.pw_gid)
    done = as_user(entry, [home / "state"])
    assert done.returncode == 0, done.stderr
    assert '"user": "nobody"' in done.stdout
    assert str(home) in done.stdout


@as_root
async def test_root_hands_the_server_to_somebody_else_and_strangers_are_told_whose_it_is(
    made: Path,
) -> None:
    state = made / "state"
    where = await EmbeddedPostgres(state, system_root=made / "system").where()
    assert where.data == state / "postgres"
    assert where.data.stat().st_uid == where.user.uid != 0
    release_runtime_folder(where.socket_dir)
    done = as_user(pwd.getpwnam("nobody"), [state])
    assert done.returncode == 1
    assert f"belongs to user {where.user.uid}: run pennyd as that user" in done.stderr


@as_root
async def test_root_runs_the_server_of_another_users_folder_as_that_user(place: Path) -> None:
    entry = pwd.getpwnam("nobody")
    home = place / "home"
    home.mkdir(mode=0o700)
    os.chown(home, entry.pw_uid, entry.pw_gid)
    server = EmbeddedPostgres(home, system_root=place / "system")
    await server.start()
    where = await server.where()
    await server.stop()
    assert where.user.name == "nobody"
    assert where.data == home / "postgres"
    assert {path.stat().st_uid for path in home.iterdir()} == {entry.pw_uid}


@as_root
def test_a_full_disk_is_said_in_one_line(place: Path) -> None:
    disk = place / "small disk"
    disk.mkdir()
    script = 'mount -t tmpfs -o size=12m none "$1" && exec "$2" -c "$3" "$1/state"'
    shell = ["unshare", "--mount", "sh", "-c", script, "sh"]
    if subprocess.run([*shell[:2], "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("no right to mount a small disk here")
    done = subprocess.run(
        [*shell, disk, sys.executable, ONE_LIFE], check=False, capture_output=True, text=True
    )
    if "mount:" in done.stderr:
        pytest.skip("no right to mount a small disk here")
    assert done.returncode == 1
    assert done.stderr.startswith("disk full: no space left for the database"), done.stderr
    assert len(done.stderr.splitlines()) == 1


def as_user(entry: pwd.struct_passwd, arguments: list[Path]) -> "subprocess.CompletedProcess[str]":
    return run_as(entry, reachable_python(entry), ONE_LIFE, arguments)


def run_as(
    entry: pwd.struct_passwd, python: str, code: str, arguments: list[Path]
) -> "subprocess.CompletedProcess[str]":
    site = Path(pytest.__file__).parents[1]
    return subprocess.run(
        [python, "-c", code, *arguments],
        check=False,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}:{site}", "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=[],
        timeout=60,
    )


def reachable_python(entry: pwd.struct_passwd) -> str:
    """Find a Python of our version that this user can start; skip where our packages lie too deep."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    question = "import sys, asyncpg, daemon.errors; print(*sys.version_info[:2], sep='.')"
    for python in (
        sys.executable,
        shutil.which(f"python{version}", path="/usr/local/bin:/usr/bin"),
    ):
        try:
            if python and run_as(entry, python, question, []).stdout.strip() == version:
                return python
        except OSError:
            continue
    pytest.skip(f"user {entry.pw_name} can start no Python {version}, or cannot read {ROOT}")
