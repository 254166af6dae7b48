"""Every bound of the shell: queues, batches, waits and rhythms."""

from typing import Annotated, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from config.form import one_of, whole
from config.section import LATER, Section, key
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.runtime.reconcile_options import ReconcileOptions, StrangerPolicy


class RuntimeSettings(Section):
    """Table [runtime]."""

    pulse_ms: Annotated[int, whole(10, 1_000)] = key(
        "the engine looks at the clock every", default=100, unit="ms"
    )
    kill_poll_ms: Annotated[int, whole(10, 100)] = key(
        "the kill files are looked for every", default=100, unit="ms"
    )
    rest_min_ms: Annotated[int, whole(0, 600_000)] = key(
        "an order rests at least this long before it is replaced for a better price",
        default=500,
        unit="ms",
    )
    submit_within_ms: Annotated[int, whole(10, 60_000)] = key(
        "an order whose fact is not in the journal by then is not sent", default=1_000, unit="ms"
    )
    request_timeout_ms: Annotated[int, whole(100, 60_000)] = key(
        "the venue must answer within", default=5_000, unit="ms"
    )
    unknown_grace_ms: Annotated[int, whole(100, 600_000)] = key(
        "'not found' proves nothing about an order younger than this", default=15_000, unit="ms"
    )
    max_ack_ms: Annotated[int, whole(100, 600_000)] = key(
        "an order must be acknowledged within", default=5_000, unit="ms", note=LATER
    )
    book_guard_age_ms: Annotated[int, whole(100, 600_000)] = key(
        "price guards of plans use no book older than", default=5_000, unit="ms", note=LATER
    )
    inbox_market_max: Annotated[int, whole(100, 10_000_000)] = key(
        "market events that may wait; more become a lost feed", default=20_000, unit="events"
    )
    inbox_urgent_max: Annotated[int, whole(100, 10_000_000)] = key(
        "order events that may wait; more halt trading", default=10_000, unit="events"
    )
    batch_max: Annotated[int, whole(1, 10_000)] = key(
        "events of one step", default=64, unit="events"
    )
    journal_queue_max: Annotated[int, whole(100, 10_000_000)] = key(
        "facts that may wait for the database", default=100_000, unit="facts"
    )
    stop_within_s: Annotated[int, whole(1, 50)] = key(
        "the goodbye waits for the venue's answers at most", default=5, unit="s"
    )
    reconcile_every_s: Annotated[int, whole(1, 3_600)] = key(
        "our orders are compared with the venue's every", default=10, unit="s"
    )
    strangers: Annotated[StrangerPolicy, one_of(StrangerPolicy)] = key(
        "open orders of the account that the daemon did not make are cancelled, or only reported",
        default=StrangerPolicy.CANCEL,
    )
    status_every_s: Annotated[int, whole(1, 86_400)] = key(
        "a status line is logged every", default=300, unit="s"
    )
    cron_interval_minutes: Annotated[int, whole(1, 1_440)] = key(
        "plans are run every",
        default=60,
        unit="minutes",
        note=LATER,
        environment=("CRON_INTERVAL_MINUTES",),
    )

    def reconcile_options(self) -> ReconcileOptions:
        """Return how our orders are compared with the venue's."""
        return ReconcileOptions(
            every_s=self.reconcile_every_s,
            grace=Nanos(self.unknown_grace_ms * NANOS_PER_MS),
            strangers=self.strangers,
        )

    @model_validator(mode="after")
    def _grace_outlasts_a_request(self) -> Self:
        needed = self.submit_within_ms + self.request_timeout_ms
        if self.unknown_grace_ms <= needed:
            raise PydanticCustomError(
                "combination",
                "{text}",
                {
                    "key": "unknown_grace_ms",
                    "text": f"expected more than submit_within_ms + request_timeout_ms = {needed}: "
                    "an order may be on its way that long",
                },
            )
        return self
