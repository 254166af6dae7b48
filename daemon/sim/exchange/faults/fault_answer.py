"""The answers of requests that a fault answers itself: server errors, pages of HTML, status 429."""

from http import HTTPStatus
from typing import Final

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.faults.fault import Fault, FaultKind
from daemon.sim.exchange.front.rate_tier import RateTier
from daemon.sim.exchange.front.signer_limiter import TOO_FAST
from daemon.sim.exchange.front.venue_answer import VenueAnswer, refuse_with

TEXTS: Final = {400: "context canceled", 500: "Internal server error"}
"""The venue's words for requests whose outcome nobody knows; any other status is an overload."""
OVERLOADED: Final = "service unavailable"


def build_fault_answer(fault: Fault, now: Nanos) -> VenueAnswer | None:
    """Return the answer that replaces the venue's own, or None for a fault that answers nothing."""
    match fault.kind:
        case FaultKind.SERVER_ERROR:
            return refuse_with(fault.amount, TEXTS.get(fault.amount, OVERLOADED))
        case FaultKind.HTML_BODY:
            return VenueAnswer(status=fault.amount, page=_page(fault.amount))
        case FaultKind.RATE_LIMITED:
            reset = now // NANOS_PER_S + fault.amount
            headers = (
                ("Poly-RateLimit-Remaining", "0"),
                ("Poly-RateLimit-Reset", str(reset)),
                ("Poly-RateLimit-Tier", RateTier.STANDARD.value),
                ("Retry-After", str(fault.amount)),
            )
            return refuse_with(429, TOO_FAST, headers)
        case FaultKind.RATE_LIMITED_BARE:
            return VenueAnswer(status=429, page=_page(429))
        case _:
            return None


def _page(status: int) -> str:
    known = status in list(HTTPStatus)
    title = f"{status} {HTTPStatus(status).phrase}" if known else f"Error {status}"
    return (
        f"<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n"
        f"<body>\n<center><h1>{title}</h1></center>\n<hr><center>cloudflare</center>\n"
        "</body>\n</html>\n"
    )
