"""What the tables compute by themselves, and what they refuse."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal

import asyncpg
import pytest

from daemon.adapters.postgres.driver import Connection
from daemon.domain.fill import FillCause, Liquidity
from daemon.domain.order import SQL_STATUS, TimeInForce
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side

AT = datetime(2026, 4, 13, 12, 0, tzinfo=UTC)
ORDER = """
insert into orders (id, run_id, market_id, side, mode, status, created_at, updated_at,
    client_order_id, venue_order_id, token_id, strategy_id, slot, time_in_force, is_post_only,
    price_micros, shares_micros, filled_micros)
values ($1, 'run', '0xc', $2, 'paper', $3, $4, $4, $5, 'v', '77', 's', 'bid', $6, true, $7, $8, $9)
"""
EXECUTION = """
insert into executions (id, order_id, mode, executed_at, created_at, run_id, trade_id, market_id,
    token_id, side, liquidity, settlement, price_micros, shares_micros, fee_micros, cause)
values ($1, $2, 'paper', $3, $3, 'run', $4, '0xc', '77', $5, $6, $7, $8, $9, $10, $11)
"""


async def an_order(
    database: Connection,
    name: str = "run-1",
    *,
    side: Side = Side.BUY,
    status: str = "open",
    time_in_force: str = "GTC",
    price: int = 450_000,
    shares: int = 5_000_000,
    filled: int = 0,
) -> uuid.UUID:
    order_id = uuid.uuid5(uuid.NAMESPACE_URL, name)
    await database.execute(
        ORDER, order_id, side.value, status, AT, name, time_in_force, price, shares, filled
    )
    return order_id


async def an_execution(
    database: Connection,
    order_id: uuid.UUID,
    trade_id: str,
    *,
    side: Side = Side.BUY,
    settlement: str = "matched",
    liquidity: str = "maker",
    cause: str | None = "queue",
    price: int = 450_000,
    shares: int = 1_000_000,
    fee: int = 0,
) -> None:
    await database.execute(
        EXECUTION,
        uuid.uuid5(order_id, trade_id),
        order_id,
        AT,
        trade_id,
        side.value,
        liquidity,
        settlement,
        price,
        shares,
        fee,
        cause,
    )


@pytest.mark.requirement("S0-116")
async def test_no_column_is_floating_point(database: Connection) -> None:
    assert not await database.fetch(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'pennyd' and data_type in ('real', 'double precision')"
    )


@pytest.mark.requirement("S0-114")
@pytest.mark.parametrize(
    "statement",
    [
        "update fact set kind = 'other'",
        "delete from fact",
        "truncate fact",
        "update audit_logs set msg = ''",
        "delete from audit_logs",
        "truncate audit_logs",
    ],
)
async def test_facts_and_audit_logs_are_append_only(database: Connection, statement: str) -> None:
    await database.execute("insert into fact values ('run', 1, 5, 'kind', '{}')")
    await database.execute("insert into audit_logs (ts, level, msg) values ($1, 'info', 'm')", AT)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        async with database.transaction():
            await database.execute(statement)
    assert await database.fetchval("select count(*) from fact") == 1


async def test_a_fact_has_its_number_once(database: Connection) -> None:
    await database.execute("insert into fact values ('run', 1, 5, 'kind', '{}')")
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.transaction():
            await database.execute("insert into fact values ('run', 1, 6, 'kind', '{}')")


@pytest.mark.requirement("S0-116")
async def test_decimals_follow_from_the_integers(database: Connection) -> None:
    await an_order(database, price=123_456, shares=5_000_001, filled=1_000_000)
    row = await database.fetchrow("select price, size, filled from orders")
    assert row is not None
    assert tuple(row.values()) == (Decimal("0.1235"), Decimal("5.000001"), Decimal("1.000000"))
    with pytest.raises(asyncpg.GeneratedAlwaysError):
        async with database.transaction():
            await database.execute("update orders set price = 0.5")


async def test_positions_show_average_price_and_floored_profit(database: Connection) -> None:
    await database.execute(
        "insert into positions (market_id, mode, account, token_id, shares_micros, cost_exact,"
        " realized_exact, fees_micros, run_id, updated_at)"
        " values ('0xc', 'paper', 'purse', '77', 3000000, $1, $2, 0, 'run', $3)",
        Decimal(1_350_000_000_000),
        Decimal(-1_500_000),
        AT,
    )
    row = await database.fetchrow(
        "select qty, avg_price, realized_pnl, unrealized_pnl from positions"
    )
    assert row is not None
    assert tuple(row.values()) == (Decimal(3), Decimal("0.45"), Decimal("-0.000002"), None)


async def test_every_word_of_the_domain_fits_its_column(database: Connection) -> None:
    for status in SQL_STATUS.values():
        await an_order(database, f"status {status}", status=status)
    for word in TimeInForce:
        await an_order(database, f"time in force {word}", time_in_force=word.value)
    order_id = await an_order(database, "filled", side=Side.SELL)
    for number, settlement in enumerate(SettlementStatus):
        await an_execution(database, order_id, f"s{number}", settlement=settlement.value)
    for number, liquidity in enumerate(Liquidity):
        await an_execution(database, order_id, f"l{number}", liquidity=liquidity.value)
    for number, cause in enumerate((*FillCause, None)):
        await an_execution(database, order_id, f"c{number}", cause=cause)


@pytest.mark.parametrize(
    "column, value",
    [("status", "canceled"), ("side", "LONG"), ("mode", "live"), ("time_in_force", "IOC")],
)
async def test_words_of_other_vocabularies_are_refused(
    database: Connection, column: str, value: str
) -> None:
    await an_order(database)
    with pytest.raises(asyncpg.CheckViolationError):
        async with database.transaction():
            await database.execute(f"update orders set {column} = $1", value)


async def test_a_trade_counts_once_per_order(database: Connection) -> None:
    order_id = await an_order(database)
    await an_execution(database, order_id, "trade")
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.transaction():
            await an_execution(database, order_id, "trade")


async def test_positions_can_be_counted_again_from_executions(database: Connection) -> None:
    buy = await an_order(database, "buy")
    sell = await an_order(database, "sell", side=Side.SELL)
    await an_execution(database, buy, "1", price=400_000, shares=3_000_000, fee=10)
    await an_execution(database, buy, "2", price=500_000, shares=1_000_000, settlement="failed")
    await an_execution(database, sell, "3", side=Side.SELL, price=500_000, shares=1_000_000)
    row = await database.fetchrow("select * from positions_recounted")
    assert row is not None
    assert row["shares_micros"] == 2_000_000
    assert row["fees_micros"] == 10
    assert row["cash_exact"] == -700_000_000_000 - 10_000_000
    assert row["executions"] == 2


async def test_views_show_open_orders_and_fills_with_their_words(database: Connection) -> None:
    await an_order(database, "open")
    done = await an_order(database, "done", status="filled")
    await an_execution(database, done, "1")
    opened = await database.fetch("select client_order_id, account from open_orders")
    assert [tuple(row.values()) for row in opened] == [("open", "purse")]
    fills = await database.fetch("select client_order_id, slot, qty, account from fills")
    assert [tuple(row.values()) for row in fills] == [("done", "bid", Decimal(1), "purse")]
