"""What comes in from outside, byte for byte, before anybody reads it: for recordings."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from daemon.domain.units import Nanos


class ReceivedKind(StrEnum):
    """What came in, before anybody read it."""

    FRAME = "frame"
    """A whole websocket message, byte for byte."""
    UP = "up"
    """A connection is open; its address."""
    LOST = "lost"
    """It is over; why."""
    REPLY = "reply"
    """The body of an HTTP reply."""


class Received(NamedTuple):
    """Something as it came in; it costs the hot path one of these and one append."""

    at: Nanos
    """Our clock when it came."""
    kind: ReceivedKind
    source: str
    """Which connection, or request and status."""
    payload: bytes


Tap: TypeAlias = Callable[[ReceivedKind, bytes, Nanos], None]
"""Sees what one connection receives, and when; it never raises and never waits."""
