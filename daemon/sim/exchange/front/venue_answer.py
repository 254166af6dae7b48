"""What the exchange answers to a request, as a value: status, JSON body, headers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from daemon.domain.units import NANOS_PER_S, Nanos

Headers = tuple[tuple[str, str], ...]
"""Names and values in the order in which they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueAnswer:
    """An answer that no matching was needed for."""

    status: int
    body: Mapping[str, object] = field(default_factory=dict[str, object])
    headers: Headers = ()
    page: str = ""
    """An HTML page in place of the body, as the network in front of the venue answers."""


def refuse_with(status: int, error: str, headers: Headers = ()) -> VenueAnswer:
    """Return the order-book API's refusal: a JSON object with the key `error`."""
    return VenueAnswer(status=status, body={"error": error}, headers=headers)


def seconds_until(at: Nanos, now: Nanos) -> int:
    """Return whole seconds to wait for `at`, at least one: `Retry-After` knows no fraction."""
    return max(1, -(-(at - now) // NANOS_PER_S))
