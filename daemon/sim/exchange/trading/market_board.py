"""The markets that are listed, by condition and by token."""

from daemon.domain.ids import ConditionId, TokenId
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.venue_market import MarketStatus, VenueMarket


class MarketBoard:
    """Finds a market by what it is called."""

    def __init__(self) -> None:
        self._by_condition: dict[ConditionId, VenueMarket] = {}
        self._by_token: dict[TokenId, VenueMarket] = {}

    def add(self, listing: Listing, status: MarketStatus) -> VenueMarket:
        """List a market; ValueError when its condition or a token is listed already."""
        if listing.condition_id in self._by_condition or not self._by_token.keys().isdisjoint(
            listing.tokens
        ):
            raise ValueError(f"{listing.condition_id} or one of its tokens is listed already")
        market = VenueMarket(listing, status)
        self._by_condition[listing.condition_id] = market
        self._by_token.update(dict.fromkeys(listing.tokens, market))
        return market

    def of_token(self, token: TokenId) -> VenueMarket | None:
        """Return the market of a token."""
        return self._by_token.get(token)

    def of_listed(self, token: TokenId) -> VenueMarket:
        """Return the market of a token that must be listed."""
        return self._by_token[token]

    def of_condition(self, condition_id: ConditionId) -> VenueMarket | None:
        """Return a market."""
        return self._by_condition.get(condition_id)

    def named(self, condition_id: ConditionId) -> VenueMarket:
        """Return a market that must be listed."""
        return self._by_condition[condition_id]

    def remove(self, market: VenueMarket) -> None:
        """Take a market off the board."""
        del self._by_condition[market.listing.condition_id]
        for token in market.listing.tokens:
            del self._by_token[token]
