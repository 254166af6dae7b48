"""Names of things that must not be mixed up; each is a distinct type over `str`."""

from typing import NewType, TypeAlias

TokenId = NewType("TokenId", str)
"""The venue's id of one outcome token: a decimal text of up to 78 digits."""

ConditionId = NewType("ConditionId", str)
"""The venue's id of a market (both outcomes): 0x and 64 hexadecimal digits."""

ClientOrderId = NewType("ClientOrderId", str)
"""Our name of an order: `<run>-<sequence>`, unique for ever and reproducible in replay."""

VenueOrderId = NewType("VenueOrderId", str)
"""The venue's name of an order; live it is the digest of the signed order."""

TradeId = NewType("TradeId", str)
"""The venue's name of one trade; it may hold several orders of ours, see `LegId`."""

LegId: TypeAlias = tuple[TradeId, ClientOrderId]
"""What one order of ours had of one trade; the same leg again is the same fill."""

SlotId = NewType("SlotId", str)
"""A strategy's name for one desired order."""

StrategyId = NewType("StrategyId", str)
"""One configured strategy on one market, e.g. `top_bidder-buy:btc-updown-5m-1776081600:Up`."""

ParentId = NewType("ParentId", str)
"""An execution algorithm's order, worked in children."""

RunId = NewType("RunId", str)
"""One life of the daemon, from start to stop or crash."""

BookId = NewType("BookId", str)
"""The state of a book an execution was filled from: `<token tail>@<venue ms>#<change count>`."""
