"""What a request is answered before anybody looks into it: the venue or the account says no.

Texts, codes and statuses are the venue's own. The venue asks in this order: the service, then (after
the rate limit and the shape of the order) the account; the market is asked much later, by `trading`.
"""

from enum import StrEnum
from typing import Final, assert_never

from daemon.domain.units import Nanos
from daemon.sim.exchange.front.service_schedule import ServicePhase, ServiceState
from daemon.sim.exchange.front.venue_answer import Headers, VenueAnswer, refuse_with, seconds_until


class RequestKind(StrEnum):
    """Requests as far as a restriction tells them apart.

    A batch is post-only when all of its orders are.
    """

    SUBMIT = "submit"
    SUBMIT_POST_ONLY = "submit_post_only"
    CANCEL = "cancel"
    HEARTBEAT = "heartbeat"
    READ = "read"


_SUBMITS: Final = (RequestKind.SUBMIT, RequestKind.SUBMIT_POST_ONLY)


class AccountStanding(StrEnum):
    """What the venue thinks of an account."""

    GOOD = "good"
    CLOSED_ONLY = "closed_only"
    BANNED = "banned"


NOT_READY: Final = "service not ready"
POST_ONLY_TEXT: Final = "post-only mode: only post-only orders and cancels are allowed"
CANCEL_ONLY_TEXT: Final = (
    "Trading is currently cancel-only. New orders are not accepted, but cancels are allowed."
)
DISABLED_TEXT: Final = "Trading is currently disabled. Check polymarket.com for updates"


def service_refusal(
    phase: ServicePhase | None, kind: RequestKind, now: Nanos
) -> VenueAnswer | None:
    """Return the venue's refusal in a phase, or None when the request may go on.

    Reads are always served. Heartbeats fail while the matching engine restarts and while trading is
    disabled; a client must keep trying.
    """
    if phase is None or kind is RequestKind.READ:
        return None
    match phase.state:
        case ServiceState.NORMAL:
            return None
        case ServiceState.RESTARTING:
            return refuse_with(425, NOT_READY, _retry_after(phase, now))
        case ServiceState.POST_ONLY:
            return _post_only(phase, now) if kind is RequestKind.SUBMIT else None
        case ServiceState.CANCEL_ONLY:
            return refuse_with(503, CANCEL_ONLY_TEXT) if kind in _SUBMITS else None
        case ServiceState.DISABLED:
            is_served = kind is RequestKind.CANCEL and phase.takes_cancels
            return None if is_served else refuse_with(503, DISABLED_TEXT)
        case _:
            assert_never(phase.state)


def account_refusal(
    standing: AccountStanding, address: str, *, is_reducing: bool
) -> VenueAnswer | None:
    """Return the refusal of an order because of the account it is for, or None.

    `is_reducing`: the order can only make a position smaller, as selling shares that are owned does.
    Cancels and reads are not asked about.
    """
    match standing:
        case AccountStanding.GOOD:
            return None
        case AccountStanding.CLOSED_ONLY:
            if is_reducing:
                return None
            return refuse_with(400, f"'{address}' address in closed only mode")
        case AccountStanding.BANNED:
            return refuse_with(400, f"'{address}' address banned")
        case _:
            assert_never(standing)


def _post_only(phase: ServicePhase, now: Nanos) -> VenueAnswer:
    seconds = seconds_until(phase.end_at, now)
    return VenueAnswer(
        status=503,
        body={"error": POST_ONLY_TEXT, "code": "post_only_mode", "retry_after_seconds": seconds},
        headers=(("Retry-After", str(seconds)),),
    )


def _retry_after(phase: ServicePhase, now: Nanos) -> Headers:
    if not phase.has_retry_after:
        return ()
    return (("Retry-After", str(seconds_until(phase.end_at, now))),)
