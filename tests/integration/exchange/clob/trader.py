"""One account as a client has it: keys, and orders and requests signed with them."""

from dataclasses import dataclass, replace
from typing import Any

from daemon.domain.ids import TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_S, Nanos, parse_micros
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.api_keys import ApiKey
from daemon.sim.exchange.auth.l2_request import l2_signature
from daemon.sim.exchange.auth.signed_order import SignatureType, SignedOrder, order_domain, order_id
from daemon.sim.exchange.auth.typed_data import Domain
from tests.integration.exchange.clob.bench_markets import RECORD_OF
from tests.unit.exchange.auth.signing_bench import UP, A, as_body, sign_order


@dataclass(slots=True, kw_only=True)
class Trader:
    """One account: a private key, its API key, and the wallet that pays."""

    private_key: bytes
    api_key: ApiKey
    wallet: Address
    kind: SignatureType = SignatureType.EOA
    orders: int = 0

    def order(
        self,
        side: str,
        shares: str,
        price: str,
        *,
        asset: str = UP,
        order_type: str = "GTC",
        expiration: int = 0,
        **more: Any,
    ) -> dict[str, Any]:
        """Return the body of a signed order; `more` replaces top-level members."""
        size = parse_micros(shares)
        cash = size * parse_micros(price) // MICRO
        amounts = (cash, size) if side == "BUY" else (size, cash)
        return self.amounts(
            side, *amounts, asset=asset, order_type=order_type, expiration=expiration, **more
        )

    def amounts(
        self,
        side: str,
        maker_amount: int,
        taker_amount: int,
        *,
        asset: str = UP,
        order_type: str = "GTC",
        expiration: int = 0,
        **more: Any,
    ) -> dict[str, Any]:
        signed = self.signed(side, maker_amount, taker_amount, asset)
        signature = sign_order(signed, self._domain(signed), self.private_key)
        body = as_body(signed, "0x" + signature.hex(), owner=self.api_key.id, postOnly=False)
        body["order"]["expiration"] = str(expiration)
        return body | {"orderType": order_type} | more

    def signed(self, side: str, maker_amount: int, taker_amount: int, asset: str) -> SignedOrder:
        self.orders += 1
        is_nested = self.kind is SignatureType.POLY_1271
        return replace(
            A,
            salt=self.orders,
            maker=self.wallet,
            signer=self.wallet if is_nested else self.api_key.address,
            signature_type=self.kind,
            token=TokenId(asset),
            side=Side(side),
            maker_amount=maker_amount,
            taker_amount=taker_amount,
        )

    def id_of(self, body: dict[str, Any]) -> VenueOrderId:
        """Return the id that the venue gives the order."""
        sent = body["order"]
        signed = replace(
            self.signed(
                sent["side"], int(sent["makerAmount"]), int(sent["takerAmount"]), sent["tokenId"]
            ),
            salt=sent["salt"],
        )
        return order_id(signed, self._domain(signed))

    def _domain(self, signed: SignedOrder) -> Domain:
        record = RECORD_OF.get(signed.token)
        return order_domain(signed.token, is_neg_risk=record is not None and record.neg_risk)

    def headers(self, now: Nanos, method: str, path: str, body: bytes) -> dict[str, str]:
        timestamp = str(now // NANOS_PER_S)
        return {
            "POLY_ADDRESS": self.api_key.address,
            "POLY_API_KEY": self.api_key.id,
            "POLY_PASSPHRASE": self.api_key.passphrase,
            "POLY_TIMESTAMP": timestamp,
            "POLY_SIGNATURE": l2_signature(self.api_key.hmac_key, timestamp, method, path, body),
        }
