"""A line now and then that says how the daemon is, for whoever reads the log afterwards."""

import structlog

from daemon.app.app import App
from daemon.domain.units import NANOS_PER_S, format_micros

health = structlog.get_logger("health")


async def log_status(app: App) -> None:
    """Log uptime, trades, profit, open positions and the state of risk, regularly and for ever."""
    while True:
        await app.clock.sleep(app.settings.runtime.status_every_s)
        state, portfolio = app.state, app.state.portfolio
        realized, unrealized = portfolio.realized(), portfolio.unrealized(state.marks())
        health.info(
            "status.reported",
            uptime_s=(app.clock.now() - app.run.started_at) // NANOS_PER_S,
            state=state.reasons.state.value,
            why=state.reasons.describe(),
            fills=app.fact_log.counts["order.filled"],
            open_orders=len(state.desk.open),
            open_positions=sum(position.shares != 0 for position in portfolio.positions()),
            net_pnl=format_micros(realized + unrealized),
            exposure=format_micros(portfolio.exposure(state.desk.live())),
            facts_waiting=app.journal.facts_waiting,
            log_failures=app.fact_log.failures + app.decision_log.failures,
        )
