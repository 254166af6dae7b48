"""Which books were asked for and have not come, and what to do about it; time is an argument.

A book that does not come is asked for again, then by way of a new connection, then only now and
then: one token without a book must not cost the others their connection for ever.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from daemon.domain.ids import TokenId
from daemon.domain.units import Nanos

ASKED_AGAIN: Final = 1
"""Strikes of a token that has been asked for a second time on this connection."""
RECONNECTED: Final = 2
PATIENCE: Final = 12
"""How many times longer a token may take that came on no connection."""


class Overdue(NamedTuple):
    """What to do now: ask again for these; or give the connection up because of one."""

    to_ask: tuple[TokenId, ...]
    reconnect_for: TokenId | None


class SnapshotWatch:
    """The books that are awaited. False when there is none."""

    def __init__(self, within: Nanos, gap: Nanos) -> None:
        """`within` is the time a book may take, `gap` that between two requests for it (ns)."""
        self._within, self._gap = within, gap
        self._expected: dict[TokenId, Nanos] = {}  # → when it is overdue
        self._wanted: dict[TokenId, Nanos] = {}  # → when it may be asked for
        self._asked: dict[TokenId, Nanos] = {}
        self._strikes: dict[TokenId, int] = {}

    def __bool__(self) -> bool:
        return bool(self._expected or self._wanted)

    def begin(self, tokens: Iterable[TokenId], now: Nanos) -> None:
        """A connection asked for all its books; what was awaited on an earlier one is forgotten."""
        self._expected.clear()
        self._wanted.clear()
        self._expect(tokens, now)

    def want(self, token: TokenId, now: Nanos) -> bool:
        """Tell whether to ask for a book now; if it is too soon, remember it for later."""
        if token in self._expected:
            return False
        free_at = Nanos(self._asked.get(token, -self._gap) + self._gap)
        if now < free_at:
            self._wanted[token] = free_at
            return False
        self._ask_again(token, now)
        return True

    def arrived(self, token: TokenId) -> None:
        """A book came."""
        self._expected.pop(token, None)
        self._wanted.pop(token, None)
        self._strikes.pop(token, None)

    def excuse(self, now: Nanos) -> None:
        """Nobody was listening: let the time of every awaited book begin anew."""
        self._expect(tuple(self._expected), now)

    def next_at(self) -> Nanos | None:
        """Return when `overdue` should be asked next."""
        return min((*self._expected.values(), *self._wanted.values()), default=None)

    def overdue(self, now: Nanos) -> Overdue:
        """Say what to do about books whose time has come; they count as asked for."""
        to_ask = [token for token, free_at in self._wanted.items() if now >= free_at]
        late = [token for token, due_at in self._expected.items() if now >= due_at]
        reconnect_for: TokenId | None = None
        for token in late:
            strikes = self._strikes[token] = self._strikes.get(token, 0) + 1
            if strikes == RECONNECTED:
                reconnect_for = token
        for token in to_ask:
            self._ask_again(token, now)
        for token in late:
            self._expect((token,), now)
        return Overdue((*to_ask, *late), reconnect_for)

    def _ask_again(self, token: TokenId, now: Nanos) -> None:
        self._strikes[token] = max(ASKED_AGAIN, self._strikes.get(token, 0))
        self._expect((token,), now)

    def _expect(self, tokens: Iterable[TokenId], now: Nanos) -> None:
        for token in tokens:
            self._wanted.pop(token, None)
            self._asked[token] = now
            is_hopeless = self._strikes.get(token, 0) > RECONNECTED
            within = self._within * (PATIENCE if is_hopeless else 1)
            self._expected[token] = Nanos(now + within)
