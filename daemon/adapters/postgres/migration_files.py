"""The migrations this program brings: numbered SQL files, read in order, never edited once applied.

`0001_journal.sql`, `0002_…sql`: forward-only. Knows nothing about databases.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from daemon.errors import ConfigError

MIGRATIONS = Path(__file__).with_name("migrations")
VERSIONS_MAX = 9999
FILE_NAME = re.compile(r"(\d{4})_([a-z0-9]+(?:_[a-z0-9]+)*)\.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step of the schema."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The fingerprint by which an edited file is noticed."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.version:04d}_{self.name}"


def read_migrations(folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """Read all migrations in order; raises ConfigError for odd names, gaps and doubles."""
    found: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        match = FILE_NAME.fullmatch(path.name)
        if match is None:
            raise ConfigError(f"{path}: a migration is named like 0002_words_with_underscores.sql")
        version = int(match[1])
        if version != len(found) + 1:
            raise ConfigError(
                f"{path}: expected number {len(found) + 1:04d} here; migrations count up without "
                "gaps or doubles, so rename the newest file"
            )
        found.append(Migration(version=version, name=match[2], sql=path.read_text("utf-8")))
    return tuple(found)


def new_migration(words: str, folder: Path = MIGRATIONS) -> Path:
    """Create the next, empty migration in the source tree and return its path.

    Raises ConfigError when the name has no letters or this is an installed copy, not a source tree.
    """
    name = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    if not name:
        raise ConfigError(
            f"{words!r} names no migration: use words, e.g. pennyd db new add parents"
        )
    if folder == MIGRATIONS and not (folder.parents[3] / "pyproject.toml").is_file():
        raise ConfigError(
            f"{folder} is an installed copy: run `pennyd db new` from an editable install of the source"
        )
    version = len(read_migrations(folder)) + 1
    assert version <= VERSIONS_MAX
    path = folder / f"{version:04d}_{name}.sql"
    _ = path.write_text(
        f"-- {name.replace('_', ' ').capitalize()}: say here why.\n"
        "-- Forward-only; runs in one transaction, in schema pennyd. Never edit it once applied.\n",
        "utf-8",
    )
    return path
