"""Positions as the program keeps them equal positions counted again from executions."""

import asyncio
import itertools
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.adapters.postgres.driver import open_session
from daemon.domain import order_events as ev
from daemon.domain.facts import Fact, FillSettled, PositionChanged
from daemon.domain.fill import Fill
from daemon.domain.portfolio import Portfolio
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import MICRO, Cash, Price, Shares
from tests.builders import CONDITION, NO, YES, a_fill, cash
from tests.integration.journal.journal_bench import JournalBench, always, writing
from tests.journal_bench import a_run

_numbers = itertools.count(1)
FINAL = st.sampled_from(
    [None, None, SettlementStatus.CONFIRMED, SettlementStatus.FAILED, SettlementStatus.MINED]
)


@dataclass(frozen=True)
class Trade:
    """One fill of one order, and what became of its settlement later."""

    is_yes: bool
    is_buy: bool
    price: int
    shares: int
    fee: int
    settled: SettlementStatus | None


TRADES = st.lists(
    st.builds(
        Trade,
        is_yes=st.booleans(),
        is_buy=st.booleans(),
        price=st.integers(1, MICRO - 1),
        shares=st.integers(1, 5_000 * MICRO),
        fee=st.integers(0, MICRO),
        settled=FINAL,
    ),
    min_size=1,
    max_size=12,
)


def write(bench: JournalBench, trades: list[Trade]) -> None:
    """Append a history: every trade an order of its own, settlements after all of them."""
    portfolio = Portfolio(cash("1000"))
    fills: list[Fill] = []
    for trade in trades:
        side = Side.BUY if trade.is_buy else Side.SELL
        order = bench.create(side=side, token=YES if trade.is_yes else NO, shares="6000")
        fill = replace(
            a_fill(order=order),
            price=Price(trade.price),
            shares=Shares(trade.shares),
            fee=Cash(trade.fee),
        )
        fills.append(fill)
        position = portfolio.apply_fill(fill)
        name = order.client_order_id
        bench.append(
            ev.OrderSent(client_order_id=name),
            ev.OrderFilled(client_order_id=name, fill=fill),
            PositionChanged(position=position, mark=None),
        )
    for trade, fill in zip(trades, fills, strict=True):
        if trade.settled is not None:
            facts: list[Fact] = [FillSettled(trade_id=fill.trade_id, settlement=trade.settled)]
            facts += [
                PositionChanged(position=changed, mark=None)
                for changed in portfolio.settle(fill.trade_id, trade.settled)
            ]
            bench.append(*facts)


async def compare(dsn: str, trades: list[Trade]) -> None:
    account = f"purse-{next(_numbers)}"
    run = a_run(f"{account}-run", account=account)
    async with writing(JournalBench(always(dsn), run=run)) as bench:
        write(bench, trades)
        await bench.journal.flush()
        kept = await bench.rows("select * from positions where account = $1", account)
        counted = {
            row["token_id"]: row
            for row in await bench.rows(
                "select * from positions_recounted where account = $1", account
            )
        }
    assert {row["token_id"] for row in kept} >= set(counted)
    for row in kept:
        again: dict[str, Any] = counted.get(
            row["token_id"], {"shares_micros": 0, "fees_micros": 0, "cash_exact": 0}
        )
        assert row["shares_micros"] == again["shares_micros"]
        assert row["fees_micros"] == again["fees_micros"]
        assert row["realized_exact"] - row["cost_exact"] == again["cash_exact"]
        assert row["market_id"] == CONDITION


@pytest.mark.requirement("S0-029", "S0-082")
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trades=TRADES)
def test_positions_equal_their_recomputation_from_executions(
    postgres_dsn: str, trades: list[Trade]
) -> None:
    asyncio.run(compare(postgres_dsn, trades))


def test_the_recomputation_sees_a_position_that_is_wrong(postgres_dsn: str) -> None:
    trades = [Trade(is_yes=True, is_buy=True, price=1, shares=5, fee=0, settled=None)]

    async def tamper_and_compare() -> None:
        await compare(postgres_dsn, trades)
        connection = await open_session(postgres_dsn)
        await connection.execute("update pennyd.executions set shares_micros = 6")
        row = await connection.fetchrow(
            "select r.shares_micros = p.shares_micros as is_equal from pennyd.positions p"
            " join pennyd.positions_recounted r using (mode, account, token_id)"
        )
        await connection.close()
        assert row is not None
        assert not row["is_equal"]

    asyncio.run(tamper_and_compare())
