"""API keys: made for those who proved control of an address, the same ones in every run."""

import base64
import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Final

from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.l1_request import L1Request
from daemon.sim.exchange.auth.refusal import KEY_EXISTS, NO_KEY
from daemon.sim.exchange.refusal import Refusal

KEYS_MAX: Final = 10_000
"""Keys alive at once; nobody gets a further one."""

_URL_ALPHABET = str.maketrans("+/", "-_")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """One key with its secret; it belongs to the address that signed for it, never to a wallet.

    ValueError when the secret is not base64, in either alphabet, with or without its padding.
    """

    address: Address
    nonce: int
    id: str
    secret: str = field(repr=False)
    passphrase: str = field(repr=False)
    hmac_key: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Decode the secret once."""
        object.__setattr__(self, "hmac_key", decode_secret(self.secret))

    def answer(self) -> dict[str, str]:
        """Return the venue's answer to who created or derived the key."""
        return {"apiKey": self.id, "secret": self.secret, "passphrase": self.passphrase}


class ApiKeys:
    """The keys alive; which key an (address, nonce) gets depends on the seed and nothing else."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._by_id: dict[str, ApiKey] = {}
        self._by_request: dict[tuple[Address, int], ApiKey] = {}

    def create(self, request: L1Request) -> ApiKey | Refusal:
        """Make the key of this nonce; refused when it is alive already."""
        if (request.address, request.nonce) in self._by_request or len(self._by_id) >= KEYS_MAX:
            return KEY_EXISTS
        key = self._make(request)
        self.add(key)
        return key

    def derive(self, request: L1Request) -> ApiKey | Refusal:
        """Return the key made earlier for this nonce."""
        return self._by_request.get((request.address, request.nonce), NO_KEY)

    def add(self, key: ApiKey) -> None:
        """Let in a key made elsewhere, in place of those of the same id, or address and nonce."""
        requested = self._by_request.get((key.address, key.nonce))
        for earlier in (requested, self._by_id.get(key.id)):
            if earlier is not None:
                self.delete(earlier)
        self._by_request[key.address, key.nonce] = key
        self._by_id[key.id] = key

    def delete(self, key: ApiKey) -> None:
        """Forget the key, if it is alive; the same nonce may be asked for again."""
        self._by_request.pop((key.address, key.nonce), None)
        self._by_id.pop(key.id, None)

    def find(self, key_id: str) -> ApiKey | None:
        """Return the key of this id."""
        return self._by_id.get(key_id)

    def ids_of(self, address: Address) -> list[str]:
        """Return the ids of the keys of an address, oldest first."""
        return [key.id for key in self._by_id.values() if key.address == address]

    def _make(self, request: L1Request) -> ApiKey:
        def chance(what: str) -> bytes:
            name = f"{self._seed}:{request.address}:{request.nonce}:{what}"
            return hashlib.sha256(name.encode()).digest()

        return ApiKey(
            address=request.address,
            nonce=request.nonce,
            id=str(uuid.UUID(bytes=chance("id")[:16], version=4)),
            secret=base64.urlsafe_b64encode(chance("secret")).decode(),
            passphrase=chance("passphrase").hex(),
        )


def decode_secret(text: str) -> bytes:
    """Return the bytes of a secret; either base64 alphabet, padding may be missing.

    ValueError for anything else.
    """
    digits = text.translate(_URL_ALPHABET).rstrip("=")
    padding = "=" * (-len(digits) % 4)
    if len(text) > len(digits + padding):
        raise ValueError("a secret has more padding than base64 needs")
    return base64.b64decode(digits + padding, altchars=b"-_", validate=True)
