"""The market channel as a feed: one connection's life from subscribing to the loss of it.

Turns messages into events for the sink, asks for books that are missing or not believed, notices
silence. Judges no book and reconnects nowhere: the tick processor does the one, its keeper the other.
"""

from typing import Final

import structlog

from daemon.adapters.polymarket.feed_options import (
    TOKENS_PER_CONNECTION_MAX,
    MarketFeedOptions,
)
from daemon.adapters.polymarket.feed_socket import Ending, FeedSocket
from daemon.adapters.polymarket.protocol import (
    Garbled,
    Partial,
    Pong,
    Sentence,
    build_add,
    build_subscribe,
    build_unsubscribe,
    parse_market,
)
from daemon.adapters.polymarket.snapshot_watch import SnapshotWatch
from daemon.domain.feed import BookSnapshot, FeedLost, FeedUp, LostReason, MarketEvent
from daemon.domain.ids import TokenId
from daemon.domain.received import ReceivedKind, Tap
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.errors import EndOfFeed
from daemon.ports import Clock, FeedStats, MarketSink, Timer

GARBLED_LOG_EVERY: Final = Nanos(60 * NANOS_PER_S)
"""A garbled frame is logged with its context at most this often; all are counted."""
NOTED_MAX: Final = 32
"""Different oddities of the venue that are logged, each once."""
_FRAME: Final = ReceivedKind.FRAME

log = structlog.get_logger()


