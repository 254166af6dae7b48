"""What can go wrong on purpose: kinds of fault, where each may strike, and the figure it comes with.

The shell of the exchange asks at a point (a request arrives, a message leaves, a match is made, a
client connects) and acts on the answer; the kinds say what to do.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FaultPoint(StrEnum):
    """Where a fault is asked about."""

    SUBMIT = "submit"
    CANCEL = "cancel"
    HEARTBEAT = "heartbeat"
    READ = "read"
    """A look-up that is neither a page nor a book."""
    PAGE = "page"
    """One page of orders or trades."""
    BOOK = "book"
    """A book over REST."""
    CLOCK = "clock"
    """`GET /time`."""
    MATCH = "match"
    MARKET_MESSAGE = "market_message"
    ORDER_MESSAGE = "order_message"
    TRADE_MESSAGE = "trade_message"
    MARKET_SOCKET = "market_socket"
    """A client connects to the market channel."""
    USER_SOCKET = "user_socket"


class FaultKind(StrEnum):
    """What goes wrong."""

    DELAY = "delay"
    """The request reaches the venue, or the message the client, so much later."""
    DROP = "drop"
    """It never arrives; nothing is done and nobody answers."""
    DUPLICATE = "duplicate"
    """It arrives so many times more."""
    REORDER = "reorder"
    """The message is overtaken by so many later ones."""
    REPLY_LOST = "reply_lost"
    """The request is carried out, then the connection dies without an answer."""
    REPLY_LATE = "reply_late"
    """The request is carried out at once and answered so much later."""
    SERVER_ERROR = "server_error"
    """Answered with this status and JSON; 400 is the venue's `context canceled`."""
    HTML_BODY = "html_body"
    """Answered with this status and a page of the network in front of the venue."""
    RATE_LIMITED = "rate_limited"
    """429 with the limiter's headers and so many seconds to wait; never carried out."""
    RATE_LIMITED_BARE = "rate_limited_bare"
    """429 without headers, which leaves open what happened."""
    GHOST_FILL = "ghost_fill"
    """The trade is MATCHED and FAILED so much later."""
    FILL_FIRST = "fill_first"
    """If the order fills, its trade is on the stream so long before the order is answered."""
    TRADE_MISSING = "trade_missing"
    """No status of the trade ever appears on the stream; REST knows it."""
    PAGE_EMPTY = "page_empty"
    PAGE_PARTIAL = "page_partial"
    """Only so many percent of the entries are there, and no cursor says so."""
    SNAPSHOT_STALE = "snapshot_stale"
    """It shows the state of so long ago."""
    SNAPSHOT_GHOST = "snapshot_ghost"
    """It also shows what is gone: a level, an order that has ended."""
    SOCKET_SILENT = "socket_silent"
    """After so many messages nothing is sent any more but the answers to pings."""
    SOCKET_CUT = "socket_cut"
    """After so many messages the connection ends in the middle of a frame."""
    SOCKET_HALF_OPEN = "socket_half_open"
    """After so many messages the venue neither sends nor reads nor closes."""
    CLOCK_SKEW = "clock_skew"
    """The venue's stated time is off by so much; one figure for the whole plan."""


_P: Final = FaultPoint
_REQUESTS: Final = (_P.SUBMIT, _P.CANCEL, _P.HEARTBEAT, _P.READ, _P.PAGE, _P.BOOK, _P.CLOCK)
_MESSAGES: Final = (_P.MARKET_MESSAGE, _P.ORDER_MESSAGE, _P.TRADE_MESSAGE)
_SOCKETS: Final = (_P.MARKET_SOCKET, _P.USER_SOCKET)
_STATE: Final = (_P.SUBMIT, _P.CANCEL, _P.HEARTBEAT)


@dataclass(frozen=True, slots=True)
class FaultForm:
    """What a kind looks like: its points, its figure and the values that are drawn when none are given.

    `figure` carries the unit in its name and is empty for a kind without one. `is_done`: whether the
    request is carried out nevertheless; None where that differs from case to case.
    """

    points: tuple[FaultPoint, ...]
    figure: str = ""
    values: tuple[int, ...] = ()
    low: int = 0
    high: int = 0
    is_done: bool | None = False


_DELAYS_MS: Final = (20, 100, 400, 1_500, 6_000, 20_000)
_AFTER: Final = (0, 1, 5, 50, 500)

FORMS: Final = {
    FaultKind.DELAY: FaultForm(
        (*_REQUESTS, *_MESSAGES), "delay_ms", _DELAYS_MS, 1, 600_000, is_done=True
    ),
    FaultKind.DROP: FaultForm((*_REQUESTS, *_MESSAGES)),
    FaultKind.DUPLICATE: FaultForm(
        (*_REQUESTS, *_MESSAGES), "copies", (1, 2, 3), 1, 10, is_done=True
    ),
    FaultKind.REORDER: FaultForm(_MESSAGES, "places", (1, 2, 5), 1, 100, is_done=True),
    FaultKind.REPLY_LOST: FaultForm(_STATE, is_done=True),
    FaultKind.REPLY_LATE: FaultForm(_REQUESTS, "late_ms", _DELAYS_MS, 1, 600_000, is_done=True),
    FaultKind.SERVER_ERROR: FaultForm(_REQUESTS, "status", (400, 500, 503), 400, 599, is_done=None),
    FaultKind.HTML_BODY: FaultForm(
        _REQUESTS, "status", (403, 502, 504, 520), 400, 599, is_done=None
    ),
    FaultKind.RATE_LIMITED: FaultForm(_STATE, "retry_after_s", (1, 3, 10), 1, 600),
    FaultKind.RATE_LIMITED_BARE: FaultForm(_REQUESTS, is_done=None),
    FaultKind.GHOST_FILL: FaultForm(
        (_P.MATCH,), "fails_after_ms", (1_000, 5_000, 30_000, 90_000), 1, 3_600_000, is_done=True
    ),
    FaultKind.FILL_FIRST: FaultForm(
        (_P.SUBMIT,), "lead_ms", (1, 20, 100, 1_000), 1, 600_000, is_done=True
    ),
    FaultKind.TRADE_MISSING: FaultForm((_P.MATCH,), is_done=True),
    FaultKind.PAGE_EMPTY: FaultForm((_P.PAGE,)),
    FaultKind.PAGE_PARTIAL: FaultForm((_P.PAGE,), "kept_percent", (20, 50, 90), 1, 99),
    FaultKind.SNAPSHOT_STALE: FaultForm(
        (_P.PAGE, _P.BOOK), "age_ms", (500, 3_000, 15_000), 1, 3_600_000
    ),
    FaultKind.SNAPSHOT_GHOST: FaultForm((_P.PAGE, _P.BOOK)),
    FaultKind.SOCKET_SILENT: FaultForm(_SOCKETS, "after_messages", _AFTER, 0, 1_000_000),
    FaultKind.SOCKET_CUT: FaultForm(_SOCKETS, "after_messages", _AFTER, 0, 1_000_000),
    FaultKind.SOCKET_HALF_OPEN: FaultForm(_SOCKETS, "after_messages", _AFTER, 0, 1_000_000),
    FaultKind.CLOCK_SKEW: FaultForm(
        (_P.CLOCK,), "skew_ms", (-3_000, -700, -200, 200, 700, 3_000), -3_600_000, 3_600_000
    ),
}
"""Every kind's form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault that applies now; `amount` is the kind's figure, in the unit its form names."""

    kind: FaultKind
    amount: int = 0
    is_done: bool = False
    """A request is carried out all the same."""
