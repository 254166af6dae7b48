"""Rows of a report in one line each; numbers are decimal texts."""

from daemon.domain.fill import FillCause, Liquidity
from daemon.domain.ids import ClientOrderId, RunId, TokenId
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from daemon.report.rows import ExecutionRow, OrderRow, PositionRow, RunRow, RunRows
from daemon.report.run_session import LatencyFigures, RunSession
from tests.builders import CONDITION, START, STRATEGY, YES, cash, price, seconds, shares

RUN = RunId("demo-2")
EARLIER = RunId("demo-1")


def an_order_row(
    number: int = 1,
    *,
    run: RunId = RUN,
    side: Side = Side.BUY,
    status: str = "filled",
    filled: str = "10",
    is_sent: bool = True,
    is_replacement: bool = False,
    created_at: Nanos = START,
) -> OrderRow:
    return OrderRow(
        run_id=run,
        client_order_id=ClientOrderId(f"{run}-{number}"),
        strategy_id=STRATEGY,
        slug="a-market",
        outcome="Yes",
        token=YES,
        side=side,
        price=price("0.42"),
        shares=shares("10"),
        filled=shares(filled),
        status=status,
        created_at=created_at,
        is_sent=is_sent,
        is_replacement=is_replacement,
    )


def an_execution(
    number: int = 1,
    *,
    run: RunId = RUN,
    trade: str = "t",
    side: Side = Side.BUY,
    limit: str = "0.42",
    size: str = "10",
    fee: str = "0",
    arrival: str | None = "0.42",
    after_s: int = 0,
    is_failed: bool = False,
    cause: FillCause | None = None,
    sure: tuple[str, str] = ("0", "0"),
    token: TokenId = YES,
) -> ExecutionRow:
    """`sure` is (shares, price) under the pessimistic rule."""
    return ExecutionRow(
        run_id=run,
        client_order_id=ClientOrderId(f"{run}-{number}"),
        trade_id=f"{trade}-{number}-{after_s}",
        condition_id=CONDITION,
        token=token,
        side=side,
        price=price(limit),
        shares=shares(size),
        fee=cash(fee),
        liquidity=Liquidity.MAKER,
        at=seconds(after_s),
        arrival_price=None if arrival is None else price(arrival),
        is_failed=is_failed,
        cause=cause,
        pessimistic_shares=shares(sure[0]),
        pessimistic_price=price(sure[1]),
    )


def a_position_row(
    *, size: str = "0", cost: int = 0, realized: int = 0, mark: str | None = "0.5"
) -> PositionRow:
    """`cost` and `realized` are exact; the recount agrees."""
    return PositionRow(
        slug="a-market",
        outcome="Yes",
        token=YES,
        shares=shares(size),
        cost_exact=cost,
        realized_exact=realized,
        fees=cash("0"),
        mark=None if mark is None else price(mark),
        recounted_shares=shares(size),
        recounted_cash_exact=realized - cost,
    )


def rows(
    *,
    orders: tuple[OrderRow, ...] = (),
    executions: tuple[ExecutionRow, ...] = (),
    positions: tuple[PositionRow, ...] = (),
    denials: dict[str, int] | None = None,
    predecessor: RunId | None = None,
) -> RunRows:
    return RunRows(
        run=RunRow(
            run_id=RUN, mode="paper", account="demo", predecessor=predecessor, started_at=START
        ),
        orders=orders,
        executions=executions,
        positions=positions,
        denials=denials or {},
        parents_started=2,
        parents_completed=1,
    )


def a_session(*, wall_s: float = 60.0, tape_s: float | None = 600.0) -> RunSession:
    return RunSession(
        frames_received=12_000,
        frames_dropped=0,
        events=15_000,
        steps=14_000,
        wall_s=wall_s,
        tape_s=tape_s,
        decision_latency=LatencyFigures(p50_us=85, p95_us=150, p99_us=300, max_us=900, count=7),
        exit_code=0,
        exit_reason="end of tape",
        database="/var/lib/pennyd/postgres",
        logs="/var/lib/pennyd/logs/trading.log",
        decision_log="/var/lib/pennyd/runs/demo-2/decisions.jsonl",
        decision_sha256="ab" * 32,
    )