class MarketFeed:
    """Order books of up to TOKENS_PER_CONNECTION_MAX tokens over one connection at a time."""

    def __init__(
        self,
        *,
        url: str,
        tokens: tuple[TokenId, ...],
        sink: MarketSink,
        clock: Clock,
        options: MarketFeedOptions | None = None,
        tap: Tap | None = None,
    ) -> None:
        """Connect nowhere yet; `tap` sees whatever comes in before anybody reads it."""
        if not 0 < len(tokens) <= TOKENS_PER_CONNECTION_MAX:
            raise ValueError(f"a feed takes 1 to {TOKENS_PER_CONNECTION_MAX} tokens")
        self._options = options or MarketFeedOptions()
        self._url, self._tokens, self._sink, self._clock = url, tokens, sink, clock
        self._known = frozenset(tokens)
        self._tap = tap
        self.stats = FeedStats()
        self._silent_after = _nanos(self._options.silent_after_s)
        self._ask_gap = _nanos(self._options.ask_again_after_s)
        self._watch = SnapshotWatch(_nanos(self._options.snapshot_within_s), self._ask_gap)
        self._socket: FeedSocket | None = None
        self._timer: Timer | None = None
        self._is_up = False
        self._is_paused = False
        self._heard_at = Nanos(0)
        self._renewed_at = Nanos(0)  # when all books were asked for last
        self._renew_at: Nanos | None = None  # when all books must be asked for again
        self._garbled_logged_at: Nanos | None = None
        self._noted: set[str] = set()

    async def run(self) -> None:
        """Live one connection: connect, subscribe, deliver, until it is lost.

        Raises EndOfFeed when a recorded feed is over, Unreachable when it could not connect, and
        whatever the sink raised, which it must not.
        """
        socket = FeedSocket(self._options, on_open=self._begin, on_message=self._receive)
        if self._is_paused:
            socket.pause_reading()
        self._socket = socket
        ending = Ending(LostReason.CLOSED, "closed by ourselves")
        try:
            await socket.open(self._url)
            ending = await socket.ended
        finally:
            self._socket = None
            try:
                self._finish(ending)
            finally:
                await socket.close()
        if ending.reason is LostReason.ENDED:
            raise EndOfFeed(f"{self._url} has played its tape to the end; nothing is left to do")

    def resync(self, token: TokenId) -> None:
        """Ask for a fresh snapshot of a book that is not believed; does not wait.

        Asks at most once per `ask_again_after_s` and token, and not while a book is on its way.
        """
        if self._is_up and token in self._known:
            if self._watch.want(token, self._clock.now()):
                self._ask((token,))
            self._arm()

    def pause_reading(self) -> None:
        """Stop reading from the socket; what was read already is still delivered."""
        self._is_paused = True
        if self._socket is not None:
            self._socket.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        self._is_paused = False
        self._heard_at = self._clock.now()
        if self._socket is not None:
            self._socket.resume_reading()

    def _begin(self) -> None:
        now = self._clock.now()
        self.stats.connections += 1
        self._is_up = True
        self._heard_at = self._renewed_at = now
        self._renew_at = None
        if self._tap is not None:
            self._tap(ReceivedKind.UP, self._url.encode(), now)
        self._send(build_subscribe(self._tokens))
        self._watch.begin(self._tokens, now)
        self._arm()
        self._sink((FeedUp(self._tokens),))

    def _finish(self, ending: Ending) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._is_up:
            self._is_up = False
            if self._tap is not None:
                words = f"{ending.reason}: {ending.detail}"
                self._tap(ReceivedKind.LOST, words.encode(), self._clock.now())
            self._sink((FeedLost(self._tokens, ending.reason, ending.detail),))

    def _receive(self, raw: bytes) -> None:
        """Turn one message into events; the hot path."""
        now = self._clock.now()
        if self._tap is not None:
            self._tap(_FRAME, raw, now)
        stats = self.stats
        stats.bytes_received += len(raw)
        parsed = parse_market(raw, now)
        if isinstance(parsed, tuple):
            stats.frames_received += 1
            self._deliver(parsed, now)
        else:
            self._receive_odd(parsed, now)

    def _deliver(self, events: tuple[MarketEvent, ...], now: Nanos) -> None:
        if not events:
            return
        self._heard_at = now
        if self._watch:
            for event in events:
                if isinstance(event, BookSnapshot):
                    self._watch.arrived(event.token)
        self._sink(events)

    def _receive_odd(self, parsed: Partial | Sentence | Pong | Garbled, now: Nanos) -> None:
        if isinstance(parsed, Garbled):
            self._distrust_all(parsed, now)
        elif isinstance(parsed, Partial):
            self.stats.frames_received += 1
            self.stats.events_unknown += len(parsed.unknown)
            for kind in parsed.unknown:
                self._note("event.ignored", kind)
            self._deliver(parsed.events, now)
        elif isinstance(parsed, Sentence):
            self._note("sentence.received", parsed.text)

    def _distrust_all(self, garbled: Garbled, now: Nanos) -> None:
        """A frame cannot be read: it may have been about any of our books."""
        self.stats.frames_received += 1
        self.stats.frames_garbled += 1
        logged_at = self._garbled_logged_at
        if logged_at is None or now >= logged_at + GARBLED_LOG_EVERY:
            self._garbled_logged_at = now
            log.warning(
                "frame.garbled",
                reason=garbled.why,
                context=garbled.context,
                total=self.stats.frames_garbled,
                url=self._url,
            )
        if self._renew_at is not None:
            return  # blind already, and asking as soon as that is decent
        if now >= self._renewed_at + self._ask_gap:
            self._renew(garbled.why, now)
        else:
            self._sink((FeedLost(self._tokens, LostReason.GARBLED, garbled.why),))
            self._renew_at = Nanos(self._renewed_at + self._ask_gap)
            self._arm()

    def _renew(self, why: str, now: Nanos) -> None:
        """Be blind for every token and ask for every book, on the living connection."""
        self._renewed_at, self._renew_at = now, None
        self._sink((FeedLost(self._tokens, LostReason.GARBLED, why),))
        self._ask(self._tokens)
        self._watch.begin(self._tokens, now)
        self._arm()

    def _ask(self, tokens: tuple[TokenId, ...]) -> None:
        # Naming a token that is subscribed already brings no snapshot.
        self._send(build_unsubscribe(tokens))
        self._send(build_add(tokens))

    def _send(self, message: bytes) -> None:
        if self._socket is not None:
            self._socket.send(message)

    def _arm(self) -> None:
        """Set the one timer to whatever is due first."""
        if self._timer is not None:
            self._timer.cancel()
        due = [Nanos(self._heard_at + self._silent_after), self._watch.next_at(), self._renew_at]
        first = min(at for at in due if at is not None)
        self._timer = self._clock.call_at(first, self._patrol)

    def _patrol(self) -> None:
        """Do what is due; called by the timer."""
        socket = self._socket
        if socket is None or not self._is_up:
            return
        now = self._clock.now()
        if self._is_paused:  # we hear nothing because we do not listen
            self._heard_at = now
            self._watch.excuse(now)
        if now >= self._heard_at + self._silent_after:
            quiet = f"no book data for {self._options.silent_after_s:g} s"
            socket.end(LostReason.SILENT, quiet)
            return
        if self._renew_at is not None and now >= self._renew_at:
            self._renew("garbled frames", now)
        to_ask, reconnect_for = self._watch.overdue(now)
        if reconnect_for is not None:
            socket.end(LostReason.SILENT, f"no snapshot of {reconnect_for}")
            return
        if to_ask:
            log.warning("snapshot.requested_again", tokens=to_ask)
            self._ask(to_ask)
        self._arm()

    def _note(self, event: str, what: str) -> None:
        """Log an oddity of the venue once."""
        if what not in self._noted and len(self._noted) < NOTED_MAX:
            self._noted.add(what)
            log.info(event, what=what, url=self._url)


def _nanos(seconds: float) -> Nanos:
    return Nanos(round(seconds * NANOS_PER_S))
