"""Reads what positions are counted from, and writes positions that were counted again.

Decides nothing: what the positions should be is worked out in daemon.report.position_recount.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from daemon.adapters.postgres.driver import Connection
from daemon.adapters.postgres.statements import named_statements
from daemon.domain.fill import Fill, Liquidity
from daemon.domain.ids import ClientOrderId, ConditionId, TokenId, TradeId
from daemon.domain.position import Position
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import Cash, Nanos, Price, Shares
from daemon.report.position_recount import CountedFill, Difference, Holding

STATEMENTS: Final = named_statements("recount.sql")
NO_TIME: Final = Nanos(0)
"""A position does not depend on when its fills happened, only on their order."""


class PositionTable:
    """Table positions and the executions behind it, over one session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def fills(self) -> tuple[CountedFill, ...]:
        """Return all executions of all accounts in the order in which they were counted."""
        rows = await self._connection.fetch(STATEMENTS["executions"])
        return tuple(
            CountedFill(mode=row["mode"], account=row["account"], fill=_fill(row)) for row in rows
        )

    async def stored(self) -> dict[Holding, Position]:
        """Return the positions as the table has them."""
        rows = await self._connection.fetch(STATEMENTS["positions"])
        return {_holding(row): _position(row) for row in rows}

    async def daemons(self) -> tuple[str, ...]:
        """Return the daemons that work on this database now; they write positions themselves."""
        rows = await self._connection.fetch(STATEMENTS["daemons"])
        return tuple(row["application_name"] for row in rows)

    async def write(
        self,
        recounted: Mapping[Holding, Position],
        differences: Sequence[Difference],
        *,
        at: datetime,
    ) -> None:
        """Correct every row that differs and note each correction in audit_logs; all or nothing."""
        async with self._connection.transaction():
            for holding in dict.fromkeys(d.holding for d in differences):
                await self._write_row(holding, recounted.get(holding))
            for difference in differences:
                context = {
                    "token": difference.holding.token,
                    "field": difference.field,
                    "stored": difference.stored,
                    "recounted": difference.recounted,
                }
                mode, account, _ = difference.holding
                await self._connection.execute(
                    STATEMENTS["audit"], at, json.dumps(context), mode, account
                )

    async def _write_row(self, holding: Holding, position: Position | None) -> None:
        mode, account, token = holding
        if position is None:
            await self._connection.execute(STATEMENTS["flatten"], mode, account, token)
            return
        await self._connection.execute(
            STATEMENTS["write"],
            mode,
            account,
            token,
            position.condition_id,
            position.shares,
            position.cost_exact,
            position.realized_exact,
            position.fees,
        )


def _holding(row: Mapping[str, Any]) -> Holding:
    return Holding(row["mode"], row["account"], TokenId(row["token_id"]))


def _position(row: Mapping[str, Any]) -> Position:
    return Position(
        token=TokenId(row["token_id"]),
        condition_id=ConditionId(row["market_id"]),
        shares=Shares(row["shares_micros"]),
        cost_exact=int(row["cost_exact"]),
        realized_exact=int(row["realized_exact"]),
        fees=Cash(row["fees_micros"]),
    )


def _fill(row: Mapping[str, Any]) -> Fill:
    return Fill(
        trade_id=TradeId(row["trade_id"]),
        client_order_id=ClientOrderId(row["client_order_id"]),
        condition_id=ConditionId(row["market_id"]),
        token=TokenId(row["token_id"]),
        side=Side(row["side"]),
        price=Price(row["price_micros"]),
        shares=Shares(row["shares_micros"]),
        fee=Cash(row["fee_micros"]),
        liquidity=Liquidity(row["liquidity"]),
        at=NO_TIME,
        settlement=SettlementStatus(row["settlement"]),
    )
