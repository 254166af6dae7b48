"""The venue's dead-man switch: an API key that fell silent loses its open orders.

The first heartbeat of a key arms it and nothing disarms it. Every answer names the id that the next
heartbeat must carry; another id is answered with status 400 and the right one, and does not count as
a sign of life. A key that gave none for ten seconds is found by the next sweep, one every five
seconds: its orders die 10 to 15 seconds after its last heartbeat. A silent key stays armed, so each
further sweep takes what it has submitted since; the id it was to send has expired with its orders.
"""

from typing import Final
from uuid import NAMESPACE_OID, uuid5

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.front.venue_answer import VenueAnswer

TIMEOUT: Final = Nanos(10 * NANOS_PER_S)
SWEEP_EVERY: Final = Nanos(5 * NANOS_PER_S)
FIRST_ID: Final = ""
"""What the first heartbeat of a key carries."""


class _Key:
    """What the switch knows of one API key."""

    __slots__ = ("id", "is_silent", "issued", "last_at")

    def __init__(self) -> None:
        self.issued = 0
        self.id = FIRST_ID
        self.last_at: Nanos | None = None
        """When it last gave a sign of life; None until it is armed."""
        self.is_silent = False


class Heartbeats:
    """The switches of all API keys; call `sweep` at `sweep_at` and cancel the orders of whom it names."""

    def __init__(self, *, seed: str, now: Nanos) -> None:
        self.sweep_at = Nanos(now + SWEEP_EVERY)
        """When the next sweep is due."""
        self._seed = seed
        self._keys: dict[str, _Key] = {}

    def is_armed(self, key: str) -> bool:
        """Tell whether the key has ever sent a valid heartbeat."""
        return key in self._keys and self._keys[key].last_at is not None

    def beat(self, key: str, heartbeat_id: str, now: Nanos) -> VenueAnswer:
        """Take a heartbeat and return its answer."""
        one = self._keys.setdefault(key, _Key())
        if heartbeat_id != one.id:
            if one.id == FIRST_ID:
                self._issue(key, one)
            body = {"error_msg": "Invalid Heartbeat ID", "heartbeat_id": one.id}
            return VenueAnswer(status=400, body=body)
        one.last_at = now
        one.is_silent = False
        self._issue(key, one)
        return VenueAnswer(status=200, body={"heartbeat_id": one.id})

    def sweep(self, now: Nanos) -> tuple[str, ...]:
        """Return the keys whose open orders are to be cancelled now; nobody before a sweep is due."""
        if now < self.sweep_at:
            return ()
        missed = (now - self.sweep_at) // SWEEP_EVERY
        self.sweep_at = Nanos(self.sweep_at + (missed + 1) * SWEEP_EVERY)
        silent = [
            (key, one)
            for key, one in self._keys.items()
            if one.last_at is not None and now - one.last_at >= TIMEOUT
        ]
        for key, one in silent:
            if not one.is_silent:
                one.is_silent = True
                self._issue(key, one)
        return tuple(key for key, _ in silent)

    def forgive(self, now: Nanos) -> None:
        """Count everybody's silence from now on, after a restart in which nobody could be heard."""
        for one in self._keys.values():
            if one.last_at is not None:
                one.last_at = now

    def _issue(self, key: str, one: _Key) -> None:
        one.issued += 1
        one.id = str(uuid5(NAMESPACE_OID, f"heartbeat:{self._seed}:{key}:{one.issued}"))
