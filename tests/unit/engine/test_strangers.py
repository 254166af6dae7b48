"""Open orders that are not ours to keep: told once, cancelled a bounded number of times."""

import pytest

from daemon.domain.facts import StrangerCancelRequested, StrangerReported
from daemon.domain.ids import VenueOrderId
from daemon.domain.venue_reports import StrangerSeen
from daemon.engine import strangers as module
from daemon.engine.outcome import Alert, CancelStranger
from tests.rig import a_rig

STRANGER = VenueOrderId("0xstranger")


def seen(name: str = STRANGER, *, is_unwanted: bool = True) -> StrangerSeen:
    return StrangerSeen(venue_order_id=VenueOrderId(name), detail="BUY 10", is_unwanted=is_unwanted)


def test_an_unwanted_stranger_is_reported_once_and_cancelled_as_long_as_it_is_seen() -> None:
    rig = a_rig()
    rig.step(seen())
    assert rig.last.facts == (
        StrangerReported(venue_order_id=STRANGER, detail="BUY 10"),
        StrangerCancelRequested(venue_order_id=STRANGER, attempt=1),
    )
    assert rig.last.effects == (CancelStranger(STRANGER),)
    rig.step(seen())
    assert rig.last.facts == (StrangerCancelRequested(venue_order_id=STRANGER, attempt=2),)


def test_a_stranger_may_be_left_alone() -> None:
    rig = a_rig()
    rig.step(seen(is_unwanted=False))
    assert [type(fact) for fact in rig.last.facts] == [StrangerReported]
    assert rig.last.effects == ()
    assert rig.step(seen(is_unwanted=False)).facts == ()


def test_a_stranger_that_stays_is_left_to_a_person_who_is_told_once() -> None:
    rig = a_rig()
    for _ in range(module.CANCELS_MAX):
        assert rig.step(seen()).effects == (CancelStranger(STRANGER),)
    (alert,) = rig.step(seen()).effects
    assert isinstance(alert, Alert)
    assert (alert.severity, alert.event) == ("critical", "stranger.stays")
    assert rig.step(seen()).effects == ()


def test_memory_of_strangers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED_MAX", 2)
    rig = a_rig()
    for name in ("a", "b", "c", "a"):
        rig.step(seen(name))
        assert isinstance(rig.last.facts[0], StrangerReported)
    assert set(rig.state.strangers._cancels) == {"c", "a"}
