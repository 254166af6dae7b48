"""Waiting in a command: it blocks nobody, and a person looks on."""

import time
from collections.abc import Iterator


def attempts(*, within_s: float, every_s: float) -> Iterator[float]:
    """Yield at once and then every so often until the time is over; yields the seconds waited."""
    started = time.monotonic()
    while True:
        waited_s = time.monotonic() - started
        yield waited_s
        if waited_s >= within_s:
            return
        time.sleep(min(every_s, within_s - waited_s))  # noqa: TID251 - machine time, in a command
