"""An order that wants in: what was posted, priced by its amounts, and what it would match now."""

from functools import cached_property

from daemon.domain.units import Nanos
from daemon.sim.exchange.trading.amounts import implied_price
from daemon.sim.exchange.trading.ledger import Ledger
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.order_match import Match, placement_needs, plan_matches
from daemon.sim.exchange.trading.venue_market import VenueMarket
from daemon.sim.exchange.trading.venue_order import BookedOrder, PostedOrder


class Candidate:
    """What the checks look at."""

    def __init__(self, order: BookedOrder, market: VenueMarket, ledger: Ledger, now: Nanos) -> None:
        self.order = order
        self.posted = order.posted
        self.market = market
        self.ledger = ledger
        self.now = now
        self.is_on_grid = True

    @classmethod
    def priced(
        cls, posted: PostedOrder, market: VenueMarket, ledger: Ledger, now: Nanos
    ) -> "Candidate":
        """Price a posted order by its amounts, which must be positive."""
        price, is_on_grid = implied_price(posted, market.tick)
        candidate = cls(BookedOrder(posted, price, market.listing, now), market, ledger, now)
        candidate.is_on_grid = is_on_grid
        return candidate

    @property
    def listing(self) -> Listing:
        """The market as listed."""
        return self.market.listing

    @property
    def is_marketable(self) -> bool:
        """Tell whether it means to take at once: it crosses, or it may not rest."""
        if self.posted.is_post_only:
            return False
        return not self.posted.order_type.rests or self.market.book.crosses(self.order)

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """What it would match now; nothing when it is post-only."""
        if self.posted.is_post_only:
            return ()
        return plan_matches(self.order, self.market.book.opposite(self.order))

    @property
    def needed(self) -> int:
        """What its wallet must have for it."""
        return placement_needs(self.order, self.matches, self.listing)
