"""What the venue's look-ups answered before there was a recording to put it into."""

from typing import Final
from urllib.parse import urlencode

from daemon.adapters.polymarket.http_reader import Answer, Query
from daemon.domain.received import Received, ReceivedKind
from daemon.ports import Clock

REPLIES_BYTES_MAX: Final = 32_000_000
"""Bodies kept, together; a market's record has a few thousand bytes."""


class StartReplies:
    """Keeps replies in order, as received; the ones that find no room are counted."""

    def __init__(self, clock: Clock) -> None:
        self.items: list[Received] = []
        self.missed = 0
        self._clock = clock
        self._bytes = 0

    def __call__(self, url: str, query: Query, answer: Answer) -> None:
        """Keep one reply; its source reads `GET ADDRESS STATUS`."""
        if self._bytes + len(answer.body) > REPLIES_BYTES_MAX:
            self.missed += 1
            return
        self._bytes += len(answer.body)
        address = f"{url}?{urlencode(query)}" if query else url
        source = f"GET {address} {answer.status}"
        self.items.append(Received(self._clock.now(), ReceivedKind.REPLY, source, answer.body))
