"""The published orders: hash, id and signature to the byte."""

import pytest

from daemon.domain.ids import TokenId
from daemon.sim.exchange.auth.recovery import recover
from daemon.sim.exchange.auth.signed_order import (
    NEG_RISK,
    STANDARD,
    V3,
    SignedOrder,
    is_position_id,
    order_digest,
    order_domain,
    order_hash,
    order_id,
)
from daemon.sim.exchange.auth.typed_data import Domain, domain_separator, signed_digest
from daemon.sim.exchange.auth.wallet_signature import recover_wallet_signer, wallet_digest
from tests.unit.exchange.auth.signing_bench import (
    A_SIGNATURE,
    OWNER,
    POSITION,
    UP,
    A,
    B,
    C,
    D,
)

PUBLISHED = [
    (
        A, STANDARD,
        "92646af630ecd085e60b2932765383d4479c9a77eb19c2ecc90e9dd505f9076f",
        "e7de37083bdacfdf3c0b86c109e6c4766d65e95e08ac027eb94222e8ab926540",
        A_SIGNATURE[2:],
    ),
    (
        B, NEG_RISK,
        "3efe91800ae023af282c9896710cece9a9d65aab3cf667f3da97f1025deaa2d1",
        "62c9f27a958d8c61dce6cc04b5dfd3e074fba970fd72c9a3e8450256d5069f0b",
        "3dada51eb05b82bc3e3da5dc8ee216db09ca11fbf5dfba9d2c6daf2837ac09a279ceb88d69273dd40154b4329c4f0625edd03de2b10b9f976ca7d1a2f38ef8001b",
    ),
    (
        C, V3,
        "3f39a6cf4dcf699a99a51fe1091a8efa3efdccd55332a6fa9091e1339d220e1d",
        "f7162b5b480f2f9db14bde5feed343d32d1ea8947031a54d63ccdbc96c310285",
        "ab4551a5e455fc24f8a8c9c733f36a0eace508783bcecaf3f38008619fc9f8ea4f65d3d79689d0093a0fbf5c265522138ff2a9b00c0476c629778506c9e23fa81c",
    ),
]  # fmt: skip

D_HASH = "90a61c7ee4274d5f4a5150a82cb472f08d620bd200d066cd702563db6c6fb0ae"
D_NESTED = "3a095ff267b297ccbb6a73bf9d7153a76501de3d38822f30baf9435b539131aa"
D_DIGEST = "5d3b18ebacb47771fb7e85d4f73a688280f37fc5ae7791d00e15485100fb4a5c"
D_INNER = "2ced3a6c5b0fe88d3ead94d8f1da1c7303bde76d39984a20d9af9ebfbf3d1d87502ee45cb30610f9e6326cf0c71e3766beb91c351e4642fdc410f586a7928ca71c"
D_ORDER_ID = "0x8ae937e4f6acd1cfe2d7af86c85698ba154f15045d899413f4710292eee5ef75"
ORDER_TYPE_TEXT = (
    "Order(uint256 salt,address maker,address signer,uint256 tokenId,uint256 makerAmount,"
    "uint256 takerAmount,uint8 side,uint8 signatureType,uint256 timestamp,bytes32 metadata,bytes32 builder)"
)


@pytest.mark.parametrize("order, domain, hashed, digest, signature", PUBLISHED)
def test_published_order_hashes_to_its_id_and_its_signature_names_the_key(
    order: SignedOrder, domain: Domain, hashed: str, digest: str, signature: str
) -> None:
    assert order_hash(order).hex() == hashed
    assert order_digest(order, domain).hex() == digest
    assert order_id(order, domain) == "0x" + digest
    assert recover(bytes.fromhex(digest), bytes.fromhex(signature)) == OWNER


def test_published_order_of_a_deposit_wallet_is_signed_nested() -> None:
    assert order_hash(D).hex() == D_HASH
    assert order_id(D, STANDARD) == D_ORDER_ID
    assert wallet_digest(D, STANDARD).hex() == D_DIGEST
    assert signed_digest(STANDARD, bytes.fromhex(D_NESTED)).hex() == D_DIGEST


def test_published_signature_of_a_deposit_wallet_names_its_owner() -> None:
    wire = bytes.fromhex(D_INNER) + domain_separator(STANDARD) + bytes.fromhex(D_HASH)
    wire += ORDER_TYPE_TEXT.encode() + bytes.fromhex("00ba")
    assert len(wire) == 317
    signer = recover_wallet_signer(D, STANDARD, wire)
    assert signer is not None
    assert (signer.address, signer.is_session) == (OWNER, False)


def test_cash_and_shares_follow_the_side() -> None:
    assert (A.cash, A.shares) == (B.cash, B.shares) == (5_200_000, 10_000_000)


@pytest.mark.parametrize("is_neg_risk, domain", [(False, STANDARD), (True, NEG_RISK)])
def test_the_older_ids_settle_on_the_contract_of_their_market(
    is_neg_risk: bool, domain: Domain
) -> None:
    assert order_domain(UP, is_neg_risk=is_neg_risk) == domain
    assert order_domain(POSITION, is_neg_risk=is_neg_risk) == V3


def test_only_the_reserved_bits_tell_a_position_id() -> None:
    assert is_position_id(POSITION)
    for bit in (40, 103):
        assert not is_position_id(TokenId(str(int(POSITION) + (1 << bit))))
    for bit in (39, 104):
        assert is_position_id(TokenId(str(int(POSITION) ^ (1 << bit))))
