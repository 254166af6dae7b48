"""What the market outside of this exchange did, as a recording tells it, in terms of the first outcome."""

from dataclasses import dataclass
from typing import NamedTuple

from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import Price, Shares


class OutsideLevel(NamedTuple):
    """What the outside offers at a price of the first outcome from now on; no shares, no offer."""

    is_bid: bool
    price: Price
    shares: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideOffer:
    """Levels of the outside have new sizes; no bid among all its levels meets an ask."""

    levels: tuple[OutsideLevel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideTrade:
    """Somebody outside took shares at a price; token, side and price are the taker's."""

    token: TokenId
    side: Side
    price: Price
    shares: Shares


OutsideMove = OutsideOffer | OutsideTrade
