"""What came in is a value that says everything a recording needs."""

from daemon.domain.received import Received, ReceivedKind, Tap
from daemon.domain.units import Nanos
from tests.builders import START


def test_a_tap_is_all_it_takes_to_keep_what_came_in() -> None:
    kept: list[Received] = []

    def keep(kind: ReceivedKind, payload: bytes, at: Nanos) -> None:
        kept.append(Received(at, kind, "market_feed[0]", payload))

    tap: Tap = keep
    tap(ReceivedKind.UP, b"ws://venue", START)
    tap(ReceivedKind.FRAME, b"\xff", Nanos(START + 1))
    assert [item.kind for item in kept] == ["up", "frame"]
    assert kept[1] == Received(Nanos(START + 1), ReceivedKind.FRAME, "market_feed[0]", b"\xff")
