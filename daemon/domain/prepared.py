"""An order made ready to leave: signed (live) or named (paper), not yet sent."""

from dataclasses import dataclass

from daemon.domain.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedOrder:
    """The order and the very bytes that will be sent; they are never made twice."""

    order: Order
    payload: bytes
