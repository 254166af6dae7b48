"""Steps and entries as lines of JSON, both ways; exact integers, one array a line.

An event or a fact is `[name of its class, its fields]`. Renaming a class or a field makes earlier
recordings unreadable: that is told, never guessed around.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

import msgspec

from daemon.domain.facts import Fact
from daemon.domain.hot_value import hot_value
from daemon.domain.ids import RunId, VenueOrderId
from daemon.domain.units import Nanos
from daemon.engine.inputs import Event
from daemon.errors import RecordingUnreadable
from daemon.ports import Entry

NEWLINE: Final = b"\n"
NOTHING: Final = msgspec.Raw(b"null")
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError)
"""What the decoder raises for bytes that are none of ours."""

_Named = tuple[str, msgspec.Raw]
_encode: Final = msgspec.json.Encoder().encode
_step_in: Final = msgspec.json.Decoder(
    tuple[int, int, list[_Named], msgspec.Raw, tuple[VenueOrderId, ...]]
)
_entry_in: Final = msgspec.json.Decoder(tuple[RunId, int, int, list[_Named]])
_EVENTS: Final = {kind.__name__: msgspec.json.Decoder(kind) for kind in get_args(Event)}
_FACTS: Final = {kind.__name__: msgspec.json.Decoder(kind) for kind in get_args(Fact)}


@hot_value
class RecordedStep:
    """What one step was given, and what it decided."""

    number: int
    """Steps count from 1, those that decided nothing included."""
    now: Nanos
    events: Iterable[Event]
    line: bytes | None
    """Its line of the decision log with the newline; None when it had neither facts nor effects."""
    venue_order_ids: tuple[VenueOrderId, ...]
    """Names that orders were given when they were made ready, in order; live, a signature is in them."""


def step_line(step: RecordedStep) -> bytes:
    """Return the line of a step."""
    line = NOTHING if step.line is None else msgspec.Raw(step.line.rstrip(NEWLINE))
    events = [(type(event).__name__, event) for event in step.events]
    return _encode((step.number, step.now, events, line, step.venue_order_ids)) + NEWLINE


def step_from(text: bytes) -> RecordedStep:
    """Return the step of a line; raises RecordingUnreadable."""
    try:
        number, now, events, line, names = _step_in.decode(text)
    except UNREADABLE as error:
        raise RecordingUnreadable(f"a step is garbled ({error}): take another copy") from error
    decided = bytes(line)
    return RecordedStep(
        number=number,
        now=Nanos(now),
        events=tuple(_decode(_EVENTS, named) for named in events),
        line=None if decided == bytes(NOTHING) else decided + NEWLINE,
        venue_order_ids=names,
    )


def entry_line(run_id: RunId, entry: Entry) -> bytes:
    """Return the line of what an earlier run wrote."""
    facts = [(type(fact).__name__, fact) for fact in entry.facts]
    return _encode((run_id, entry.seq, entry.at, facts)) + NEWLINE


def entry_from(text: bytes) -> tuple[RunId, Entry]:
    """Return the run and the entry of a line; raises RecordingUnreadable."""
    try:
        run_id, seq, at, facts = _entry_in.decode(text)
    except UNREADABLE as error:
        raise RecordingUnreadable(f"an entry is garbled ({error}): take another copy") from error
    read = tuple(_decode(_FACTS, named) for named in facts)
    return run_id, Entry(seq=seq, at=Nanos(at), facts=read)


def _decode(decoders: Mapping[str, msgspec.json.Decoder[Any]], named: _Named) -> Any:
    name, body = named
    try:
        return decoders[name].decode(body)
    except (KeyError, *UNREADABLE) as error:
        raise RecordingUnreadable(
            f"the recording holds a '{name}' that this version cannot read ({error}): replay it "
            "with the version that recorded it"
        ) from error
