"""Hashes, addresses and domains, against published values."""

import pytest

from daemon.sim.exchange.auth.address import build_address, parse_address
from daemon.sim.exchange.auth.keccak import keccak
from daemon.sim.exchange.auth.signed_order import NEG_RISK, ORDER_TYPE, STANDARD, V3
from daemon.sim.exchange.auth.typed_data import Domain, domain_separator, uint_word
from tests.unit.exchange.auth.signing_bench import OWNER


def test_keccak_is_not_the_sha3_of_the_standard_library() -> None:
    nothing = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak(b"").hex() == nothing


def test_order_type_has_the_published_hash_and_length() -> None:
    published = "bb86318a2138f5fa8ae32fbe8e659f8fcf13cc6ae4014a707893055433818589"
    assert keccak(ORDER_TYPE).hex() == published
    assert len(ORDER_TYPE) == 0xBA


@pytest.mark.parametrize(
    "domain, separator",
    [
        (STANDARD, "3264e159346253e26a64e00b69032db0e7d32f94628de3e6eecb50304d7af3d2"),
        (NEG_RISK, "9b858f53327b0bd13af8ec14cfb35234fb9eb7b0504d1a4e61f433840d30e81a"),
        (V3, "466c63910185bbd55e8679264200c4e0abdcbb0c6264eb3d41d13326022e095b"),
    ],
)
def test_every_contract_has_the_published_domain_separator(domain: Domain, separator: str) -> None:
    assert domain_separator(domain).hex() == separator


def test_the_address_of_the_vectors_key_is_the_published_one() -> None:
    assert OWNER == "0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1"


@pytest.mark.parametrize(
    "spelled",
    [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0xde709f2102306220921060314715629080e2fb77",
    ],
)
def test_an_address_is_taken_in_its_checksummed_spelling_alone(spelled: str) -> None:
    assert parse_address(spelled) == spelled == build_address(bytes.fromhex(spelled[2:]))
    flipped = spelled[:2] + spelled[2:].swapcase()
    assert parse_address(flipped) is None


@pytest.mark.parametrize(
    "text", ["", "0x", OWNER[2:], OWNER.lower(), OWNER + "\n", OWNER + "0", OWNER[:-1], "0X" + OWNER[2:]]
)  # fmt: skip
def test_anything_else_is_no_address(text: str) -> None:
    assert parse_address(text) is None


@pytest.mark.parametrize("number", [-1, 2**256])
def test_a_number_that_does_not_fit_a_word_is_refused(number: int) -> None:
    with pytest.raises(OverflowError):
        uint_word(number)
