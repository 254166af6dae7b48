"""Records markets without trading: look-ups, the market feed with its reconnects, and the disk.

Needs no database and no account; the same feed, keeper and recorder as a run.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config.settings import Settings
from daemon.adapters.alerts import LogAlerts
from daemon.adapters.polymarket.market_feed import MarketFeed
from daemon.app.frame_recording import FEED, open_frame_recorder
from daemon.app.premises import resolve_markets
from daemon.app.start_replies import StartReplies
from daemon.app.stop_request import StopRequest
from daemon.domain.feed import MarketEvent
from daemon.domain.market import Market
from daemon.engine.inputs import Event
from daemon.errors import ConfigError, EndOfFeed
from daemon.ports import Clock
from daemon.runtime.feed_keeper import FeedKeeper
from daemon.runtime.frame_recorder import FrameRecorder
from daemon.runtime.reconnect import BY_CHANCE
from daemon.runtime.supervisor import Supervisor

LOOK_EVERY_S: Final = 0.2
"""Machine time until it is noticed that the disk takes nothing more."""
SECONDS_PER_MINUTE: Final = 60
TIME_IS_OVER: Final = "the time was over"
END_OF_FEED: Final = "end of tape"
ENDED_EARLY: Final = "the disk took nothing more"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRecording:
    """What was recorded."""

    folder: str
    markets: tuple[str, ...]
    """Their slugs."""
    frames: int
    """Frames received, recorded or not."""
    connections: int
    bytes: int
    """Compressed, on the disk."""
    files: int
    started_at: int
    ended_at: int
    """By the clock of the recording, ns."""
    ended: str
    """Why it ended."""
    missed: int
    incomplete_from: int | None
    """The number of the first item received that is missing."""
    reason: str
    """Why it is."""


async def record_markets(
    settings: Settings, folder: Path, *, minutes: float | None, clock: Clock, stop: StopRequest
) -> MarketRecording:
    """Record the configured markets until somebody asks to stop, for so many minutes at most.

    Raises ConfigError when a market cannot be recorded or the folder cannot be used, Unreachable
    when nobody answers the look-ups. What ended it early is in the result.
    """
    replies = StartReplies(clock)
    markets = await resolve_markets(settings, clock, replies)
    recorder = _open(folder, settings, markets, replies)
    started_at = clock.now()
    with recorder:
        feeds = await _listen(settings, markets, recorder, minutes=minutes, clock=clock, stop=stop)
    queue = recorder.queue
    return MarketRecording(
        folder=str(folder),
        markets=tuple(market.slug for market in markets),
        frames=recorder.frames,
        connections=sum(feed.stats.connections for feed in feeds),
        bytes=recorder.writer.bytes,
        files=recorder.writer.files,
        started_at=started_at,
        ended_at=clock.now(),
        ended=stop.reason,
        missed=queue.missed,
        incomplete_from=queue.incomplete_from,
        reason=queue.reason,
    )


def _open(
    folder: Path, settings: Settings, markets: tuple[Market, ...], replies: StartReplies
) -> FrameRecorder:
    try:
        return open_frame_recorder(folder, settings, markets, replies)
    except FileExistsError:
        what = "holds a recording already" if folder.is_dir() else "is no folder"
        raise ConfigError(f"{folder} {what}: name a new folder") from None
    except OSError as error:
        raise ConfigError(
            f"{folder} cannot be written ({error.strerror}): name another folder"
        ) from None


async def _listen(
    settings: Settings,
    markets: tuple[Market, ...],
    recorder: FrameRecorder,
    *,
    minutes: float | None,
    clock: Clock,
    stop: StopRequest,
) -> list[MarketFeed]:
    """Keep the feeds alive until it is time to stop; return them for their figures."""
    feeds = list(_feeds(settings, markets, recorder, clock))
    async with asyncio.TaskGroup() as tasks:
        work = Supervisor(tasks)
        for number, feed in enumerate(feeds):
            keeper = _keeper(settings, feed)
            work.critical(f"{FEED}[{number}]", lambda keeper=keeper: _feed(keeper, stop))
        work.critical("disk", lambda: _watch(recorder, clock, stop))
        if minutes is not None:
            work.critical("time_limit", lambda: _limit(minutes, clock, stop))
        await stop.wait()
        work.cancel_all()
    return feeds


def _feeds(
    settings: Settings, markets: tuple[Market, ...], recorder: FrameRecorder, clock: Clock
) -> Iterator[MarketFeed]:
    tokens = tuple(token for market in markets for token in market.tokens)
    size = settings.feed.assets_per_connection
    for start in range(0, len(tokens), size):
        yield MarketFeed(
            url=settings.venue.market_ws_url,
            tokens=tokens[start : start + size],
            sink=_nobody,
            clock=clock,
            options=settings.feed.options(),
            tap=recorder.tap(FEED),
        )


def _keeper(settings: Settings, feed: MarketFeed) -> FeedKeeper:
    return FeedKeeper(
        feed,
        put=_nothing_trades,
        alerts=LogAlerts(),
        delay_ms_max=settings.feed.reconnect_delay_ms_max,
        reconnects_before_pause=settings.feed.reconnects_before_pause,
        jitter=BY_CHANCE,
    )


async def _feed(keeper: FeedKeeper, stop: StopRequest) -> None:
    try:
        await keeper.run()
    except EndOfFeed:
        stop.ask(END_OF_FEED)


async def _watch(recorder: FrameRecorder, clock: Clock, stop: StopRequest) -> None:
    """Stop once the disk takes nothing more."""
    while recorder.queue.incomplete_from is None:
        await clock.sleep(LOOK_EVERY_S)
    stop.ask(ENDED_EARLY)


async def _limit(minutes: float, clock: Clock, stop: StopRequest) -> None:
    await clock.sleep(minutes * SECONDS_PER_MINUTE)
    stop.ask(TIME_IS_OVER)


def _nobody(events: tuple[MarketEvent, ...]) -> None:
    """Take the events of a frame that is recorded already."""


def _nothing_trades(event: Event) -> None:
    """Take the wish to pause trading."""
