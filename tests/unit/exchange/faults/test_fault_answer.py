"""Answers that come from a fault and not from the venue."""

import pytest

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.faults.fault import Fault, FaultKind
from daemon.sim.exchange.faults.fault_answer import build_fault_answer
from daemon.sim.exchange.front.venue_answer import VenueAnswer

NOW = Nanos(1_790_000_000 * NANOS_PER_S)


def answer(kind: FaultKind, amount: int = 0) -> VenueAnswer:
    found = build_fault_answer(Fault(kind=kind, amount=amount), NOW)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "status, error",
    [(400, "context canceled"), (500, "Internal server error"), (503, "service unavailable")],
)
def test_a_server_error_is_json_that_says_nothing_of_the_outcome(status: int, error: str) -> None:
    assert answer(FaultKind.SERVER_ERROR, status) == VenueAnswer(
        status=status, body={"error": error}
    )


@pytest.mark.parametrize("status, title", [(502, "502 Bad Gateway"), (520, "Error 520")])
def test_the_network_in_front_answers_with_a_page(status: int, title: str) -> None:
    found = answer(FaultKind.HTML_BODY, status)
    assert (found.status, found.body) == (status, {})
    assert f"<title>{title}</title>" in found.page


def test_only_the_venues_own_limit_carries_headers() -> None:
    own, bare = answer(FaultKind.RATE_LIMITED, 3), answer(FaultKind.RATE_LIMITED_BARE)
    assert own.status == bare.status == 429
    assert dict(own.headers) == {
        "Poly-RateLimit-Remaining": "0",
        "Poly-RateLimit-Reset": "1790000003",
        "Poly-RateLimit-Tier": "standard",
        "Retry-After": "3",
    }
    assert bare.headers == ()
    assert "Too Many Requests" in bare.page


def test_a_fault_that_answers_nothing_leaves_the_answer_to_the_venue() -> None:
    answering = {kind for kind in FaultKind if _answers(kind)}
    assert answering == {
        FaultKind.SERVER_ERROR,
        FaultKind.HTML_BODY,
        FaultKind.RATE_LIMITED,
        FaultKind.RATE_LIMITED_BARE,
    }


def _answers(kind: FaultKind) -> bool:
    return build_fault_answer(Fault(kind=kind, amount=500), NOW) is not None
