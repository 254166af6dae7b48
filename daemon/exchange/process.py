"""The exchange as a process: says where it answers, and ends when it should.

It ends when its parent does (standard input at its end), on SIGTERM, and on Ctrl-C unless that
belongs to the parent.
"""

import asyncio
import os
import signal
import stat
import sys
import threading
from collections.abc import Callable

import msgspec
import uvloop

from daemon.errors import PennydError
from daemon.exchange.box import ExchangeBox, Ready
from daemon.exchange.options import BoxOptions

STDIN_CHUNK_BYTES = 4096


def run_exchange(options: BoxOptions) -> int:
    """Run the exchange until it is told to end; return the exit code."""
    try:
        uvloop.run(serve(options))
    except PennydError as error:
        return _explain(error)
    except BaseExceptionGroup as group:
        known = group.subgroup(PennydError)
        if known is None:
            raise
        return _explain(_first_leaf(known))
    return 0


def _explain(error: PennydError) -> int:
    sys.stderr.write(f"pennyd exchange: {error}\n")
    return error.exit_code


def _first_leaf(group: BaseExceptionGroup[PennydError]) -> PennydError:
    first = group.exceptions[0]
    return _first_leaf(first) if isinstance(first, BaseExceptionGroup) else first


async def serve(options: BoxOptions, announce: Callable[[Ready], None] | None = None) -> None:
    """Open the exchange, announce it, and stay until a signal or the parent's end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    if options.is_child:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    else:
        loop.add_signal_handler(signal.SIGINT, stop.set)
    if _has_parent():
        watch = threading.Thread(target=_watch_parent, args=(loop, stop), daemon=True)
        watch.start()
    async with ExchangeBox(options) as box:
        (announce or _print_line)(box.ready)
        await stop.wait()


def _print_line(ready: Ready) -> None:
    sys.stdout.write(msgspec.json.encode(ready).decode() + "\n")
    sys.stdout.flush()


def _has_parent() -> bool:
    """Tell whether standard input is a pipe or socket; a terminal or /dev/null says nothing."""
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _watch_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # A thread, because a loop cannot wait for every kind of standard input.
    try:
        while os.read(0, STDIN_CHUNK_BYTES):
            pass
    except OSError:
        pass
    if not loop.is_closed():
        loop.call_soon_threadsafe(stop.set)
