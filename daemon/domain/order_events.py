"""What can happen to an order, as the engine records it."""

from dataclasses import dataclass
from typing import TypeAlias

from daemon.domain.fill import Fill
from daemon.domain.hot_value import hot_value
from daemon.domain.ids import ClientOrderId
from daemon.domain.order import Order
from daemon.domain.units import Shares


@hot_value
class OrderCreated:
    """An approved target became an order: signed, named, not yet sent."""

    order: Order


@hot_value
class OrderSent:
    """The outbox is about to write it to the venue; news, not permission."""

    client_order_id: ClientOrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFailed:
    """It was provably never sent."""

    client_order_id: ClientOrderId
    reason: str


@hot_value
class OrderAccepted:
    """The venue has it."""

    client_order_id: ClientOrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDelayed:
    """The venue has it and holds it back before matching."""

    client_order_id: ClientOrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRejected:
    """The venue refused it, or provably never received it."""

    client_order_id: ClientOrderId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderUnknown:
    """A request left and no answer came, or a crash came between."""

    client_order_id: ClientOrderId
    reason: str


@hot_value
class CancelRequested:
    """We want it gone."""

    client_order_id: ClientOrderId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRejected:
    """The venue would not cancel it; the reason is not ours to guess."""

    client_order_id: ClientOrderId
    reason: str


@hot_value
class OrderCanceled:
    """It rests no more. `matched` is the venue's word on what had matched, None if it did not say."""

    client_order_id: ClientOrderId
    matched: Shares | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderExpired:
    """A GTD order reached its end."""

    client_order_id: ClientOrderId
    matched: Shares | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilled:
    """Part or all of it traded."""

    client_order_id: ClientOrderId
    fill: Fill


OrderEvent: TypeAlias = (
    OrderSent
    | OrderFailed
    | OrderAccepted
    | OrderDelayed
    | OrderRejected
    | OrderUnknown
    | CancelRequested
    | CancelRejected
    | OrderCanceled
    | OrderExpired
    | OrderFilled
)
"""Everything after birth; the first ones come from the outbox, the last from the venue."""
