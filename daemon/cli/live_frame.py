"""Draws one frame of the live view from a snapshot; the same snapshot gives the same frame.

Fits 80 × 24 and grows with the terminal; with more markets than lines, the ones where nothing of
ours is come last and are counted.
"""

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from daemon.cli.live_rows import Columns, chosen, header, line, rows_of
from daemon.cli.live_snapshot import Snapshot
from daemon.domain.units import parse_micros
from daemon.report.figures import signed
from daemon.report.status import Status

WIDTH_DEFAULT: Final = 80
HEIGHT_DEFAULT: Final = 24
_FRAME_LINES: Final = 8
"""All lines that are neither markets nor events, and one for the cursor."""
_EVENTS_MIN: Final = 3
_BANNERS: Final = {
    "paper": (" PAPER - no real orders ", "bold black on green"),
    "dry_run": (" DRY RUN - orders are signed, not sent ", "bold black on cyan"),
    "real": (" LIVE - REAL ORDERS, REAL MONEY ", "bold white on red"),
}
_STATES: Final = {"active": "bold green", "paused": "bold yellow", "halted": "bold red"}


def render(
    snapshot: Snapshot, width: int = WIDTH_DEFAULT, height: int = HEIGHT_DEFAULT
) -> RenderableType:
    """Return the frame for a terminal of this size."""
    lines = list(_lines(snapshot, width, height))
    for text in lines:
        text.no_wrap = True
        text.overflow = "ellipsis"
    return Group(*lines[: max(1, height - 1)])


def _lines(snapshot: Snapshot, width: int, height: int) -> Iterator[Text]:
    status = snapshot.status
    rows = rows_of(status)
    free = max(2, height - 1 - _FRAME_LINES)
    shown, left_out = chosen(rows, max(1, free - _EVENTS_MIN))
    columns = Columns.fitting(width, rows)
    yield _banner(snapshot)
    yield _state(status)
    yield header(columns)
    for row in shown:
        yield line(row, columns)
    if left_out:
        yield Text(f"… and {left_out} more", style="dim")
    yield _totals(status)
    yield _counts(snapshot)
    yield _speed(snapshot)
    yield _progress(snapshot, width)
    events = free - len(shown) - bool(left_out)
    yield from (Text(event, style="dim") for event in snapshot.recent[-events:] if events > 0)


def _banner(snapshot: Snapshot) -> Text:
    mode = snapshot.status["mode"]
    words, style = _BANNERS.get(mode, (f" {mode.upper()} ", "bold reverse"))
    return Text.assemble((words, style), " ", (snapshot.title, "bold"))


def _state(status: Status) -> Text:
    text = Text()
    text.append(status["status"], style=_STATES.get(status["state"], "bold"))
    if status["why"]:
        text.append(f": {status['why']}")
    if status["is_kill_switch_engaged"]:
        text.append("  KILL SWITCH ENGAGED", style="bold red")
    text.append(f"  {status['at'][:19].replace('T', ' ')} UTC", style="dim")
    return text


def _totals(status: Status) -> Text:
    pnl, stake = status["pnl"], status["risk"]["total_exposure"]
    text = Text("P&L ")
    text.append(_dollars(pnl["total"]), style="red" if pnl["total"].startswith("-") else "green")
    text.append(
        f": realized {_dollars(pnl['realized'])}, unrealized {_dollars(pnl['unrealized'])}"
        f", fees {_dollars(pnl['fees']).removeprefix('+')}"
        f" | stake {_whole(stake['used'])}/{_whole(stake['limit'])}"
    )
    return text


def _counts(snapshot: Snapshot) -> Text:
    parents = snapshot.parents_completed + snapshot.parents_active
    resting = snapshot.status["risk"]["open_orders"]
    return Text(
        f"Orders {snapshot.orders}, replaced {snapshot.replaced}, denied {snapshot.denied}"
        f", open {resting['used']}/{resting['limit']} | fills {snapshot.fills}"
        f" | parents {snapshot.parents_completed}/{parents}"
    )


def _speed(snapshot: Snapshot) -> Text:
    latency = snapshot.latency
    text = Text(
        f"Decision p50 {latency.p50_us} p95 {latency.p95_us} p99 {latency.p99_us} µs"
        f" | {snapshot.events_per_s} events/s | {snapshot.frames_received} frames, "
    )
    text.append(
        f"{snapshot.frames_dropped} dropped", style="bold red" if snapshot.frames_dropped else ""
    )
    return text


def _progress(snapshot: Snapshot, width: int) -> Text:
    if snapshot.span_s is None:
        return Text(f"Running for {_clock(snapshot.elapsed_s)}")
    span = max(1, snapshot.span_s)
    done = min(snapshot.elapsed_s, span)
    label = f" {100 * done // span:3d} % of tape, {_clock(done)} of {_clock(span)}"
    room = max(4, width - len(label))
    filled = room * done // span
    text = Text()
    text.append("━" * filled, style="cyan")
    text.append("─" * (room - filled), style="dim")
    text.append(label)
    return text


def plain_line(snapshot: Snapshot) -> str:
    """Return the snapshot as one line, for logs and pipes."""
    status, latency = snapshot.status, snapshot.latency
    why = f" ({status['why']})" if status["why"] else ""
    if snapshot.span_s is None:
        progress = _clock(snapshot.elapsed_s)
    else:
        progress = f"{100 * min(snapshot.elapsed_s, snapshot.span_s) // max(1, snapshot.span_s)} %"
    pnl = status["pnl"]
    return (
        f"{status['mode']} {progress} {status['status']}{why} | "
        f"orders {snapshot.orders}, replaced {snapshot.replaced}, denied {snapshot.denied}, "
        f"fills {snapshot.fills} | P&L {_dollars(pnl['total'])} "
        f"(realized {_dollars(pnl['realized'])}, unrealized {_dollars(pnl['unrealized'])}) | "
        f"decision p50 {latency.p50_us} p95 {latency.p95_us} p99 {latency.p99_us} µs | "
        f"{snapshot.events_per_s} events/s | {snapshot.frames_received} frames, "
        f"{snapshot.frames_dropped} dropped"
    )


def _dollars(text: str) -> str:
    return signed(parse_micros(text), 2)


def _whole(text: str | None) -> str:
    """Return dollars without cents when there are none."""
    return "-" if text is None else f"${signed(parse_micros(text), 2)[1:].removesuffix('.00')}"


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"
