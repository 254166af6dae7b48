"""The bytes of a simulated order: what live is signed, here only named by its digest.

The exchange takes the very bytes; their digest is the order's id. So a second signature of one intent,
made at another time, is another order, as at the venue, where each signature has its own salt.

A BUY that takes (FAK) is written as a limit order that may rest; whoever submits it cancels what is left.
The venue's own FAK BUY spends dollars: at a better price it buys more shares than were asked for.
"""

import hashlib

import msgspec

from daemon.domain.ids import ClientOrderId, TokenId, VenueOrderId
from daemon.domain.order import TimeInForce
from daemon.domain.prepared import PreparedOrder
from daemon.domain.side import Side
from daemon.domain.units import ONE, Nanos
from daemon.risk.approval import Approved, order_of
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder


class _Payload(msgspec.Struct, frozen=True, kw_only=True):
    token: str
    side: str
    maker_amount: int
    taker_amount: int
    order_type: str
    is_post_only: bool
    salt: str


def prepare(client_order_id: ClientOrderId, approved: Approved, now: Nanos) -> PreparedOrder:
    """Write down an approved target's order and name it by the digest of what was written."""
    target = approved.target
    is_buy = target.side is Side.BUY
    cash, shares = target.price * target.shares // ONE, int(target.shares)
    time_in_force = TimeInForce.GTC if is_buy else target.time_in_force
    assert target.time_in_force in {TimeInForce.GTC, TimeInForce.FAK}, target
    payload = msgspec.json.encode(
        _Payload(
            token=target.token,
            side=target.side.value,
            maker_amount=cash if is_buy else shares,
            taker_amount=shares if is_buy else cash,
            order_type=time_in_force.value,
            is_post_only=target.is_post_only,
            salt=f"{client_order_id}@{now}",
        )
    )
    order = order_of(approved, client_order_id, id_of(payload), now)
    return PreparedOrder(order=order, payload=payload)


def id_of(payload: bytes) -> VenueOrderId:
    """Return the id under which the exchange knows an order of these bytes."""
    return VenueOrderId(f"0x{hashlib.sha256(payload).hexdigest()}")


def parse_payload(payload: bytes, owner: Owner, wallet: Wallet, now: Nanos) -> PostedOrder:
    """Return the order that arrives as these bytes; what is no order at all is a broken promise."""
    order = msgspec.json.decode(payload, type=_Payload)
    assert order.order_type in list(TimeInForce)
    return PostedOrder(
        order_id=id_of(payload),
        owner=owner,
        wallet=wallet,
        token=TokenId(order.token),
        side=Side(order.side),
        maker_amount=order.maker_amount,
        taker_amount=order.taker_amount,
        order_type=OrderType(order.order_type),
        is_post_only=order.is_post_only,
        timestamp_ms=now // 1_000_000,
    )
