"""One market with all that discovery needs to describe it at this moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import Nanos
from daemon.sim.exchange.auth.signed_order import V3, order_domain
from daemon.sim.exchange.display.displayed_book import DisplayedBook
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.season.strike import Strike
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.venue_event import MarketResolved
from daemon.sim.exchange.trading.venue_market import MarketState, MarketStatus

PADDING: Final = "00"
PADDED: Final = 66
"""Characters of a condition id as the order book writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMarket:
    """A market as it stands; `book` is that of its first outcome."""

    record: TapeMarket
    book: DisplayedBook
    state: MarketState
    resolution: MarketResolved | None
    strike: Strike | None

    @property
    def is_v2(self) -> bool:
        """Tell whether it is of the second protocol, whose ids say so themselves."""
        token = TokenId(self.record.token_ids[0])
        return order_domain(token, is_neg_risk=self.record.neg_risk) is V3

    @property
    def condition_id(self) -> str:
        """The condition as discovery writes it: of the second protocol without the last byte."""
        condition_id = self.record.condition_id
        is_padded = self.is_v2 and condition_id.endswith(PADDING) and len(condition_id) == PADDED
        return condition_id.removesuffix(PADDING) if is_padded else condition_id

    @property
    def is_closed(self) -> bool:
        """Tell whether it is decided."""
        return self.resolution is not None

    @property
    def takes_orders(self) -> bool:
        """Tell whether the order book accepts anything."""
        return self.state.status is MarketStatus.OPEN

    @property
    def closed_at(self) -> Nanos | None:
        """When it was decided."""
        return None if self.resolution is None else self.resolution.at


class MarketShow:
    """Every market of a marketplace, as discovery sees it; `strikes` are those of its windows."""

    def __init__(
        self,
        marketplace: Marketplace,
        books: DisplayedBooks,
        strikes: Mapping[ConditionId, Strike] | None = None,
    ) -> None:
        self._marketplace = marketplace
        self._books = books
        self._strikes: Mapping[ConditionId, Strike] = {} if strikes is None else strikes

    def __iter__(self) -> Iterator[ShownMarket]:
        """Yield all markets in the order of their listing."""
        return map(self.show, self._marketplace.records.values())

    def show(self, record: TapeMarket) -> ShownMarket:
        """Return a market that is listed."""
        condition_id = ConditionId(record.condition_id)
        state = self._marketplace.exchange.market(condition_id)
        assert state is not None
        return ShownMarket(
            record=record,
            book=self._books.by_token[record.token_ids[0]],
            state=state,
            resolution=self._marketplace.resolutions.get(condition_id),
            strike=self._strikes.get(condition_id),
        )
