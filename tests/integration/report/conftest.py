"""The database fixtures, for the tests of this folder."""

from tests.postgres_fixture import postgres_dsn, postgres_server

__all__ = ["postgres_dsn", "postgres_server"]  # fixtures of these tests
