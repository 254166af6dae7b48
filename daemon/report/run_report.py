"""The report of one run as one JSON value: from its database rows, and what only the process knows.

Money, prices and shares are exact decimal texts; counts, ratios and durations are numbers. The value
is the same when it comes back from JSON, so what is printed, written and stored in
`runs.summary_json` is one thing.
"""

from typing import Final, NotRequired, TypedDict

from daemon.domain.ids import TokenId
from daemon.domain.units import NANOS_PER_MS, Price, Rounding, format_micros, round_exact
from daemon.report.figures import instant, mean
from daemon.report.fill_causes import NO_MARK, CauseFigures, fills_by_cause
from daemon.report.order_figures import OrderFigures, order_figures
from daemon.report.position_figures import PositionFigures, are_recounted, position_figures
from daemon.report.rows import RunRows
from daemon.report.run_session import RecordedFrames, RunSession
from daemon.report.trade_figures import TradeFigures, trade_figures
from daemon.report.trade_ledger import TradeLedger

SCHEMA_VERSION: Final = 1
TRADES_MAX: Final = 1_000
"""Trades listed one by one, the latest ones; totals count all."""


class ExitFigures(TypedDict):
    """How the process ended."""

    code: int
    reason: str


class LatencyUs(TypedDict):
    """Microseconds from a frame in the inbox to the decision handed over."""

    p50: int
    p95: int
    p99: int
    max: int
    count: int


class DecisionLogFigures(TypedDict):
    """Where every decision was written, and the digest of it."""

    path: str | None
    sha256: str


class FrameFigures(TypedDict):
    """What was received and recorded as it came."""

    received: int
    frames: int
    missed: int
    incomplete_from: int | None


class RecordingFigures(TypedDict):
    """Where the run was recorded, and whether every step is there."""

    path: str
    steps: int
    incomplete_from: int | None
    frames: NotRequired[FrameFigures | None]
    """Reports of earlier versions lack it."""


class RunReport(OrderFigures):
    """Everything there is to say about a run."""

    schema_version: int
    run_id: str
    mode: str
    account: str
    predecessor: str | None
    started_at: str
    exit: ExitFigures
    wall_s: float
    tape_s: float | None
    frames_received: int
    frames_dropped: int
    frames_garbled: int
    events: int
    events_per_s: int
    steps: int
    decision_latency_us: LatencyUs
    orders_denied: dict[str, int]
    parents_started: int
    parents_completed: int
    fills: int
    shares_filled: str
    avg_fill_latency_ms: float | None
    """Creation of an order to its first fill, in venue time, averaged over orders of this run."""
    avg_slippage: str | None
    """Dollars per share against the arrival price, weighted by shares; + is worse for us."""
    avg_slippage_pct: str | None
    slippage_cost: str
    fees: str
    realized_pnl: str
    """Of this run, net of fees, rounded down once."""
    unrealized_pnl: str
    """Of what the account holds, at the marks, rounded down once."""
    active_positions: int
    fills_by_cause: dict[str, CauseFigures]
    positions: list[PositionFigures]
    are_positions_recounted: bool
    """The positions table equals what all executions of the account add up to."""
    trades: list[TradeFigures]
    trades_omitted: int
    decision_log: DecisionLogFigures | None
    recording: NotRequired[RecordingFigures | None]
    """Reports of earlier versions lack it."""
    database: str
    logs: str | None


def build_report(rows: RunRows, session: RunSession) -> RunReport:
    """Return the report of a run from its rows and from what the process counted."""
    run = rows.run
    ledger = TradeLedger(run.run_id, rows.executions)
    own = [row for row in rows.executions if row.run_id == run.run_id and not row.is_failed]
    marks = {row.token: row.mark for row in rows.positions if row.mark is not None}
    slippage = ledger.slippage
    trades = trade_figures(ledger, rows.orders, marks)
    latency = session.decision_latency
    return RunReport(
        schema_version=SCHEMA_VERSION,
        run_id=run.run_id,
        mode=run.mode,
        account=run.account,
        predecessor=run.predecessor,
        started_at=instant(run.started_at),
        exit=ExitFigures(code=session.exit_code, reason=session.exit_reason),
        wall_s=round(session.wall_s, 3),
        tape_s=None if session.tape_s is None else round(session.tape_s, 3),
        frames_received=session.frames_received,
        frames_dropped=session.frames_dropped,
        frames_garbled=session.frames_garbled,
        events=session.events,
        events_per_s=session.events_per_s,
        steps=session.steps,
        decision_latency_us=LatencyUs(
            p50=latency.p50_us,
            p95=latency.p95_us,
            p99=latency.p99_us,
            max=latency.max_us,
            count=latency.count,
        ),
        **order_figures([order for order in rows.orders if order.run_id == run.run_id]),
        orders_denied=dict(sorted(rows.denials.items())),
        parents_started=rows.parents_started,
        parents_completed=rows.parents_completed,
        fills=len(own),
        shares_filled=format_micros(sum(row.shares for row in own)),
        avg_fill_latency_ms=_fill_latency_ms(rows),
        avg_slippage=format_micros(slippage.per_share) if slippage.shares else None,
        avg_slippage_pct=slippage.percent(4) if slippage.shares else None,
        slippage_cost=format_micros(slippage.cost),
        fees=format_micros(ledger.fees),
        realized_pnl=format_micros(round_exact(ledger.realized_exact, Rounding.DOWN)),
        unrealized_pnl=_unrealized(rows, marks),
        active_positions=sum(row.shares != 0 for row in rows.positions),
        fills_by_cause=fills_by_cause(own, marks),
        positions=position_figures(rows.positions),
        are_positions_recounted=are_recounted(rows.positions),
        trades=trades[-TRADES_MAX:],
        trades_omitted=max(0, len(trades) - TRADES_MAX),
        decision_log=_decision_log(session),
        recording=_recording(session),
        database=session.database,
        logs=session.logs,
    )


def _fill_latency_ms(rows: RunRows) -> float | None:
    """Average the time from creation to first fill over orders of this run; None without any."""
    created = {o.client_order_id: o.created_at for o in rows.orders if o.run_id == rows.run.run_id}
    waited: dict[str, int] = {}
    for row in rows.executions:
        born_at = created.get(row.client_order_id)
        if born_at is not None and not row.is_failed:
            waited.setdefault(row.client_order_id, row.at - born_at)
    if not waited:
        return None
    return mean(sum(waited.values()) * 1000 // NANOS_PER_MS, len(waited)) / 1000


def _unrealized(rows: RunRows, marks: dict[TokenId, Price]) -> str:
    exact = sum(
        row.shares * marks.get(row.token, NO_MARK) - row.cost_exact
        for row in rows.positions
        if row.shares
    )
    return format_micros(round_exact(exact, Rounding.DOWN))


def _decision_log(session: RunSession) -> DecisionLogFigures | None:
    if session.decision_sha256 is None:
        return None
    return DecisionLogFigures(path=session.decision_log, sha256=session.decision_sha256)


def _recording(session: RunSession) -> RecordingFigures | None:
    recorded = session.recorded
    if recorded is None:
        return None
    return RecordingFigures(
        path=recorded.path,
        steps=recorded.steps,
        incomplete_from=recorded.incomplete_from,
        frames=_frames(recorded.frames),
    )


def _frames(recorded: RecordedFrames | None) -> FrameFigures | None:
    if recorded is None:
        return None
    return FrameFigures(
        received=recorded.received,
        frames=recorded.frames,
        missed=recorded.missed,
        incomplete_from=recorded.incomplete_from,
    )
