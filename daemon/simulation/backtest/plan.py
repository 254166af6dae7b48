"""Which backtest: a recorded market, one strategy, and every setting that its result depends on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from config.load import load
from config.profile_table import HERE
from config.settings import Settings
from config.strategy_settings import STRATEGY_SETTINGS
from config.toml_source import read_table
from daemon.domain.units import NANOS_PER_MS
from daemon.errors import ConfigError
from daemon.sim.paper_options import PaperOptions
from daemon.simulation.scenario import Latencies

SHIPPED: Final = HERE / "presets" / "demo.toml"
"""Whose strategies and profile are taken when no configuration is named."""
ACCOUNT: Final = "backtest"
OURS: Final = ("mode", "account", "markets", "strategies", "state_dir", "recording.is_enabled")
"""Keys that a backtest sets itself."""
MINUTES_MAX: Final = 7 * 24 * 60
COMMIT_NS: Final = 3 * NANOS_PER_MS // 20
"""There and back, what a commit takes on a machine of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestPlan:
    """Everything that a result depends on, but the version of the program."""

    tape: str
    """A bundled tape or a tape file."""
    strategy: str
    """Whose entries of the configuration trade."""
    assignments: Mapping[str, object]
    """Keys of the strategy's entries, or of the configuration, and their texts."""
    config: Path | None = None
    """The configuration; None for the demo's."""
    minutes: float | None = None
    """How much of the tape; None for all of it."""
    seed: int = 0

    def settings(self, folder: Path) -> Settings:
        """Return the settings in force; ConfigError, a line per problem. No environment is read.

        `folder` takes the state of the process.
        """
        if self.minutes is not None and not 0 < self.minutes <= MINUTES_MAX:
            raise ConfigError(f"--minutes {self.minutes}: give more than 0, at most {MINUTES_MAX}")
        known = STRATEGY_SETTINGS.get(self.strategy)
        if known is None:
            names = ", ".join(STRATEGY_SETTINGS)
            raise ConfigError(f"--strategy {self.strategy}: there is none; give one of {names}")
        if taken := sorted(set(self.assignments) & set(OURS)):
            raise ConfigError(f"--set {taken[0]}: a backtest sets it itself; leave it out")
        own = {key: text for key, text in self.assignments.items() if key in known.model_fields}
        others = {key: text for key, text in self.assignments.items() if key not in own}
        fixed = {
            "mode": "paper",
            "account": ACCOUNT,
            "markets": (),
            "strategies": [entry | own for entry in self._entries()],
            "state_dir": str(folder),
            "recording.is_enabled": False,
        }
        return load(self._file, {}, others | fixed, folder=SHIPPED.parent).settings

    @property
    def _file(self) -> Path:
        return SHIPPED if self.config is None else self.config.absolute()

    def _entries(self) -> list[dict[str, Any]]:
        """Return the strategy's entries as they are written."""
        written = read_table(self._file).get("strategies")
        tables = cast("list[object]", written) if isinstance(written, list) else []
        entries = [cast("dict[str, Any]", table) for table in tables if isinstance(table, dict)]
        found = [entry for entry in entries if entry.get("name") == self.strategy]
        if not found:
            raise ConfigError(
                f"--strategy {self.strategy}: {self._file} has no [[strategies]] entry of that name; "
                "add one, or leave out --config for the demo's"
            )
        return found


def latencies_of(paper: PaperOptions) -> Latencies:
    """Return how long everything travels: requests as on paper, news as the tape has them."""

    def spread(least_ms: int) -> tuple[int, int]:
        return least_ms * NANOS_PER_MS, (least_ms + paper.jitter_ms) * NANOS_PER_MS

    return Latencies(
        request=spread(paper.submit_latency_ms),
        cancel=spread(paper.cancel_latency_ms),
        message=(0, 0),
        connect=(0, 0),
        commit=(COMMIT_NS, COMMIT_NS),
    )
