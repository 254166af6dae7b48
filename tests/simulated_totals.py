"""What the simulated seeds of a test run had, added up and said at its end."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from _pytest.terminal import TerminalReporter

from daemon.simulation.seed_run import SeedResult

NAME: Final = "simulated"
MICRO: Final = 1_000_000


def note(record_property: Callable[[str, object], None], result: SeedResult) -> None:
    """Keep what a seed had with the report of its test, which may run in another process."""
    counts = asdict(result.counts)
    record_property(
        NAME,
        {
            **counts,
            "seeds": 1,
            "virtual_us": round(result.virtual_s * MICRO),
            "cpu_us": round(result.cpu_s * MICRO),
        },
    )


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say it in one line."""
    totals: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) != "call":  # The teardown's report repeats them.
                continue
            for name, value in report.user_properties:
                if name == NAME:
                    totals.update(value)
    if not totals:
        return
    terminalreporter.write_line(
        f"simulated: {totals['seeds']} seeds, {totals['lives']} lives, {totals['crashes']} crashes, "
        f"{totals['orders']:,} orders, {totals['fills']:,} fills, {totals['steps']:,} decisions; "
        f"{totals['virtual_us'] / MICRO:,.0f} s of virtual time in {totals['cpu_us'] / MICRO:,.1f} s "
        f"of one core, {totals['virtual_us'] / totals['cpu_us']:,.0f} × real time"
    )
