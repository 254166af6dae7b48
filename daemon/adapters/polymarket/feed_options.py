"""What may be set about a market feed; every wait of its connection has its name here."""

from dataclasses import dataclass
from typing import Final

TOKENS_PER_CONNECTION_MAX: Final = 200
"""Beyond this the venue has been seen to leave tokens without data; use several feeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketFeedOptions:
    """Waits and limits of one market feed."""

    connect_within_s: float = 10.0
    """Machine time for address, TLS and handshake."""
    ping_every_s: float = 10.0
    """Machine time; whoever says nothing until the next ping is half-open."""
    close_within_s: float = 1.0
    """Machine time for a polite goodbye."""
    silent_after_s: float = 45.0
    """Venue time without any book data after which an open connection counts as silent.

    Longer than the longest pause of a good recording (38 s); books are stale long before.
    """
    snapshot_within_s: float = 5.0
    """Venue time from asking for a book to having it."""
    ask_again_after_s: float = 1.0
    """Venue time between two requests for the same book."""
    frame_bytes_max: int = 2 * 1024 * 1024
    """A longer message, in one frame or in several, ends the connection."""
