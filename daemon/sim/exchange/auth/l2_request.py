"""L2: proof that a request was made, exactly so, by the holder of an API key."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from daemon.domain.units import Nanos
from daemon.sim.exchange.auth.api_keys import ApiKey, ApiKeys
from daemon.sim.exchange.auth.refusal import UNAUTHORIZED
from daemon.sim.exchange.auth.request_time import SKEW_MAX, is_timely
from daemon.sim.exchange.refusal import Refusal


def l2_signature(key: bytes, timestamp: str, method: str, path: str, body: bytes = b"") -> str:
    """Return the signature header: base64 in the alphabet of addresses, its padding kept.

    The path goes without its query; the body is what was sent, byte for byte.
    """
    message = f"{timestamp}{method}{path}".encode("utf-8", "surrogatepass") + body
    return base64.urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)).decode()


def check_l2(
    headers: Mapping[str, str],
    keys: ApiKeys,
    now: Nanos,
    *,
    method: str,
    path: str,
    body: bytes = b"",
    skew_max: Nanos = SKEW_MAX,
) -> ApiKey | Refusal:
    """Return the API key that a request proved, by the five POLY_ headers.

    The venue tells nobody which of them was wrong. Secrets are compared in constant time.
    """
    key = keys.find(headers.get("POLY_API_KEY", ""))
    timestamp = headers.get("POLY_TIMESTAMP", "")
    if key is None or headers.get("POLY_ADDRESS", "") != key.address:
        return UNAUTHORIZED
    if not is_timely(timestamp, now, skew_max):
        return UNAUTHORIZED
    expected = l2_signature(key.hmac_key, timestamp, method.upper(), path, body)
    is_phrase = _is_same(headers.get("POLY_PASSPHRASE", ""), key.passphrase)
    is_signed = _is_same(headers.get("POLY_SIGNATURE", ""), expected)
    return key if is_phrase and is_signed else UNAUTHORIZED


def _is_same(given: str, expected: str) -> bool:
    # As bytes: the comparison in constant time takes no text beyond ASCII.
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
