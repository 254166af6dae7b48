"""The venue's older SDK as a second oracle: it encodes without the code of the newer one.

It is typed, but its dictionaries are bare.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import dataclasses
import json

from py_clob_client_v2.clob_types import ApiCreds, RequestArgs
from py_clob_client_v2.headers.headers import create_level_1_headers, create_level_2_headers
from py_clob_client_v2.order_utils.exchange_order_builder_v2 import ExchangeOrderBuilderV2
from py_clob_client_v2.order_utils.model.order_data_v2 import (
    OrderV2,
    SignedOrderV2,
    order_to_json_v2,
)
from py_clob_client_v2.order_utils.model.side import Side as SdkSide
from py_clob_client_v2.order_utils.model.signature_type_v2 import SignatureTypeV2
from py_clob_client_v2.signer import Signer

from daemon.domain.side import Side
from daemon.sim.exchange.auth.api_keys import ApiKey
from daemon.sim.exchange.auth.signed_order import SignedOrder
from daemon.sim.exchange.auth.typed_data import CHAIN_ID, Domain


class RetiredSdk:
    """`py-clob-client-v2`, deprecated but independent."""

    def post(self, order: SignedOrder, domain: Domain, key: bytes, owner: str) -> tuple[bytes, str]:
        """Return the body posted for the order, and its digest under the contract."""
        builder = ExchangeOrderBuilderV2(
            contract_address=str(domain.verifying_contract),
            chain_id=CHAIN_ID,
            signer=_signer(key),
            domain_version=domain.version,
        )
        unsigned = OrderV2(
            salt=str(order.salt),
            maker=order.maker,
            signer=order.signer,
            tokenId=order.token,
            makerAmount=str(order.maker_amount),
            takerAmount=str(order.taker_amount),
            side=SdkSide.BUY if order.side is Side.BUY else SdkSide.SELL,
            signatureType=SignatureTypeV2(order.signature_type.value),
            timestamp=str(order.timestamp_ms),
            metadata="0x" + order.metadata.hex(),
            builder="0x" + order.builder.hex(),
        )
        typed = builder.build_order_typed_data(unsigned)
        signature = builder.build_order_signature(typed)
        sent = SignedOrderV2(**dataclasses.asdict(unsigned), signature=signature)
        payload = order_to_json_v2(sent, owner, "GTC", post_only=order.salt % 2 == 0)
        body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
        return body, builder.build_order_hash(typed)

    def l1_headers(self, key: bytes, timestamp: int, nonce: int) -> dict[str, str]:
        """Return the headers that ask for an API key."""
        return create_level_1_headers(_signer(key), nonce=nonce, timestamp=timestamp)

    def l2_headers(
        self, key: bytes, api_key: ApiKey, timestamp: int, method: str, path: str, body: str | None
    ) -> dict[str, str]:
        """Return the headers of a private request."""
        return create_level_2_headers(
            _signer(key),
            ApiCreds(api_key.id, api_key.secret, api_key.passphrase),
            RequestArgs(method, path, serialized_body=body),
            timestamp=timestamp,
        )


def _signer(key: bytes) -> Signer:
    return Signer("0x" + key.hex(), CHAIN_ID)
