"""Whether the garbage collector can stop the daemon: single frames timed amid many live objects."""

import gc
import time

from benchmarks.bidders import acceptance, an_engine
from benchmarks.effort import Effort
from benchmarks.figure import Figure, bounded, reported
from benchmarks.recording import CHANGES, recording
from benchmarks.shipped_settings import shipped_settings
from benchmarks.stopwatch import cpu_ns, settled_memory
from daemon.adapters.polymarket.protocol import parse_market
from daemon.domain.units import Nanos

BAR_US = 1000.0


def measure_full_collection(effort: Effort) -> list[Figure]:
    """Time every frame alone, with memory settled as the daemon settles it."""
    tape = recording(CHANGES, effort.changes)
    alive = [[number] for number in range(effort.objects)]
    loose_ms = _collect_ms()
    worst: list[float] = []
    typical: list[float] = []
    with settled_memory():
        settled_ms = _collect_ms()
        for _ in range(effort.repetitions):
            engine = an_engine(tape, shipped_settings().risk)
            times: list[float] = []
            for frame in tape.frames:
                at = Nanos(frame.at)
                started_ns = cpu_ns()
                events = parse_market(frame.payload, at)
                outcome = engine.step(events, at)  # type: ignore[arg-type]
                times.append((cpu_ns() - started_ns) / 1000)
                if outcome.effects:
                    engine.step(acceptance(outcome.effects), at)
            times.sort()
            worst.append(times[-1])
            typical.append(times[len(times) // 2])
    note = f"{len(alive)} objects alive, {len(tape.frames)} frames"
    return [
        reported("full collection, memory not settled", "ms", [loose_ms], note),
        reported("full collection, memory settled", "ms", [settled_ms], note),
        reported("single frame, typical", "µs", typical, note),
        bounded("single frame, worst", "µs", worst, bar=BAR_US, by="median", note=note),
    ]


def _collect_ms() -> float:
    started_ns = time.perf_counter_ns()
    gc.collect()
    return (time.perf_counter_ns() - started_ns) / 1e6
