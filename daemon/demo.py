"""The demo: the same paper composition, on a recorded market played by a child process.

Only the base addresses and the clock differ from `pennyd run`. A demo that was killed is continued
where its journal ends; one that ended gets a fresh purse.
"""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
import structlog

from config.settings import Settings
from daemon.adapters.exchange_admin import set_exchange_clock
from daemon.adapters.postgres.archive import RunArchive
from daemon.adapters.postgres.connection import connect
from daemon.adapters.system_clock import SystemClock
from daemon.app.premises import Database, open_database
from daemon.app.run import Screen, run_app
from daemon.app.stop_request import StopRequest
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S
from daemon.errors import PennydError
from daemon.ports import Clock
from daemon.report.run_report import RunReport
from daemon.sim.clock import ScaledClock, SteppedClock

log = structlog.get_logger()

PAPER: Final = "paper"
NANOS_PER_MINUTE: Final = 60 * NANOS_PER_S
MINUTES_LEFT_MIN: Final = 0.05
"""A demo that was cut off at its very end still plays a moment, to end in order."""
LINE_BYTES_MAX: Final = 1 << 20
SERVER_WITHIN_S: Final = 20.0
"""How long the exchange may take until it is ready."""
LEAVE_WITHIN_S: Final = 3.0
"""How long it may take to leave."""
HEAD_START_NS: Final = 200_000_000
"""Machine time between setting the clock and the first frame, for start-up to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What to play and how fast."""

    tape: str = "nhl"
    """A bundled tape or a tape file."""
    speed: int = 10
    """0: as fast as possible, the same run every time; 1 to 60: times as fast as it was."""
    minutes: float = 10.0
    """How much of the tape."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a demo begins: a fresh purse at the start of the tape, or where one was cut off."""

    account: str
    start_at: int | None = None
    minutes: float


DemoScreen: TypeAlias = Callable[[TapeServer, DemoOptions], Screen]
"""Makes the screen of a demo once the tape is known."""


async def run_demo(
    settings: Settings,
    options: DemoOptions,
    *,
    stop: StopRequest,
    screen: DemoScreen | None = None,
) -> RunReport:
    """Play the tape and paper-trade it; return the report.

    `settings` are paper settings; markets, base addresses and purse are the tape's.
    """
    async with open_database(settings) as database:
        start = await _find_start(database, options)
        async with tape_server(options, start) as server:
            clock = await _set_clock(server, options)
            shown = None if screen is None else screen(server, options)
            return await run_app(
                _on_tape(settings, server, start.account),
                database=database,
                clock=clock,
                stop=stop,
                screen=shown,
            )


def _on_tape(settings: Settings, server: TapeServer, account: str) -> Settings:
    """Return the same settings with nothing but addresses, markets and purse changed."""
    venue = settings.venue.model_copy(
        update={
            "clob_url": server.clob,
            "gamma_url": server.gamma,
            "market_ws_url": server.market_ws,
        }
    )
    markets = tuple(market.condition_id for market in server.markets)
    return replace(settings, venue=venue, markets=markets, account=account)


async def _find_start(database: Database, options: DemoOptions) -> Start:
    """Continue a demo of this tape that was cut off, else begin with a fresh purse."""
    purse = f"demo-{Path(options.tape).name.split('.')[0]}"
    connection = await connect(await database.reach())
    try:
        unfinished = await RunArchive(connection).unfinished(PAPER, purse)
    finally:
        await connection.close()
    if unfinished is None:
        account = f"{purse}-{SystemClock().now() // NANOS_PER_MS}"
        return Start(account=account, minutes=options.minutes)
    played = (unfinished.last_at - unfinished.first_at) / NANOS_PER_MINUTE
    minutes = options.minutes - played
    log.info("demo.continued", account=unfinished.account, minutes_played=round(played, 2))
    return Start(
        account=unfinished.account,
        start_at=unfinished.last_at,
        minutes=max(minutes, MINUTES_LEFT_MIN),
    )


@asynccontextmanager
async def tape_server(options: DemoOptions, start: Start) -> AsyncGenerator[TapeServer]:
    """Run the exchange in a box as a child; it leaves when we do, however we leave.

    It reads our end of a pipe as its standard input, so it ends with us even after a kill -9.
    """
    arguments = ["--tape", options.tape, "--speed", str(options.speed), "--child"]
    arguments += ["--minutes", repr(start.minutes)]
    if start.start_at is not None:
        arguments += ["--start-at", str(start.start_at)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "daemon.exchange",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES_MAX,
    )
    try:
        yield await _read_ready(process)
    finally:
        await _leave(process)


async def _read_ready(process: asyncio.subprocess.Process) -> TapeServer:
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SERVER_WITHIN_S):
            line = await process.stdout.readline()
    except TimeoutError:
        raise PennydError(
            f"the exchange was not ready within {SERVER_WITHIN_S:.0f} s: run "
            "`python -m daemon.exchange` by hand to see why"
        ) from None
    if not line:
        raise PennydError(
            "the exchange ended at once: mend what its own message above names, then start again"
        )
    return msgspec.json.decode(line, type=TapeServer)


async def _leave(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVE_WITHIN_S):
                await process.wait()
    finally:  # Also when the limit passes as a cancellation, as it may in a task that is cancelled.
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _set_clock(server: TapeServer, options: DemoOptions) -> Clock:
    """Give both processes the same clock, or none at speed 0: the frames are the clock."""
    if options.speed == 0:
        return SteppedClock(server.origin_at)
    m0_ns = time.monotonic_ns() + HEAD_START_NS
    numbers = {"origin_at": server.origin_at, "m0_ns": m0_ns, "speed": options.speed}
    await set_exchange_clock(server.clob, numbers)
    return ScaledClock(origin_at=server.origin_at, m0_ns=m0_ns, speed=options.speed)
