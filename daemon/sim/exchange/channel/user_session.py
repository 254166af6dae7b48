"""One client's conversation on the user channel: who it is and which markets it hears of.

Sans-IO: texts come in, texts go out, in order. Nothing is acknowledged, as the venue does not.
"""

from hmac import compare_digest
from typing import Literal

import msgspec

from daemon.sim.exchange.auth.api_keys import ApiKey, ApiKeys
from daemon.sim.exchange.tape.market_session import INVALID_OPERATION, PONG


class _Credentials(msgspec.Struct, rename="camel"):
    api_key: str
    secret: str
    passphrase: str


class _Message(msgspec.Struct):
    type: str | None = None
    operation: Literal["subscribe", "unsubscribe"] | None = None
    markets: tuple[str, ...] | None = None
    auth: _Credentials | None = None


_MESSAGE = msgspec.json.Decoder(_Message)

MARKETS_MAX = 1_000
"""Markets that a session names; further ones are ignored."""


class UserSession:
    """Subscription state of one connection; nothing is told before the key is known."""

    def __init__(self, keys: ApiKeys) -> None:
        self._keys = keys
        self._key: ApiKey | None = None
        self._is_all = False
        self._named: set[str] = set()
        """The markets it wants, or those it does not want when it hears of all others."""
        self.is_refused = False
        """Wrong credentials: the connection is to be closed."""
        self.auth_count = 0
        """Messages that carried credentials."""

    @property
    def owner(self) -> str | None:
        """The API key whose orders and trades it hears of."""
        return None if self._key is None else self._key.id

    def receive(self, text: str) -> list[str]:
        """Take one client message and return the texts to send back, in order."""
        if text == "PING":
            return [PONG]
        try:
            message = _MESSAGE.decode(text)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            return [INVALID_OPERATION]
        if message.operation is not None:
            return self._operate(message.operation, message.markets or ())
        self.auth_count += message.auth is not None
        if message.type is None or message.type.lower() != "user" or message.auth is None:
            return [INVALID_OPERATION]
        self._key = self._check(message.auth)
        self.is_refused = self._key is None
        self._is_all = not message.markets
        self._named = set((message.markets or ())[:MARKETS_MAX])
        return []

    def wants(self, owner: str, condition_id: str) -> bool:
        """Tell whether an event of an API key's order or trade in a market is for this client."""
        if self._key is None or self._key.id != owner or self._keys.find(owner) is not self._key:
            return False
        return self._is_all != (condition_id in self._named)

    def _operate(self, operation: str, markets: tuple[str, ...]) -> list[str]:
        if self._key is None:
            return [INVALID_OPERATION]
        if (operation == "subscribe") != self._is_all:
            room = MARKETS_MAX - len(self._named)
            self._named.update(markets[: max(0, room)])
        else:
            self._named.difference_update(markets)
        return []

    def _check(self, given: _Credentials) -> ApiKey | None:
        key = self._keys.find(given.api_key)
        if key is None:
            return None
        is_secret = compare_digest(key.secret.encode(), given.secret.encode())
        is_phrase = compare_digest(key.passphrase.encode(), given.passphrase.encode())
        return key if is_secret and is_phrase else None
