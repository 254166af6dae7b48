"""The demo: the same paper composition, on a recorded market played by a child process.

Only the base addresses and the clock differ from `pennyd run`. A demo that was killed is continued
where its journal ends; one that ended gets a fresh purse.
"""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from daemon.errors import PennydError

log = structlog.get_logger()

SERVER_WITHIN_S: Final = 20.0
"""How long the tape server may take until it is ready."""
LEAVE_WITHIN_S: Final = 3.0
HEAD_START_NS: Final = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What the command line says."""

    tape: str = "nhl"
    speed: int = 10
    minutes: float = 10.0
    state_dir: Path | None = None
    json_file: Path | None = None


class TapeMarket(msgspec.Struct, frozen=True):
    """A market of the tape, as the server announces it."""

    condition_id: str
    slug: str
    token_ids: list[str]
    outcomes: list[str]


class TapeServer(msgspec.Struct, frozen=True):
    """The one line the server prints when it is ready."""

    clob: str
    gamma: str
    market_ws: str
    tape: str
    origin_at: int
    ends_at: int
    markets: list[TapeMarket]
    attribution: str = ""
    frames: int | None = None
