"""Only one spelling of a signature counts."""

import pytest

from daemon.sim.exchange.auth.recovery import recover
from tests.unit.exchange.auth.signing_bench import KEY, OWNER, sign

DIGEST = bytes(range(32))
ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
GOOD = sign(KEY, DIGEST)


def test_a_signature_names_its_key() -> None:
    assert recover(DIGEST, GOOD) == OWNER


def test_the_same_signature_mirrored_does_not_count() -> None:
    mirrored = ORDER - int.from_bytes(GOOD[32:64], "big")
    assert (
        recover(DIGEST, GOOD[:32] + mirrored.to_bytes(32, "big") + bytes([55 - GOOD[64]])) is None
    )


@pytest.mark.parametrize("v", [0, 1, 2, 26, 29, 30, 255])
def test_v_is_27_or_28(v: int) -> None:
    assert recover(DIGEST, GOOD[:64] + bytes([v])) is None


@pytest.mark.parametrize(
    "signature",
    [
        b"", GOOD[:64], GOOD + b"\0", bytes(64) + b"\x1b", bytes(32) + GOOD[32:],
        GOOD[:32] + bytes(32) + GOOD[64:], b"\xff" * 32 + GOOD[32:],
        ORDER.to_bytes(32, "big") + GOOD[32:], bytes([0] * 31 + [5]) + GOOD[32:],
    ],
)  # fmt: skip
def test_what_is_no_signature_names_nobody(signature: bytes) -> None:
    assert recover(DIGEST, signature) is None
