"""From an order of the right shape to one that the exchange may match: who sent it and who signed."""

from collections.abc import Mapping
from dataclasses import dataclass

from daemon.domain.ids import VenueOrderId
from daemon.domain.units import Nanos
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.api_keys import ApiKey
from daemon.sim.exchange.auth.posted_order import PostedOrder
from daemon.sim.exchange.auth.recovery import recover
from daemon.sim.exchange.auth.refusal import (
    INVALID_SIGNATURE,
    MAKER_NOT_ALLOWED,
    NOT_OWNER,
    NOT_SIGNER,
)
from daemon.sim.exchange.auth.signed_order import SignatureType, order_digest, order_id
from daemon.sim.exchange.auth.typed_data import Domain
from daemon.sim.exchange.auth.wallet import Wallet
from daemon.sim.exchange.auth.wallet_signature import recover_wallet_signer
from daemon.sim.exchange.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmittedOrder:
    """An order proved to come from the key, and to be signed for the wallet that pays."""

    id: VenueOrderId
    posted: PostedOrder
    key: ApiKey
    wallet: Wallet


def admit(
    posted: PostedOrder,
    key: ApiKey,
    *,
    domain: Domain,
    wallets: Mapping[Address, Wallet],
    now: Nanos,
) -> AdmittedOrder | Refusal:
    """Return the order with its id, or what the venue says to its owner, parties or signature.

    `key` is the one that the request proved (L2); `domain` the contract of the order's market.
    """
    wallet = find_wallet(posted, key, wallets)
    if isinstance(wallet, Refusal):
        return wallet
    refusal = check_signature(posted, key, domain=domain, wallet=wallet, now=now)
    if refusal is not None:
        return refusal
    return AdmittedOrder(id=order_id(posted.order, domain), posted=posted, key=key, wallet=wallet)


def find_wallet(
    posted: PostedOrder, key: ApiKey, wallets: Mapping[Address, Wallet]
) -> Wallet | Refusal:
    """Return the wallet that pays, when owner, signer and maker go with the API key.

    The signer is the address of the key; a deposit wallet signs itself, so there the key must be
    one of the wallet's.
    """
    order = posted.order
    is_nested = order.signature_type is SignatureType.POLY_1271
    if posted.owner != key.id:
        return NOT_OWNER
    if not is_nested and order.signer != key.address:
        return NOT_SIGNER
    wallet = wallets.get(order.maker)
    if wallet is None:
        return MAKER_NOT_ALLOWED
    if is_nested and not wallet.is_key(key.address):
        return NOT_SIGNER
    return wallet


def check_signature(
    posted: PostedOrder, key: ApiKey, *, domain: Domain, wallet: Wallet, now: Nanos
) -> Refusal | None:
    """Return what is wrong with the signature, None when it is good for the wallet.

    The type must be the wallet's, and the signer of a proxy, a Safe or an EOA its owner.
    """
    order = posted.order
    if order.signature_type is not wallet.signature_type:
        return INVALID_SIGNATURE
    if order.signature_type is SignatureType.POLY_1271:
        return _check_nested(posted, key, domain=domain, wallet=wallet, now=now)
    signer = recover(order_digest(order, domain), posted.signature)
    return None if signer == order.signer == wallet.owner else INVALID_SIGNATURE


def _check_nested(
    posted: PostedOrder, key: ApiKey, *, domain: Domain, wallet: Wallet, now: Nanos
) -> Refusal | None:
    if posted.order.signer != wallet.address:
        return INVALID_SIGNATURE
    signer = recover_wallet_signer(posted.order, domain, posted.signature)
    if signer is None:
        return INVALID_SIGNATURE
    if signer.is_session:
        is_good = wallet.has_session(signer.address, now)
    else:
        is_good = signer.address == wallet.owner
    if not is_good:
        return INVALID_SIGNATURE
    return None if signer.address == key.address else NOT_SIGNER
