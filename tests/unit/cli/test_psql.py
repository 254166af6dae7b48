"""psql gets the database's address, and the password where no process list shows it."""

import pytest

from daemon.cli.psql import OPTIONS, PASSWORD, psql_call


@pytest.mark.parametrize(
    "dsn, address",
    [
        (
            "postgresql://me:s%40crit@db.example:5433/pennyd",
            "postgresql://me@db.example:5433/pennyd",
        ),
        (
            "postgresql://me@db/p?password=s%40crit&sslmode=require",
            "postgresql://me@db/p?sslmode=require",
        ),
    ],
)
def test_the_password_travels_by_the_environment(dsn: str, address: str) -> None:
    _, options, environment = psql_call(dsn)
    assert options == ["--dbname", address]
    assert environment[PASSWORD] == "s@crit"
    assert "search_path=pennyd" in environment[OPTIONS]


def test_the_socket_of_the_embedded_server_is_kept() -> None:
    _, options, environment = psql_call("postgresql://pennyd@/pennyd?host=%2Frun%2Fx&port=5432")
    assert options[1] == "postgresql://pennyd@/pennyd?host=%2Frun%2Fx&port=5432"
    assert PASSWORD not in environment
