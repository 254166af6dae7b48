"""The venue's SDK as an oracle: what it signs and sends for a given order.

Its inner functions are called, because its clients choose salt and time themselves; its version is
pinned exactly for that reason. Importing it takes a second, so only tests that ask for it do.
"""

import json

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak
from polymarket._internal.actions.orders.orders import create_signed_order
from polymarket._internal.actions.orders.post import build_post_order_request
from polymarket._internal.actions.orders.typed_data import (
    _build_standard_typed_data,
    build_order_signature,
    build_order_typed_data,
)
from polymarket._internal.actions.orders.types import UnsignedOrder
from polymarket._internal.hmac import build_hmac_signature
from polymarket._internal.l1_auth import sign_api_key_auth
from polymarket._internal.wallet import wrap_deposit_wallet_session_signer_signature
from polymarket.models.types import TokenId
from polymarket.types import EvmAddress, HexString

from daemon.domain.order import TimeInForce
from daemon.sim.exchange.auth.api_keys import ApiKey
from daemon.sim.exchange.auth.signed_order import SignedOrder
from daemon.sim.exchange.auth.typed_data import CHAIN_ID, Domain


class UnifiedSdk:
    """`polymarket-client`, the living one."""

    def post(
        self, order: SignedOrder, domain: Domain, key: bytes, owner: str, *, session: bool = False
    ) -> tuple[bytes, str]:
        """Return the body posted for the order, and its digest under the contract."""
        unsigned = _unsigned(order, domain)
        typed = build_order_typed_data(unsigned)
        signed = _account(key).sign_typed_data(full_message=typed)
        signature = build_order_signature(unsigned, HexString("0x" + signed.signature.hex()))
        if session:
            address = EvmAddress(_account(key).address)
            signature = wrap_deposit_wallet_session_signer_signature(address, signature)
        is_post_only = order.salt % 2 == 0
        sent = create_signed_order(unsigned, signature, post_only=is_post_only)
        path, payload = build_post_order_request(sent, owner_api_key=owner)
        assert path == "/order"
        body = json.dumps(payload, separators=(",", ":")).encode()
        standard = _build_standard_typed_data(unsigned, protocol_version=domain.version)
        message = encode_typed_data(full_message=standard)
        digest = keccak(b"\x19" + message.version + message.header + message.body)
        return body, "0x" + digest.hex()

    def l1_headers(self, key: bytes, timestamp: int, nonce: int) -> dict[str, str]:
        """Return the headers that ask for an API key."""
        proof = sign_api_key_auth(
            _account(key), chain_id=CHAIN_ID, timestamp=timestamp, nonce=nonce
        )
        return {
            "POLY_ADDRESS": proof.address,
            "POLY_SIGNATURE": proof.signature,
            "POLY_TIMESTAMP": str(proof.timestamp),
            "POLY_NONCE": str(proof.nonce),
        }

    def l2_headers(
        self, key: bytes, api_key: ApiKey, timestamp: int, method: str, path: str, body: str | None
    ) -> dict[str, str]:
        """Return the headers of a private request."""
        return {
            "POLY_ADDRESS": _account(key).address,
            "POLY_API_KEY": api_key.id,
            "POLY_PASSPHRASE": api_key.passphrase,
            "POLY_TIMESTAMP": str(timestamp),
            "POLY_SIGNATURE": build_hmac_signature(
                secret=api_key.secret, timestamp=timestamp, method=method, path=path, body=body
            ),
        }


def _account(key: bytes) -> LocalAccount:
    account: LocalAccount = Account.from_key(key)
    return account


def _unsigned(order: SignedOrder, domain: Domain) -> UnsignedOrder:
    assert domain.verifying_contract is not None
    assert domain.version in ("2", "3")
    return UnsignedOrder(
        chain_id=CHAIN_ID,
        builder=HexString("0x" + order.builder.hex()),
        exchange_address=EvmAddress(domain.verifying_contract),
        expiration=0,
        maker=EvmAddress(order.maker),
        maker_amount=order.maker_amount,
        metadata=HexString("0x" + order.metadata.hex()),
        order_type=TimeInForce.GTC.value,
        salt=order.salt,
        side=order.side.value,
        signature_type=order.signature_type.value,
        signer=EvmAddress(order.signer),
        taker_amount=order.taker_amount,
        timestamp=order.timestamp_ms,
        token_id=TokenId(order.token),
        protocol_version=domain.version,
    )
