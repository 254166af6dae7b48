"""Connections to Postgres: opened in one way, with one set of promises, and what losing one means.

Every session works in schema `pennyd`, in UTC, waits at most four seconds for a statement, commits
durably and is told apart by its application name. Knows nothing about tables.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

import asyncpg

from daemon.adapters.postgres.driver import Connection, Pool, open_session, open_sessions
from daemon.errors import ConfigError, JournalUnavailable

SCHEMA = "pennyd"
APPLICATION = "pennyd"
STATEMENT_TIMEOUT_MS = 4_000
CONNECT_WITHIN_S = 5.0
POOL_CONNECTIONS_MAX = 4
APPLICATION_NAME_BYTES_MAX = 63

DRIVER_ERRORS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    ValueError,
)
"""All the ways in which the driver says that it could not open a session."""

WRONG_ARGUMENTS = "the server expects"
"""How the driver begins when the number of arguments is wrong; it has no type for that."""

Reach = Callable[[], Awaitable[str]]
"""Gives the connection string of a server that should answer; an embedded one is started first
(`EmbeddedPostgres.ensure_running`), any other is taken at its word."""


async def connect(
    dsn: str,
    *,
    application: str = APPLICATION,
    statement_timeout_ms: int = STATEMENT_TIMEOUT_MS,
    settings: Mapping[str, str] | None = None,
) -> Connection:
    """Open one session; 0 ms means statements are never cut off (migrations only).

    Raises JournalUnavailable when nobody answers in time, ConfigError when the connection string
    is wrong. The message never shows a password.
    """
    try:
        async with asyncio.timeout(CONNECT_WITHIN_S):
            return await open_session(
                dsn, server_settings(application, statement_timeout_ms, settings)
            )
    except DRIVER_ERRORS as error:
        raise connect_failure(dsn, error) from error


async def open_pool(dsn: str, *, connections_max: int = POOL_CONNECTIONS_MAX) -> Pool:
    """Open a pool of sessions made on demand; raises as `connect` does."""
    try:
        async with asyncio.timeout(CONNECT_WITHIN_S):
            return await open_sessions(
                dsn,
                server_settings(APPLICATION, STATEMENT_TIMEOUT_MS),
                connections_max=connections_max,
                connect_within_s=CONNECT_WITHIN_S,
            )
    except DRIVER_ERRORS as error:
        raise connect_failure(dsn, error) from error


def server_settings(
    application: str, statement_timeout_ms: int, more: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return what every session of ours asks of the server."""
    name = application.encode()[:APPLICATION_NAME_BYTES_MAX].decode(errors="ignore")
    return {
        "application_name": name,
        "search_path": SCHEMA,
        "statement_timeout": str(statement_timeout_ms),
        "synchronous_commit": "on",
        "timezone": "UTC",
        **(more or {}),
    }


def is_connection_lost(error: BaseException) -> bool:
    """Does this error mean that the session is gone (rather than that a statement is wrong)?

    A driver whose server is killed raises its internal and interface errors too. A refused
    argument is an interface error as well, but of ours.
    """
    if isinstance(error, asyncpg.QueryCanceledError):
        return False  # a statement took too long; the session lives
    if isinstance(error, asyncpg.InterfaceError):
        is_ours = isinstance(error, ValueError | TypeError) or WRONG_ARGUMENTS in str(error)
        return not is_ours
    return isinstance(
        error,
        asyncpg.InternalClientError
        | asyncpg.PostgresConnectionError
        | asyncpg.OperatorInterventionError
        | OSError
        | EOFError,
    )


def is_worth_retrying(error: BaseException) -> bool:
    """May the same work succeed later: the session is lost, the disk full, a statement too slow?"""
    return is_connection_lost(error) or isinstance(
        error,
        asyncpg.QueryCanceledError
        | asyncpg.InsufficientResourcesError
        | asyncpg.TransactionRollbackError
        | asyncpg.LockNotAvailableError
        | asyncpg.ReadOnlySQLTransactionError
        | asyncpg.PostgresIOError,
    )


def connect_failure(dsn: str, error: BaseException) -> JournalUnavailable | ConfigError:
    """Say in one line why there is no session, without any password."""
    where = describe(dsn)
    if isinstance(error, asyncpg.ClientConfigurationError) or (
        isinstance(error, ValueError) and not isinstance(error, asyncpg.PostgresError)
    ):
        return ConfigError(
            "DATABASE_URL cannot be read: expected postgresql://USER:PASSWORD@HOST:5432/DATABASE"
        )
    if isinstance(
        error, asyncpg.InvalidPasswordError | asyncpg.InvalidAuthorizationSpecificationError
    ):
        return ConfigError(f"the database at {where} refuses the user: check DATABASE_URL")
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        return ConfigError(f"the database at {where} does not exist: create it (createdb) first")
    if isinstance(error, TimeoutError):
        return JournalUnavailable(
            f"the database at {where} did not answer in {CONNECT_WITHIN_S:.0f} s"
        )
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return JournalUnavailable(
        f"the database at {where} cannot be reached ({reason}): check that it runs and DATABASE_URL"
    )


def describe(dsn: str) -> str:
    """Name a database for people: host and database, no user, no password."""
    try:
        parts = urlsplit(dsn)
        host = parts.hostname or "a local socket"
        return f"{host}{parts.path}"
    except ValueError:
        return "DATABASE_URL"
