"""Options that several commands share, declared once."""

from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

JsonOption: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON value for programs.")
]
StateDirOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--state-dir", metavar="DIR", help="The state folder (default: from the configuration)."
    ),
]
ConfigOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The TOML file (default: pennyd.toml here, then in the state folder).",
    ),
]
RunOption: TypeAlias = Annotated[
    str | None, typer.Option("--run", metavar="ID", help="One run only (default: the newest).")
]
LimitOption: TypeAlias = Annotated[
    int, typer.Option("--limit", metavar="N", min=1, max=1_000_000, help="At most so many rows.")
]
RecordOption: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--record/--no-record",
        help="Record every step for pennyd replay, in runs/RUN/recording of the state folder.",
    ),
]
RECORD: Final = "recording.is_enabled"
"""The key that `--record` sets."""

ROWS: Final = 50
"""What fits on a few screens; --limit asks for more."""
