"""Whatever the venue's SDKs ask is answered; nothing altered is."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.auth.api_keys import ApiKey, ApiKeys
from daemon.sim.exchange.auth.l1_request import L1Request, check_l1
from daemon.sim.exchange.auth.l2_request import check_l2
from daemon.sim.exchange.auth.refusal import INVALID_L1, UNAUTHORIZED
from daemon.sim.exchange.auth.typed_data import UINT256_MAX
from tests.unit.exchange.auth.signing_bench import address_of

if TYPE_CHECKING:
    from tests.unit.exchange.auth.retired_sdk import RetiredSdk
    from tests.unit.exchange.auth.unified_sdk import UnifiedSdk

EXTENTS = pytest.mark.parametrize("extent", ["some", pytest.param("many", marks=pytest.mark.long)])

keys = st.integers(1, 2**255).map(lambda number: number.to_bytes(32, "big"))
seconds = st.integers(1_600_000_000, 2_000_000_000)
nonces = st.integers(0, 9) | st.integers(0, UINT256_MAX)
methods = st.sampled_from(["GET", "POST", "DELETE"])
paths = st.text(string.ascii_letters + string.digits + "-_/{}.%", max_size=30).map("/".__add__)
# The older SDK turns single quotes into double ones before it signs; JSON has none of its own.
bodies = st.none() | st.text(min_size=1, max_size=200).filter(
    lambda text: "'" not in text and text.isprintable()
)


def altered(data: st.DataObject, text: str) -> str:
    """Return the text with one character exchanged for another letter or digit."""
    place = data.draw(st.integers(0, len(text) - 1))
    others = [one for one in string.ascii_letters + string.digits if one != text[place]]
    return text[:place] + data.draw(st.sampled_from(others)) + text[place + 1 :]


@EXTENTS
@given(key=keys, at=seconds, nonce=nonces, seed=st.integers(), data=st.data())
def test_an_sdk_gets_a_key_and_uses_it(
    sdk: UnifiedSdk | RetiredSdk,
    extent: str,
    key: bytes,
    at: int,
    nonce: int,
    seed: int,
    data: st.DataObject,
) -> None:
    now = Nanos(at * NANOS_PER_S)
    headers = sdk.l1_headers(key, at, nonce)
    asked = check_l1(headers, now)
    assert isinstance(asked, L1Request)
    assert asked == L1Request(address=address_of(key), nonce=nonce)
    name = data.draw(st.sampled_from(sorted(headers)))
    wrong = headers | {name: altered(data, headers[name])}
    # The same signature in other capitals is the same signature.
    if wrong[name].lower() != headers[name].lower() or name != "POLY_SIGNATURE":
        assert check_l1(wrong, now) == INVALID_L1

    keys = ApiKeys(seed)
    mine = keys.create(asked)
    assert isinstance(mine, ApiKey)
    method, path, body = data.draw(methods), data.draw(paths), data.draw(bodies)
    sent = (body or "").encode()
    headers = sdk.l2_headers(key, mine, at, method, path, body)
    assert check_l2(headers, keys, now, method=method, path=path, body=sent) is mine

    name = data.draw(st.sampled_from(sorted(headers)))
    wrong = headers | {name: altered(data, headers[name])}
    assert check_l2(wrong, keys, now, method=method, path=path, body=sent) == UNAUTHORIZED
    elsewhere = path + "x"
    assert check_l2(headers, keys, now, method=method, path=elsewhere, body=sent) == UNAUTHORIZED
    more = sent + b" "
    assert check_l2(headers, keys, now, method=method, path=path, body=more) == UNAUTHORIZED
    if sent:
        place = data.draw(st.integers(0, len(sent) - 1))
        other = bytes([sent[place] ^ data.draw(st.integers(1, 255))])
        less = sent[:place] + other + sent[place + 1 :]
        assert check_l2(headers, keys, now, method=method, path=path, body=less) == UNAUTHORIZED
