"""What each kind of request is answered in each state of the venue, word by word."""

import pytest

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.front.service_gate import (
    AccountStanding,
    RequestKind,
    account_refusal,
    service_refusal,
)
from daemon.sim.exchange.front.service_schedule import ServicePhase, ServiceState
from daemon.sim.exchange.front.venue_answer import VenueAnswer

START = Nanos(100 * NANOS_PER_S)
NOW = Nanos(105 * NANOS_PER_S)
END = Nanos(200 * NANOS_PER_S)
SUBMIT, POST_ONLY, CANCEL, HEARTBEAT, READ = RequestKind
ADDRESS = "0x651FdBAb146239a0F3E94b919C5Abd7B9d6F5309"


def ask(
    state: ServiceState,
    kind: RequestKind,
    *,
    now: Nanos = NOW,
    has_retry_after: bool = True,
    takes_cancels: bool = True,
) -> VenueAnswer | None:
    phase = ServicePhase(
        state=state,
        start_at=START,
        end_at=END,
        has_retry_after=has_retry_after,
        takes_cancels=takes_cancels,
    )
    return service_refusal(phase, kind, now)


@pytest.mark.parametrize(
    "state, refused",
    [
        (ServiceState.NORMAL, set[RequestKind]()),
        (ServiceState.RESTARTING, {SUBMIT, POST_ONLY, CANCEL, HEARTBEAT}),
        (ServiceState.POST_ONLY, {SUBMIT}),
        (ServiceState.CANCEL_ONLY, {SUBMIT, POST_ONLY}),
        (ServiceState.DISABLED, {SUBMIT, POST_ONLY, HEARTBEAT}),
    ],
)
def test_each_state_refuses_its_kinds_and_serves_the_others(
    state: ServiceState, refused: set[RequestKind]
) -> None:
    assert {kind for kind in RequestKind if ask(state, kind) is not None} == refused


def test_without_a_phase_everything_is_served() -> None:
    assert all(service_refusal(None, kind, NOW) is None for kind in RequestKind)


def test_a_restart_is_status_425_with_or_without_a_time_to_wait() -> None:
    body = {"error": "service not ready"}
    assert ask(ServiceState.RESTARTING, SUBMIT) == VenueAnswer(
        status=425, body=body, headers=(("Retry-After", "95"),)
    )
    silent = ask(ServiceState.RESTARTING, CANCEL, has_retry_after=False)
    assert silent == VenueAnswer(status=425, body=body)


def test_a_post_only_phase_says_its_code_and_what_is_left_of_it() -> None:
    assert ask(ServiceState.POST_ONLY, SUBMIT) == VenueAnswer(
        status=503,
        body={
            "error": "post-only mode: only post-only orders and cancels are allowed",
            "code": "post_only_mode",
            "retry_after_seconds": 95,
        },
        headers=(("Retry-After", "95"),),
    )
    last = ask(ServiceState.POST_ONLY, SUBMIT, now=Nanos(END - 1))
    assert last is not None
    assert last.body["retry_after_seconds"] == 1


def test_cancel_only_and_disabled_carry_no_code() -> None:
    assert ask(ServiceState.CANCEL_ONLY, POST_ONLY) == VenueAnswer(
        status=503,
        body={
            "error": "Trading is currently cancel-only."
            " New orders are not accepted, but cancels are allowed."
        },
    )
    assert ask(ServiceState.DISABLED, SUBMIT) == VenueAnswer(
        status=503,
        body={"error": "Trading is currently disabled. Check polymarket.com for updates"},
    )


def test_cancels_may_fail_while_trading_is_disabled() -> None:
    assert ask(ServiceState.DISABLED, CANCEL) is None
    refused = ask(ServiceState.DISABLED, CANCEL, takes_cancels=False)
    assert refused is not None
    assert refused.status == 503


def test_a_closed_only_account_may_only_reduce() -> None:
    standing = AccountStanding.CLOSED_ONLY
    assert account_refusal(standing, ADDRESS, is_reducing=True) is None
    assert account_refusal(standing, ADDRESS, is_reducing=False) == VenueAnswer(
        status=400, body={"error": f"'{ADDRESS}' address in closed only mode"}
    )


def test_a_banned_account_submits_nothing_at_all() -> None:
    for is_reducing in (True, False):
        assert account_refusal(
            AccountStanding.BANNED, ADDRESS, is_reducing=is_reducing
        ) == VenueAnswer(status=400, body={"error": f"'{ADDRESS}' address banned"})
    assert account_refusal(AccountStanding.GOOD, ADDRESS, is_reducing=False) is None
