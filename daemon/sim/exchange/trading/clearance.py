"""Lets go of markets that are over, so that an exchange that runs for days stays as large as it was."""

from daemon.domain.ids import ConditionId
from daemon.sim.exchange.trading.ledger import Ledger
from daemon.sim.exchange.trading.market_board import MarketBoard
from daemon.sim.exchange.trading.order_register import OrderRegister
from daemon.sim.exchange.trading.settlement import Settlement
from daemon.sim.exchange.trading.venue_market import MarketStatus, VenueMarket


class Clearance:
    """Forgets a market with its orders and trades once nobody has anything in it."""

    def __init__(
        self, board: MarketBoard, ledger: Ledger, register: OrderRegister, settlement: Settlement
    ) -> None:
        self._board = board
        self._ledger = ledger
        self._register = register
        self._settlement = settlement

    def forget(self, condition_id: ConditionId) -> bool:
        """Let go of a resolved market, or say that it is too early (False)."""
        market = self._board.named(condition_id)
        assert market.status is MarketStatus.RESOLVED
        if not self._is_over(market):
            return False
        for token in market.listing.tokens:
            self._register.forget_token(token)
        self._settlement.forget_market(condition_id)
        self._ledger.close_vault(market.listing)
        self._board.remove(market)
        return True

    def _is_over(self, market: VenueMarket) -> bool:
        listing = market.listing
        trades = self._settlement.trades_of_market(listing.condition_id)
        return (
            all(trade.status.is_final for trade in trades)
            and not any(self._register.has_open(token) for token in listing.tokens)
            and not self._ledger.is_held(listing)
        )
