"""The tables as the customer wrote them down: names, types, indexes."""

import pytest

from daemon.adapters.postgres.driver import Connection

# Names and types of the customer's document; None where it names no type.
CUSTOMER_COLUMNS: dict[str, dict[str, str | None]] = {
    "orders": {
        "id": "uuid",
        "run_id": "varchar(255)",
        "market_id": "varchar(255)",
        "outcome": "varchar(10)",
        "side": "varchar(10)",
        "type": None,
        "price": "numeric(10,4)",
        "size": "numeric(18,6)",
        "filled": None,
        "mode": "varchar(10)",
        "status": "varchar(20)",
        "placed_at": None,
        "cancel_after": None,
        "price_ceil": None,
        "price_floor": None,
        "notes": None,
        "created_at": None,
    },
    "executions": {
        "id": "uuid",
        "order_id": "uuid",
        "qty": "numeric(18,6)",
        "price": "numeric(10,4)",
        "mode": None,
        "executed_at": None,
        "created_at": None,
    },
    "runs": {
        "run_id": "varchar(255)",
        "started_at": None,
        "completed_at": None,
        "status": None,
        "plan_file": "varchar(500)",
        "summary_json": "jsonb",
        "error_message": None,
        "created_at": None,
    },
    "positions": {
        "market_id": None,
        "outcome": None,
        "qty": None,
        "avg_price": None,
        "realized_pnl": None,
        "unrealized_pnl": None,
        "unrealized_pnl_ts": None,
        "mode": None,
    },
    "audit_logs": {"ts": None, "level": None, "msg": None, "context_json": None},
}
CUSTOMER_INDEXES = {
    "idx_orders_run_id": ("orders", "(run_id)"),
    "idx_orders_market_status": ("orders", "(market_id, status)"),
    "idx_executions_order_id": ("executions", "(order_id)"),
}
CUSTOMER_TABLES = set(CUSTOMER_COLUMNS)


@pytest.mark.requirement(
    "S0-046", "S0-111", "S0-112", "S0-113", "S0-115", "S1-038", "S1-039", "S1-040", "S1-041"
)
async def test_every_column_of_the_customer_is_there(database: Connection) -> None:
    rows = await database.fetch(
        "select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) as type"
        " from pg_attribute a join pg_class c on c.oid = a.attrelid"
        " where c.relnamespace = 'pennyd'::regnamespace and c.relkind = 'r' and a.attnum > 0"
    )
    found = {
        (row["relname"], row["attname"]): row["type"].replace("character varying", "varchar")
        for row in rows
    }
    for table, columns in CUSTOMER_COLUMNS.items():
        for column, expected in columns.items():
            assert (table, column) in found
            assert expected in {None, found[table, column]}, (table, column)


@pytest.mark.requirement("S1-042", "S0-111", "S0-112")
async def test_every_index_of_the_customer_is_there(database: Connection) -> None:
    rows = await database.fetch(
        "select indexname, tablename, indexdef from pg_indexes where schemaname = 'pennyd'"
    )
    found = {row["indexname"]: (row["tablename"], row["indexdef"]) for row in rows}
    for name, (table, columns) in CUSTOMER_INDEXES.items():
        assert found[name][0] == table
        assert found[name][1].endswith(columns)


@pytest.mark.requirement("S0-001")
async def test_there_is_one_operator_and_no_table_of_users(database: Connection) -> None:
    rows = await database.fetch(
        "select table_name from information_schema.tables"
        " where table_schema = 'pennyd' and table_type = 'BASE TABLE'"
    )
    ours = {"fact", "parents", "schema_migration"}
    assert {row["table_name"] for row in rows} == CUSTOMER_TABLES | ours
