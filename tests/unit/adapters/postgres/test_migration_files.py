"""Numbered files, read in order; odd names and gaps are refused before a database is touched."""

from pathlib import Path

import pytest

from daemon.adapters.postgres.migration_files import MIGRATIONS, new_migration, read_migrations
from daemon.errors import ConfigError


def write(folder: Path, *names: str) -> None:
    for name in names:
        _ = (folder / name).write_text("select 1;")


def test_files_are_read_in_order_with_their_fingerprint(tmp_path: Path) -> None:
    write(tmp_path, "0002_b.sql", "0001_a.sql")
    first, second = read_migrations(tmp_path)
    assert (str(first), str(second)) == ("0001_a", "0002_b")
    assert first.sha256 == second.sha256
    write(tmp_path, "readme.txt")
    assert len(read_migrations(tmp_path)) == 2


@pytest.mark.parametrize("names", [("0001_a.sql", "0003_c.sql"), ("0002_b.sql",)])
def test_a_gap_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    write(tmp_path, *names)
    with pytest.raises(ConfigError, match="expected number 000"):
        read_migrations(tmp_path)


def test_a_number_used_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "0001_a.sql", "0001_b.sql")
    with pytest.raises(ConfigError, match="without gaps or doubles"):
        read_migrations(tmp_path)


def test_an_odd_name_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "1-first.sql")
    with pytest.raises(ConfigError, match="is named like"):
        read_migrations(tmp_path)


def test_a_new_migration_takes_the_next_number(tmp_path: Path) -> None:
    write(tmp_path, "0001_a.sql")
    path = new_migration("Add parents & more!", tmp_path)
    assert path.name == "0002_add_parents_more.sql"
    assert [m.version for m in read_migrations(tmp_path)] == [1, 2]


def test_a_new_migration_needs_a_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="names no migration"):
        new_migration("!!", tmp_path)


def test_the_shipped_migrations_are_in_the_source_tree() -> None:
    assert read_migrations()
    assert (MIGRATIONS.parents[3] / "pyproject.toml").is_file()
