"""The report of a run as lines of text: first the customer's block, then the rest."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from daemon.domain.units import MICRO, parse_micros
from daemon.report.figures import fixed, signed
from daemon.report.fill_causes import CauseFigures
from daemon.report.position_figures import PositionFigures
from daemon.report.run_report import RunReport

HEADING: Final = "ORDER EXECUTION STATS"
_LABEL: Final = 24
_CAUSES: Final = {"walk": "walk", "trade_through": "trade-through", "queue": "queue"}
POSITIONS_SHOWN_MAX: Final = 30


def report_lines(report: RunReport) -> list[str]:
    """Return the report as lines without styles."""
    return [
        HEADING,
        "=" * len(HEADING),
        *_stats(report),
        "",
        *_orders(report),
        *_causes(report),
        *_positions(report),
        "",
        *_machine(report),
        *_places(report),
    ]


def _row(label: str, text: object) -> str:
    return f"{label + ':':<{_LABEL}}{text}"


def _stats(report: RunReport) -> Iterator[str]:
    waited_ms = report["avg_fill_latency_ms"]
    yield _row("Total orders", report["orders_created"])
    yield _row("Total fills", f"{report['fills']} ({report['fill_rate'] * 100:.1f}% fill rate)")
    yield _row("Avg fill latency", "-" if waited_ms is None else f"{waited_ms / 1000:.2f}s")
    yield _row("Avg slippage", _slippage(report["avg_slippage"], report["avg_slippage_pct"]))
    yield _row("Realized P&L", f"${_signed(report['realized_pnl'])}")
    yield _row("Active positions", report["active_positions"])


def _orders(report: RunReport) -> Iterator[str]:
    denied = report["orders_denied"]
    reasons = ", ".join(
        f"{reason} {count}" for reason, count in sorted(denied.items(), key=lambda item: -item[1])
    )
    yield _row("Orders replaced", report["orders_replaced"])
    yield _row(
        "Orders filled",
        f"{report['orders_filled']} completely, "
        f"{report['orders_with_fills'] - report['orders_filled']} in part, "
        f"of {report['orders_sent']} sent",
    )
    ended = (
        f"{report['orders_canceled']} cancelled, {report['orders_expired']} expired, "
        f"{report['orders_rejected']} rejected, {report['orders_failed']} failed, "
        f"{report['orders_unknown']} unknown, {report['orders_open']} open"
    )
    yield _row("Other orders", ended)
    yield _row("Denied by risk", f"{sum(denied.values())}{f' ({reasons})' if reasons else ''}")
    yield _row(
        "Parents completed", f"{report['parents_completed']} ({report['parents_started']} started)"
    )
    yield _row("Shares filled", report["shares_filled"])
    yield _row("Slippage cost", f"${_signed(report['slippage_cost'])}")
    yield _row("Fees", f"${report['fees']}")
    yield _row("Unrealized P&L", f"${_signed(report['unrealized_pnl'])}")


def _causes(report: RunReport) -> Iterator[str]:
    causes = report["fills_by_cause"]
    if not any(figures["fills"] for figures in causes.values()):
        return
    yield ""
    yield "Fills by cause          fills      shares | pessimistic: shares   cash diff    P&L diff"
    for cause, figures in causes.items():
        yield _cause(_CAUSES[cause], figures)


def _cause(name: str, figures: CauseFigures) -> str:
    sure = figures["pessimistic"]
    return (
        f"  {name:<19}{figures['fills']:>8}{figures['shares']:>12} |"
        f"{sure['shares']:>20}{_signed(sure['cash_difference']):>12}"
        f"{_signed(sure['pnl_difference']):>12}"
    )


def _positions(report: RunReport) -> Iterator[str]:
    held = [position for position in report["positions"] if Decimal(position["shares"])]
    if not held:
        return
    yield ""
    yield "Positions                                     shares     avg    mark    realized  unrealized"
    for position in held[:POSITIONS_SHOWN_MAX]:
        yield _position(position)
    if len(held) > POSITIONS_SHOWN_MAX:
        yield f"  … and {len(held) - POSITIONS_SHOWN_MAX} more (--json lists all)"
    if not report["are_positions_recounted"]:
        yield "  WARNING: positions differ from the sum of executions: run pennyd db rebuild-positions"


def _position(position: PositionFigures) -> str:
    name = f"{position['market']} {position['outcome']}"
    name = name if len(name) <= 40 else f"…{name[-39:]}"
    unrealized = position["unrealized_pnl"]
    return (
        f"  {name:<40}{position['shares']:>10}{_price(position['avg_price']):>8}"
        f"{_price(position['mark']):>8}{_signed(position['realized_pnl']):>12}"
        f"{'-' if unrealized is None else _signed(unrealized):>12}"
    )


def _machine(report: RunReport) -> Iterator[str]:
    latency = report["decision_latency_us"]
    tape_s = report["tape_s"]
    tape = "" if tape_s is None else f", {tape_s:.1f} s of tape"
    yield _row(
        "Decision latency",
        f"p50 {latency['p50']} µs, p95 {latency['p95']} µs, p99 {latency['p99']} µs",
    )
    yield _row(
        "Frames",
        f"{report['frames_received']} received, {report['frames_dropped']} dropped, "
        f"{report['frames_garbled']} garbled",
    )
    yield _row("Events", f"{report['events']} ({report['events_per_s']} per second)")
    yield _row("Time", f"{report['wall_s']:.1f} s{tape}")


def _places(report: RunReport) -> Iterator[str]:
    exited, recording = report["exit"], report.get("recording")
    yield _row("Run", f"{report['run_id']} ({report['mode']}, account {report['account']})")
    yield _row("Database", report["database"])
    if report["logs"] is not None:
        yield _row("Logs", report["logs"])
    decisions = report["decision_log"]
    if decisions is not None:
        if decisions["path"] is not None:
            yield _row("Decision log", decisions["path"])
        yield _row("Decisions sha256", decisions["sha256"])
    if recording is not None:
        missing = recording["incomplete_from"]
        whole = f", INCOMPLETE from step {missing}" if missing is not None else ""
        yield _row("Recording", f"{recording['path']} ({recording['steps']} steps{whole})")
        frames = recording.get("frames")
        if frames is not None:
            missed = f", {frames['missed']} MISSED" if frames["missed"] else ""
            yield _row("Recorded frames", f"{frames['frames']} as received{missed}")
    yield _row("Exit", f"{exited['code']} ({exited['reason']})")


def _slippage(per_share: str | None, percent: str | None) -> str:
    if per_share is None or percent is None:
        return "-"
    return f"{signed(parse_micros(per_share), 4)} ({Decimal(percent):+.2f}%)"


def _signed(money: str) -> str:
    return signed(parse_micros(money), 2)


def _price(text: str | None) -> str:
    return "-" if text is None else fixed(round(Decimal(text) * MICRO), 3)
