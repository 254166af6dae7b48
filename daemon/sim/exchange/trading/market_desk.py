"""The life of a market: listed, opened, its grid changed, closed, resolved."""

from collections.abc import Callable

from daemon.domain.ids import TokenId
from daemon.domain.units import ONE, Nanos, Price
from daemon.sim.exchange.trading.cancel_desk import CancelDesk
from daemon.sim.exchange.trading.ledger import Ledger
from daemon.sim.exchange.trading.listing import AMOUNT_DECIMALS, Listing
from daemon.sim.exchange.trading.market_board import MarketBoard
from daemon.sim.exchange.trading.venue_event import MarketResolved, TickChanged, VenueEvent
from daemon.sim.exchange.trading.venue_market import MarketStatus, VenueMarket
from daemon.sim.exchange.trading.venue_order import OrderStatus


class MarketDesk:
    """What the venue itself does to its markets."""

    def __init__(
        self,
        board: MarketBoard,
        ledger: Ledger,
        cancel_desk: CancelDesk,
        report: Callable[[VenueEvent], None],
    ) -> None:
        self._board = board
        self._ledger = ledger
        self._cancel_desk = cancel_desk
        self._report = report

    def add(self, listing: Listing, *, is_open: bool) -> None:
        """List a market; ValueError when it or one of its tokens is listed already."""
        self._board.add(listing, MarketStatus.OPEN if is_open else MarketStatus.NOT_READY)
        self._ledger.open_vault(listing)

    def change_tick(self, market: VenueMarket, tick: Price, now: Nanos) -> None:
        """Change the grid for new orders; resting ones stay as they are. ValueError for no grid."""
        if tick not in AMOUNT_DECIMALS:
            raise ValueError(f"tick {tick} is none of {tuple(AMOUNT_DECIMALS)}")
        if tick == market.tick:
            return
        old, market.tick = market.tick, tick
        condition_id = market.listing.condition_id
        for token in market.listing.tokens:
            self._report(
                TickChanged(at=now, condition_id=condition_id, token=token, old=old, new=tick)
            )

    def close(self, market: VenueMarket, now: Nanos) -> None:
        """Take no more orders and cancel those that are open."""
        assert market.status is not MarketStatus.RESOLVED
        market.status = MarketStatus.CLOSED
        self._cancel_desk.clear(market, OrderStatus.CANCELED, now)

    def resolve(self, market: VenueMarket, winner: TokenId | None, now: Nanos) -> None:
        """Say what each token pays: the winner a dollar, both half of it without one."""
        assert market.status is not MarketStatus.RESOLVED
        first = ONE // 2 if winner is None else ONE * market.listing.is_yes(winner)
        assert winner is None or winner in market.listing.tokens
        market.status = MarketStatus.RESOLVED
        market.payouts = (first, ONE - first)
        condition_id = market.listing.condition_id
        self._ledger.vault(condition_id).payouts = market.payouts
        self._cancel_desk.clear(market, OrderStatus.CANCELED_MARKET_RESOLVED, now)
        self._report(
            MarketResolved(at=now, condition_id=condition_id, payouts=market.payouts, winner=winner)
        )
