"""One client's conversation on the market channel: what it subscribed to and what it is answered.

Sans-IO: texts come in, texts go out, in order. The shell must send the replies before any later
frame, because a snapshot shows the books of this very moment.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol

import msgspec

from daemon.sim.exchange.tape.frame import Frame

INVALID_OPERATION = "INVALID OPERATION"
PONG = "PONG"

ASSETS_MAX = 500
"""Assets of one connection; further ones are ignored, as the venue has been seen to do."""


class _Message(msgspec.Struct):
    type: str | None = None
    operation: Literal["subscribe", "unsubscribe"] | None = None
    assets_ids: tuple[str, ...] = ()
    custom_feature_enabled: bool | None = None
    initial_dump: bool = True
    auth: Any = None


_MESSAGE = msgspec.json.Decoder(_Message)


class SessionBooks(Protocol):
    """What a session needs of the books that it shows."""

    @property
    def by_token(self) -> Mapping[str, object]:
        """The tokens there are."""
        ...

    def snapshot(self, tokens: Iterable[str]) -> str:
        """Return the array of `book` objects sent after a subscription, unknown tokens left out."""
        ...


class MarketSession:
    """Subscription state of one connection; unknown assets are ignored, as the venue does."""

    def __init__(self, books: SessionBooks) -> None:
        self._books = books
        self._assets: set[str] = set()
        self._has_custom = False
        self.is_started = False
        """There was a subscription, of whatever."""
        self.auth_count = 0
        """Messages that carried an `auth` member, which the market channel never needs."""

    @property
    def is_subscribed(self) -> bool:
        """Tell whether there is a subscription that some frame of the tape can match."""
        return bool(self._assets)

    @property
    def assets(self) -> frozenset[str]:
        """The known tokens subscribed to."""
        return frozenset(self._assets)

    def receive(self, text: str) -> list[str]:
        """Take one client message and return the texts to send back, in order."""
        if text == "PING":
            return [PONG]
        try:
            message = _MESSAGE.decode(text)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            return [INVALID_OPERATION]
        self.auth_count += message.auth is not None
        if message.operation is not None:
            if not self.is_started:
                return [INVALID_OPERATION]
            return self._operate(message)
        if message.type is None or message.type.lower() != "market":
            return [INVALID_OPERATION]
        self.is_started = True
        return self._subscribe(message)

    def wants(self, frame: Frame) -> bool:
        """Tell whether the frame concerns this client."""
        if not self._assets or (frame.is_custom and not self._has_custom):
            return False
        return not frame.tokens or not self._assets.isdisjoint(frame.tokens)

    def _operate(self, message: _Message) -> list[str]:
        if message.operation == "subscribe":
            return self._subscribe(message)
        self._assets.difference_update(message.assets_ids)
        return []

    def _subscribe(self, message: _Message) -> list[str]:
        if message.custom_feature_enabled is not None:
            self._has_custom = message.custom_feature_enabled
        fresh = _unique(
            token
            for token in message.assets_ids
            if token in self._books.by_token and token not in self._assets
        )[: ASSETS_MAX - len(self._assets)]
        self._assets.update(fresh)
        if not fresh or not message.initial_dump:
            return []
        return [self._books.snapshot(fresh)]


def _unique(tokens: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(tokens))
