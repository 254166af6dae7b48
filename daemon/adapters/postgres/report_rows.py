"""Reads what a report of one run is made from; changes nothing.

One read-only transaction, so that all rows are of the same moment.
"""

from collections.abc import Mapping
from typing import Any, Final

from daemon.adapters.postgres.driver import Connection
from daemon.adapters.postgres.statements import named_statements
from daemon.domain.fill import FillCause, Liquidity
from daemon.domain.ids import ClientOrderId, ConditionId, ParentId, RunId, StrategyId, TokenId
from daemon.domain.side import Side
from daemon.domain.units import Cash, Nanos, Price, Shares
from daemon.errors import ConfigError
from daemon.report.rows import ExecutionRow, OrderRow, PositionRow, RunRow, RunRows

_READS: Final = named_statements("reports.sql")
_SNAPSHOT: Final = "set transaction isolation level repeatable read, read only"


async def read_run(connection: Connection, run_id: RunId) -> RunRows:
    """Return the rows of a run; ConfigError when there is no such run."""
    async with connection.transaction():
        await connection.execute(_SNAPSHOT)
        run = await connection.fetchrow(_READS["run"], run_id)
        if run is None:
            raise ConfigError(
                f"run: there is no run {run_id!r}; see table runs for those there are"
            )
        orders = await connection.fetch(_READS["orders"], run_id)
        executions = await connection.fetch(_READS["executions"], run_id)
        positions = await connection.fetch(_READS["positions"], run["mode"], run["account"])
        denials = await connection.fetch(_READS["denials"], run_id)
        parents = await connection.fetchrow(_READS["parents"], run_id)
    assert parents is not None
    return RunRows(
        run=_run(run),
        orders=tuple(_order(row) for row in orders),
        executions=tuple(_execution(row) for row in executions),
        positions=tuple(_position(row) for row in positions),
        denials={row["reason"]: row["denials"] for row in denials},
        parents_started=parents["started"],
        parents_completed=parents["completed"],
    )


def _run(row: Mapping[str, Any]) -> RunRow:
    predecessor = row["predecessor"]
    return RunRow(
        run_id=RunId(row["run_id"]),
        mode=row["mode"],
        account=row["account"],
        predecessor=None if predecessor is None else RunId(predecessor),
        started_at=Nanos(row["started_at"]),
    )


def _order(row: Mapping[str, Any]) -> OrderRow:
    parent_id = row["parent_id"]
    return OrderRow(
        run_id=RunId(row["run_id"]),
        client_order_id=ClientOrderId(row["client_order_id"]),
        strategy_id=StrategyId(row["strategy_id"]),
        slug=row["slug"],
        outcome=row["outcome"],
        token=TokenId(row["token_id"]),
        side=Side(row["side"]),
        price=Price(row["price_micros"]),
        shares=Shares(row["shares_micros"]),
        filled=Shares(row["filled_micros"]),
        status=row["status"],
        created_at=Nanos(row["created_at"]),
        is_sent=row["is_sent"],
        is_replacement=row["is_replacement"],
        parent_id=None if parent_id is None else ParentId(parent_id),
    )


def _execution(row: Mapping[str, Any]) -> ExecutionRow:
    arrival, cause = row["arrival_price_micros"], row["cause"]
    return ExecutionRow(
        run_id=RunId(row["run_id"]),
        client_order_id=ClientOrderId(row["client_order_id"]),
        trade_id=row["trade_id"],
        condition_id=ConditionId(row["market_id"]),
        token=TokenId(row["token_id"]),
        side=Side(row["side"]),
        price=Price(row["price_micros"]),
        shares=Shares(row["shares_micros"]),
        fee=Cash(row["fee_micros"]),
        liquidity=Liquidity(row["liquidity"]),
        at=Nanos(row["executed_at"]),
        arrival_price=None if arrival is None else Price(arrival),
        is_failed=row["is_failed"],
        cause=None if cause is None else FillCause(cause),
        pessimistic_shares=Shares(row["pessimistic_shares_micros"]),
        pessimistic_price=Price(row["pessimistic_price_micros"]),
    )


def _position(row: Mapping[str, Any]) -> PositionRow:
    mark = row["mark_price_micros"]
    return PositionRow(
        slug=row["slug"],
        outcome=row["outcome"],
        token=TokenId(row["token_id"]),
        shares=Shares(row["shares_micros"]),
        cost_exact=int(row["cost_exact"]),
        realized_exact=int(row["realized_exact"]),
        fees=Cash(row["fees_micros"]),
        mark=None if mark is None else Price(mark),
        recounted_shares=Shares(row["recounted_shares_micros"]),
        recounted_cash_exact=int(row["recounted_cash_exact"]),
    )
