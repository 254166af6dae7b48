"""What was received as lines of JSON, both ways: `[time in ns, kind, source, text]`.

The text is the message byte for byte. One that is no UTF-8 stands in base64 behind a null.
"""

from typing import Final

import msgspec

from daemon.domain.received import Received, ReceivedKind
from daemon.domain.units import Nanos
from daemon.errors import RecordingUnreadable
from daemon.runtime.recording.codec import NEWLINE, UNREADABLE


class _Line(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    at: int
    kind: ReceivedKind
    source: str
    text: str | None
    base64: bytes | None = None


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(_Line).decode


def received_line(item: Received) -> bytes:
    """Return the line of something received."""
    at, kind, source, payload = item
    try:
        return _encode((at, kind, source, payload.decode())) + NEWLINE
    except UnicodeDecodeError:
        return _encode((at, kind, source, None, payload)) + NEWLINE


def received_from(text: bytes) -> Received:
    """Return what a line holds; raises RecordingUnreadable."""
    try:
        line = _decode(text)
    except UNREADABLE as error:
        raise RecordingUnreadable(f"a frame is garbled ({error}): take another copy") from error
    payload = (line.base64 or b"") if line.text is None else line.text.encode()
    return Received(Nanos(line.at), line.kind, line.source, payload)
