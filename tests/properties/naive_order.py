"""An order as the naive exchange has it: resting, or planned to be matched."""

from dataclasses import dataclass

from daemon.domain.ids import TokenId
from daemon.domain.units import MICRO
from daemon.sim.exchange.trading.venue_order import PostedOrder


@dataclass
class Resting:
    """An order of the naive book."""

    posted: PostedOrder
    price: int
    left: int

    def price_for(self, token: TokenId) -> int:
        return self.price if self.posted.token == token else MICRO - self.price


@dataclass
class Planned:
    """What a taker must get of one resting order, and what each side must pay."""

    maker: Resting
    shares: int
    maker_cash: int
    taker_cash: int
    price: int
    """Of the taker's token, in millionths."""
