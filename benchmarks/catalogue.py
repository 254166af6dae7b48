"""All benchmarks by name, in the order they run."""

from collections.abc import Callable
from typing import Final, TypeAlias

from benchmarks.book_frames import measure_books, measure_changes
from benchmarks.book_queries import measure_book_queries
from benchmarks.box import measure_box
from benchmarks.box_memory import measure_box_memory
from benchmarks.burst import measure_burst
from benchmarks.daemon_memory import measure_daemon_memory
from benchmarks.effort import Effort
from benchmarks.fan_out import measure_fan_out
from benchmarks.figure import Figure
from benchmarks.full_collection import measure_full_collection
from benchmarks.hand_over import measure_hand_over
from benchmarks.kill_switch import measure_kill_switch
from benchmarks.memory import measure_memory
from benchmarks.recorder import measure_recorder
from benchmarks.simulated_speed import measure_simulated_speed
from benchmarks.speed_0 import measure_speed_0
from benchmarks.ticks import measure_ticks

Measure: TypeAlias = Callable[[Effort], list[Figure]]

BENCHMARKS: Final[dict[str, Measure]] = {
    "memory": measure_memory,  # First, while nothing that others have left could be used again.
    "price_change": measure_changes,
    "book": measure_books,
    "tick": measure_ticks,
    "hand_over": measure_hand_over,
    "book_queries": measure_book_queries,
    "burst": measure_burst,
    "full_collection": measure_full_collection,
    "recorder": measure_recorder,
    "kill_switch": measure_kill_switch,
    "speed_0": measure_speed_0,
    "fan_out": measure_fan_out,
    "simulated_speed": measure_simulated_speed,
    "box": measure_box,
    "box_memory": measure_box_memory,
    "daemon_memory": measure_daemon_memory,
}
ON_REQUEST: Final = frozenset({"box_memory", "daemon_memory"})
"""Run only when named."""
