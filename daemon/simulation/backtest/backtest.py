"""Runs one backtest and says what came of it."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from daemon.app.life import END_OF_TAPE
from daemon.domain.units import (
    NANOS_PER_S,
    Cash,
    Nanos,
    Rounding,
    round_exact,
)
from daemon.report.fact_rows import rows_of
from daemon.report.rows import RunRow, RunRows
from daemon.report.run_report import RunReport, build_report
from daemon.report.run_session import LatencyFigures, RunSession
from daemon.sim.exchange.trading.account_ids import CASH, Asset
from daemon.simulation.backtest.ground import Ground, open_ground
from daemon.simulation.backtest.plan import ACCOUNT, BacktestPlan
from daemon.simulation.backtest.trader import RUN, Trader
from daemon.simulation.exchange_side import WALLET
from daemon.simulation.seed_run import silence

NOWHERE: Final = "none (kept in memory, gone with the backtest)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What one backtest was and what it brought; money in millionths of a dollar, times in ns."""

    plan: BacktestPlan
    title: str
    attribution: str
    from_at: Nanos
    to_at: Nanos
    """When the last frame was played."""
    frames: int
    decisions: int
    """Steps of the engine that decided something."""
    volume: Cash
    """Prices of all shares that changed hands."""
    cash_start: Cash
    cash: Cash
    """In the wallet at the exchange."""
    cash_counted: Cash
    """By the daemon, which knows an average price and a rule for fees where the exchange rounds each match."""
    pnl: Cash
    """Realized and, at the marks of the tape's end, unrealized; net of fees."""
    idle_because: str
    """Why it did not trade at the end of the tape; empty when it did."""
    report: RunReport

    @property
    def sha256(self) -> str:
        """The digest of the decision log."""
        log = self.report["decision_log"]
        assert log is not None
        return log["sha256"]

    @property
    def speed(self) -> float:
        """How much faster than the recorded market."""
        return (self.to_at - self.from_at) / NANOS_PER_S / max(self.report["wall_s"], 0.001)


def run_backtest(plan: BacktestPlan) -> Backtest:
    """Run it in this process; it logs nothing and leaves nothing behind.

    Raises ConfigError for a plan or a tape that cannot be used, and AssertionError when daemon and
    exchange do not agree in the end.
    """
    began_s = time.perf_counter()
    with silence(), tempfile.TemporaryDirectory(prefix="pennyd-backtest-") as folder:
        ground = open_ground(plan, Path(folder))
        trader = Trader(ground, plan.seed)
        trader.trade()
        agree(ground, trader)
        return _told(plan, ground, trader, time.perf_counter() - began_s)


def agree(ground: Ground, trader: Trader) -> None:
    """Assert that daemon and exchange have counted the same shares, and that nothing was lost or made."""
    exchange, portfolio = ground.side.exchange, trader.app.state.portfolio
    exchange.audit()
    for market in ground.markets:
        for token in market.tokens:
            held = exchange.holding(WALLET, Asset(token)).balance
            counted = portfolio.position(token, market.condition_id).shares
            assert held == counted, f"{market.slug}: {held} shares at the exchange, {counted} here"


def _told(plan: BacktestPlan, ground: Ground, trader: Trader, wall_s: float) -> Backtest:
    app, player = trader.app, ground.player
    portfolio, marks = app.state.portfolio, app.state.marks()
    rows = _rows(ground, trader)
    traded = [row for row in rows.executions if not row.is_failed]
    return Backtest(
        plan=plan,
        title=player.header.title,
        attribution=player.header.attribution,
        from_at=ground.origin_at,
        to_at=Nanos(player.at),
        frames=player.sent,
        decisions=app.decision_log.steps,
        volume=round_exact(sum(row.price * row.shares for row in traded), Rounding.DOWN),
        cash_start=ground.settings.paper_cash,
        cash=Cash(ground.side.exchange.holding(WALLET, CASH).balance),
        cash_counted=portfolio.cash_free(()),
        pnl=Cash(portfolio.realized() + portfolio.unrealized(marks)),
        idle_because=trader.idle_because,
        report=build_report(rows, _session(ground, trader, wall_s)),
    )


def _rows(ground: Ground, trader: Trader) -> RunRows:
    run = trader.app.run
    row = RunRow(
        run_id=RUN,
        mode=run.mode,
        account=ACCOUNT,
        predecessor=None,
        started_at=run.started_at,
    )
    facts = trader.archive.runs[RUN].facts
    return rows_of(row, (fact for _, fact in facts.values()), ground.markets)


def _session(ground: Ground, trader: Trader, wall_s: float) -> RunSession:
    app, player = trader.app, ground.player
    stats = app.loop.stats
    feeds = [feed.stats for feed in app.feeds]
    return RunSession(
        frames_received=sum(feed.frames_received for feed in feeds),
        frames_dropped=app.inbox.events_dropped,
        frames_garbled=sum(feed.frames_garbled for feed in feeds),
        events=stats.events,
        steps=stats.steps,
        wall_s=wall_s,
        tape_s=(player.at - player.origin_at) / NANOS_PER_S,
        decision_latency=LatencyFigures.of(stats.decision_latency),
        exit_code=0,
        exit_reason=END_OF_TAPE,
        database=NOWHERE,
        logs=None,
        decision_sha256=app.decision_log.digest,
    )
