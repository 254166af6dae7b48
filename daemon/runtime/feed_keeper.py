"""Keeps one market feed alive: a reconnect loop you can read.

After `reconnects_before_pause` attempts without data trading is paused and a person told; attempts go
on at the slowest pace, and the pause lifts with the first data. The books of the feed are blind from
the first loss anyway.
"""

import asyncio
from collections.abc import Callable

import structlog

from daemon.domain.reasons import PauseReason
from daemon.engine.inputs import Event, PauseEnded, PauseRequested
from daemon.errors import VenueError
from daemon.ports import Alerts, MarketData
from daemon.runtime.reconnect import Jitter, backoff_s

log = structlog.get_logger()


class FeedKeeper:
    """Runs a feed again and again."""

    def __init__(
        self,
        feed: MarketData,
        *,
        put: Callable[[Event], None],
        alerts: Alerts,
        delay_ms_max: int,
        reconnects_before_pause: int,
        jitter: Jitter,
    ) -> None:
        self._feed = feed
        self._put = put
        self._alerts = alerts
        self._delay_ms_max = delay_ms_max
        self._before_pause = reconnects_before_pause
        self._jitter = jitter
        self._is_paused = False
        self._frames_at_pause = 0

    async def run(self) -> None:
        """Keep the feed running; raises EndOfFeed when a recorded feed is over."""
        attempts = 0
        waits = backoff_s(self._delay_ms_max, self._jitter)
        while True:
            frames = self._feed.stats.frames_received
            try:
                await self._feed.run()
                detail = "connection ended"
            except VenueError as error:
                detail = str(error)
            if self._feed.stats.frames_received > frames:
                attempts = 0
                waits = backoff_s(self._delay_ms_max, self._jitter)
            attempts += 1
            wait_s = next(waits)
            log.warning(
                "feed.reconnecting", attempt=attempts, wait_ms=round(wait_s * 1000), reason=detail
            )
            if attempts == self._before_pause:
                self._pause(detail)
            await asyncio.sleep(wait_s)

    def note_data(self) -> None:
        """Lift our pause if data came over our feed; called with every frame of any feed.

        News that a connection went up or down is no data.
        """
        if self._is_paused and self._feed.stats.frames_received > self._frames_at_pause:
            self._is_paused = False
            self._put(PauseEnded(reason=PauseReason.FEED_LOST))

    def _pause(self, detail: str) -> None:
        self._is_paused = True
        self._frames_at_pause = self._feed.stats.frames_received
        text = f"WebSocket disconnected: {self._before_pause} attempts failed, trying on ({detail})"
        self._put(PauseRequested(reason=PauseReason.FEED_LOST, detail=text))
        self._alerts.send("critical", "feed.lost", text)
