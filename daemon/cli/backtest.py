"""What `pennyd replay --tape` says of a backtest."""

from collections.abc import Iterator
from typing import Any

from daemon.domain.units import format_micros
from daemon.report.figures import dollars, instant, signed
from daemon.report.report_text import report_lines
from daemon.simulation.backtest.backtest import Backtest


def backtest_lines(found: Backtest) -> Iterator[str]:
    """Yield what people read: the backtest, then the report as of any run."""
    report, plan = found.report, found.plan
    yield f"Backtest of {plan.strategy} on {plan.tape}: {found.title}"
    yield f"From {instant(found.from_at)} to {instant(found.to_at)}, {found.frames} frames"
    if found.attribution:
        yield f"Recorded data: {found.attribution}"
    yield (
        f"{report['steps']} steps, {found.decisions} decisions, {report['orders_sent']} orders sent, "
        f"{report['fills']} fills, volume {dollars(found.volume)}"
    )
    yield (
        f"Cash {dollars(found.cash_start)} before, {dollars(found.cash)} after; "
        f"P&L ${signed(found.pnl, 2)} at the last marks"
    )
    if found.idle_because:
        yield f"WARNING: at the end of the tape it did not trade: {found.idle_because}"
    yield (
        f"{report['tape_s']:,.0f} s of the tape in {report['wall_s']:,.1f} s: "
        f"{found.speed:,.0f} × real time"
    )
    yield "The recorded market did not react to these orders; see pennyd replay --help"
    yield ""
    yield from report_lines(report)


def backtest_record(found: Backtest) -> dict[str, Any]:
    """Return what programs read: money as exact decimal texts, times as ISO texts."""
    plan = found.plan
    return {
        "tape": plan.tape,
        "title": found.title,
        "attribution": found.attribution,
        "strategy": plan.strategy,
        "assignments": dict(plan.assignments),
        "seed": plan.seed,
        "from": instant(found.from_at),
        "to": instant(found.to_at),
        "frames": found.frames,
        "steps": found.report["steps"],
        "decisions": found.decisions,
        "volume": format_micros(found.volume),
        "cash_start": format_micros(found.cash_start),
        "cash": format_micros(found.cash),
        "cash_counted": format_micros(found.cash_counted),
        "pnl": format_micros(found.pnl),
        "idle_because": found.idle_because,
        "speed": round(found.speed, 1),
        "decision_sha256": found.sha256,
        "report": found.report,
    }
