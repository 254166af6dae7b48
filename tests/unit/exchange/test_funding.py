"""Who may trade and with how much."""

import pytest

from daemon.errors import ConfigError
from daemon.exchange.funding import build_funding, parse_funding
from daemon.sim.exchange.auth.signed_order import SignatureType

OWNER = "0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1"
WALLET = "0x651FdBAb146239a0F3E94b919C5Abd7B9d6F5309"


def test_a_wallet_of_its_own_is_an_eoa() -> None:
    funding = parse_funding(f"{OWNER}={OWNER}:12.5")
    assert funding.wallet.signature_type is SignatureType.EOA
    assert (funding.wallet.address, funding.wallet.owner) == (OWNER, OWNER)
    assert funding.cash == 12_500_000


def test_any_other_wallet_is_a_deposit_wallet_unless_it_is_named() -> None:
    assert parse_funding(f"{WALLET}={OWNER}:1").wallet.signature_type is SignatureType.POLY_1271
    for kind in (1, 2, 3):
        funding = parse_funding(f"{WALLET}={OWNER}:1:{kind}")
        assert funding.wallet.signature_type == kind


def test_addresses_may_be_written_small_and_are_kept_with_their_checksum() -> None:
    assert build_funding(WALLET.lower(), OWNER, "1").wallet.address == WALLET


@pytest.mark.parametrize(
    "text, problem",
    [
        ("", "give WALLET=OWNER:USD"),
        (f"{WALLET}:1", "give WALLET=OWNER:USD"),
        (f"{WALLET}={OWNER}", "give WALLET=OWNER:USD"),
        (f"{WALLET}={OWNER}:1:2:3", "give WALLET=OWNER:USD"),
        (f"0x12={OWNER}:1", "is no address"),
        (f"{WALLET.swapcase().replace('0X', '0x')}={OWNER}:1", "wrong checksum"),
        (f"{WALLET}={OWNER}:much", "plain decimal"),
        (f"{WALLET}={OWNER}:0", "not between"),
        (f"{WALLET}={OWNER}:-1", "not between"),
        (f"{WALLET}={OWNER}:1000000001", "not between"),
        (f"{WALLET}={OWNER}:0.0000001", "six decimals"),
        (f"{WALLET}={OWNER}:1:4", "signature type 4"),
        (f"{WALLET}={OWNER}:1:x", "signature type x"),
        (f"{WALLET}={OWNER}:1:0", "its own owner"),
        (f"{OWNER}={OWNER}:1:3", "its own owner"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as caught:
        parse_funding(text)
    (line,) = caught.value.problems
    assert line.startswith("--fund")
