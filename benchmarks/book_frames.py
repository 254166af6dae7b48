"""From a frame to a book that can be believed: decode, apply, timestamp, touch check.

Both streams are timed beside the typed decode of the very same frames. The lean figure shows what
the daemon's own parser costs alone.
"""

from benchmarks.effort import Effort
from benchmarks.figure import Figure, compared, reported
from benchmarks.recording import BOOKS, CHANGES, Recording, Run, mean_bytes, recording
from benchmarks.stopwatch import Work, race, settled_memory
from benchmarks.typed_decode import typed_decode
from daemon.adapters.polymarket.protocol import parse_market
from daemon.domain.feed import BookChange, BookSnapshot
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.engine.tick_processor import TickProcessor

STALE_AFTER = Nanos(10 * NANOS_PER_S)
CHANGE_BAR = 2.4
BOOK_BAR = 2.8


def measure_changes(effort: Effort) -> list[Figure]:
    """Time price changes: both outcomes' levels, the stated best prices compared afterwards."""
    return _measure(
        recording(CHANGES, effort.changes), "change", CHANGE_BAR, "price_change", effort
    )


def measure_books(effort: Effort) -> list[Figure]:
    """Time full books as received."""
    return _measure(recording(BOOKS, effort.books), "book", BOOK_BAR, "book", effort)


def _measure(tape: Recording, kind: str, bar: float, name: str, effort: Effort) -> list[Figure]:
    runs = tuple(tape.runs())
    frames = [frame for run in runs if run.kind == kind for frame in run.frames]
    note = f"{len(frames)} frames of {mean_bytes(frames):.0f} B on average, tape {tape.name}"
    contenders = {
        "typed": lambda: _decode_all,
        "ours": lambda: applying(tape),
        "parse": lambda: _parse_all,
    }
    with settled_memory():
        times = race(contenders, runs, kind=kind, repetitions=effort.repetitions)
    floor = times["typed"]
    return [
        reported(f"{name} typed decode", "µs", floor, note),
        compared(f"{name} parse", "µs", times["parse"], floor),
        compared(f"{name} decode and apply", "µs", times["ours"], floor, bar=bar),
    ]


def applying(tape: Recording) -> Work:
    """Return work that keeps fresh books of a tape; it fails if they are not believed any more."""
    ticks = TickProcessor(tape.markets, STALE_AFTER)
    parse, apply_change = parse_market, ticks.apply_change

    def apply_rarer(run: Run) -> None:
        at = run.at
        for raw in run.frames:
            events = parse(raw, at)
            assert isinstance(events, tuple)
            for event in events:
                if isinstance(event, BookSnapshot):
                    ticks.apply_snapshot(event)
                elif isinstance(event, BookChange):
                    apply_change(event)

    def apply_changes(run: Run) -> None:
        at = run.at
        for raw in run.frames:
            apply_change(parse(raw, at)[0])  # pyright: ignore[reportIndexIssue, reportArgumentType, reportUnknownArgumentType]

    def work(run: Run) -> None:
        if run.kind == "change":
            apply_changes(run)
        else:
            apply_rarer(run)
        ticks.changed.clear()
        assert not ticks.resyncs, f"a book of {tape.name} is not believed: {ticks.resyncs}"

    if tape.opening:
        apply_rarer(Run(kind="book", at=tape.opened_at, frames=(tape.opening,)))
    return work


def _decode_all(run: Run) -> None:
    decode = typed_decode
    for raw in run.frames:
        decode(raw)


def _parse_all(run: Run) -> None:
    parse, at = parse_market, run.at
    for raw in run.frames:
        parse(raw, at)
