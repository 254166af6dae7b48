"""API keys for tests, made as the exchange makes them."""

from daemon.sim.exchange.auth.address import build_address
from daemon.sim.exchange.auth.api_keys import ApiKey, ApiKeys
from daemon.sim.exchange.auth.l1_request import L1Request


def made_key(keys: ApiKeys, number: int = 1) -> ApiKey:
    """Return a fresh key of the so manieth address."""
    key = keys.create(L1Request(address=build_address(bytes([number]) * 20), nonce=0))
    assert isinstance(key, ApiKey)
    return key
