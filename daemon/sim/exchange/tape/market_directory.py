"""Finds the markets of a tape by slug, condition, token or number, as the discovery API filters."""

from collections.abc import Collection

from daemon.sim.exchange.tape.tape import TapeHeader, TapeMarket


class MarketDirectory:
    """The markets of a tape, by every name the venue gives them."""

    def __init__(self, header: TapeHeader) -> None:
        self.markets = header.markets
        self.by_token = {token: market for market in self.markets for token in market.token_ids}
        self.by_condition = {market.condition_id: market for market in self.markets}
        self.by_slug = {market.slug: market for market in self.markets}
        self.by_id = {market.id: market for market in self.markets}

    def find(
        self,
        *,
        ids: Collection[str] = (),
        slugs: Collection[str] = (),
        conditions: Collection[str] = (),
        tokens: Collection[str] = (),
    ) -> list[TapeMarket]:
        """Return the markets that match every filter given; a filter without values matches all."""
        return [
            market
            for market in self.markets
            if (not ids or market.id in ids)
            and (not slugs or market.slug in slugs)
            and (not conditions or market.condition_id in conditions)
            and (not tokens or not set(tokens).isdisjoint(market.token_ids))
        ]

    def events(self, slug: str | None = None) -> dict[str, list[TapeMarket]]:
        """Return the markets by event slug, all events or the one named."""
        events: dict[str, list[TapeMarket]] = {}
        for market in self.markets:
            if slug is None or market.event_slug == slug:
                events.setdefault(market.event_slug, []).append(market)
        return events
