"""How psql is called: which program, and the database without a password among its arguments."""

import shutil
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from daemon.adapters.postgres.binaries import installed_binaries
from daemon.adapters.postgres.connection import SCHEMA
from daemon.errors import ConfigError, JournalUnavailable

PASSWORD: Final = "PGPASSWORD"  # noqa: S105 - the name of a variable
OPTIONS: Final = "PGOPTIONS"


def psql_call(dsn: str) -> tuple[Path, list[str], dict[str, str]]:
    """Return the program, its options, and what its environment needs besides."""
    parts = urlsplit(dsn)
    environment = {OPTIONS: f"-c search_path={SCHEMA} -c timezone=UTC"}
    password = unquote(parts.password) if parts.password else ""
    query = dict(parse_qsl(parts.query))
    password = query.pop("password", password)
    if password:
        environment[PASSWORD] = password
    host = parts.netloc.rpartition("@")[2]
    user = f"{parts.username}@" if parts.username else ""
    address = urlunsplit(parts._replace(netloc=f"{user}{host}", query=urlencode(query)))
    return _program(), ["--dbname", address], environment


def _program() -> Path:
    """Take the machine's own psql when there is one: it has line editing and help."""
    found = shutil.which("psql")
    if found is not None:
        return Path(found)
    try:
        psql = installed_binaries().psql
    except JournalUnavailable:
        psql = None
    if psql is not None and psql.is_file():
        return psql
    raise ConfigError("no psql here: install the PostgreSQL client of your system")
