"""Orders that are not ours are cancelled by the venue's id; a person hears when that did not work."""

import asyncio

import pytest

from daemon.domain.ids import VenueOrderId
from daemon.engine.outcome import CancelStranger, Outcome
from daemon.errors import OutcomeUnknown
from daemon.ports import Canceled, NotCanceled
from daemon.runtime.outbox import Outbox
from tests.builders import START, shares
from tests.unit.runtime.neighbours import PlayedAlerts, PlayedJournal, PlayedVenue, Put, turns

STRANGER = VenueOrderId("0xstranger")
TOLD = ("warning", "stranger.not_canceled")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Canceled(matched=shares("0")), []),
        (NotCanceled("matched"), [(*TOLD, "0xstranger: matched")]),
        (OutcomeUnknown("no answer"), [(*TOLD, "0xstranger: no answer")]),
    ],
)
async def test_a_stranger_is_cancelled_at_once_and_a_failure_is_told(
    answer: object, told: list[tuple[str, str, str]]
) -> None:
    venue, alerts, put = PlayedVenue(), PlayedAlerts(), Put()
    venue.cancel_answer = answer
    async with asyncio.TaskGroup() as tasks:
        outbox = Outbox(
            venue=venue,
            journal=PlayedJournal(),
            alerts=alerts,
            put=put,
            resync=lambda _: None,
            is_stopped=lambda: False,
            tasks=tasks,
            submit_within_ms=40,
        )
        effects = (CancelStranger(STRANGER),)
        outbox.perform(Outcome(seq=1, at=START, facts=(), effects=effects))
        await turns()
    assert venue.strangers == [STRANGER]
    assert alerts.sent == told
    assert put.events == []
