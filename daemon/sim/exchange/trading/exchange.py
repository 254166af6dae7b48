"""The exchange, without input or output: requests and time go in, replies and events come out.

Who may post (keys, signatures), in what mode the exchange is and how fast anybody may ask are others'
business. Time is an argument and never goes back, chance a generator: same calls, same events.
"""

from collections.abc import Iterable
from random import Random
from typing import TypeVar

from daemon.domain.ids import ConditionId, TokenId, TradeId, VenueOrderId
from daemon.domain.units import Cash, Nanos, Price
from daemon.sim.exchange.trading.account_ids import Asset, Owner, Wallet
from daemon.sim.exchange.trading.agenda import Agenda
from daemon.sim.exchange.trading.cancel_desk import CancelDesk
from daemon.sim.exchange.trading.chain import Chain, ChainReply
from daemon.sim.exchange.trading.chain_move import ChainMove
from daemon.sim.exchange.trading.clearance import Clearance
from daemon.sim.exchange.trading.exchange_options import ExchangeOptions
from daemon.sim.exchange.trading.execution import Execution
from daemon.sim.exchange.trading.holding import Holding
from daemon.sim.exchange.trading.ledger import UNLIMITED, BalanceAllowance, Ledger
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.logical_book import BestPrices, BookView
from daemon.sim.exchange.trading.market_board import MarketBoard
from daemon.sim.exchange.trading.market_desk import MarketDesk
from daemon.sim.exchange.trading.order_entry import OrderEntry
from daemon.sim.exchange.trading.order_register import OrderRegister
from daemon.sim.exchange.trading.outside_desk import OutsideDesk
from daemon.sim.exchange.trading.outside_move import OutsideMove
from daemon.sim.exchange.trading.reply import CancelReply, SubmitReply
from daemon.sim.exchange.trading.settlement import Settlement
from daemon.sim.exchange.trading.trade import Trade
from daemon.sim.exchange.trading.turn import Turn
from daemon.sim.exchange.trading.venue_event import VenueEvent
from daemon.sim.exchange.trading.venue_market import MarketState, MarketStatus
from daemon.sim.exchange.trading.venue_order import OrderState, OrderStatus, PostedOrder

R = TypeVar("R")


class Exchange:
    """Markets, orders, trades and money of one simulated venue."""

    def __init__(self, options: ExchangeOptions, chance: Random, now: Nanos) -> None:
        self._events: list[VenueEvent] = []
        report = self._events.append
        self._agenda = Agenda(now)
        self._board = MarketBoard()
        self._ledger = Ledger(options.balance_lag)
        self._register = OrderRegister(self._ledger, report)
        self._settlement = Settlement(
            options.settlement, self._ledger, self._agenda, chance, report, options.fails_at
        )
        execution = Execution(self._register, self._settlement, report)
        self._cancel_desk = CancelDesk(self._board, self._ledger, self._register, execution)
        self._entry = OrderEntry(
            board=self._board,
            ledger=self._ledger,
            register=self._register,
            execution=execution,
            cancel_desk=self._cancel_desk,
            agenda=self._agenda,
            report=report,
        )
        self._markets = MarketDesk(self._board, self._ledger, self._cancel_desk, report)
        self._chain = Chain(self._ledger, self._cancel_desk)
        self._outside = OutsideDesk(self._ledger, self._register, execution)
        self._clearance = Clearance(self._board, self._ledger, self._register, self._settlement)

    # --- time -----------------------------------------------------------------------------------
    def advance(self, now: Nanos) -> tuple[VenueEvent, ...]:
        """Let time pass up to `now` and return what became due; it never goes back."""
        self._agenda.move_to(now)
        return self._take_events()

    def next_due(self) -> Nanos | None:
        """Return when something happens next without being asked."""
        return self._agenda.next_due()

    # --- orders ---------------------------------------------------------------------------------
    def submit(self, posted: PostedOrder, now: Nanos) -> Turn[SubmitReply]:
        """Take an order in, or say why not."""
        self._agenda.move_to(now)
        return self._turn(self._entry.submit(posted, now))

    def cancel(self, order_id: VenueOrderId, owner: Owner, now: Nanos) -> Turn[CancelReply]:
        """Cancel one order."""
        return self.cancel_orders((order_id,), owner, now)

    def cancel_orders(
        self, order_ids: Iterable[VenueOrderId], owner: Owner, now: Nanos
    ) -> Turn[CancelReply]:
        """Cancel several orders."""
        self._agenda.move_to(now)
        return self._turn(self._cancel_desk.cancel(order_ids, owner, now))

    def cancel_market(
        self,
        owner: Owner,
        now: Nanos,
        *,
        condition_id: ConditionId | None = None,
        token: TokenId | None = None,
    ) -> Turn[CancelReply]:
        """Cancel the owner's orders of a market, of a token, or of a token if it is of that market."""
        self._agenda.move_to(now)
        return self._turn(self._cancel_desk.cancel_all(owner, now, condition_id, token))

    def cancel_all(self, owner: Owner, now: Nanos) -> Turn[CancelReply]:
        """Cancel all the owner's orders."""
        return self.cancel_market(owner, now)

    # --- markets --------------------------------------------------------------------------------
    def list_market(self, listing: Listing, *, is_open: bool = True) -> None:
        """List a market; ValueError when it or one of its tokens is listed already."""
        self._markets.add(listing, is_open=is_open)

    def open_market(self, condition_id: ConditionId) -> None:
        """Let a market that was not ready, or was closed, take orders; it must not be resolved."""
        market = self._board.named(condition_id)
        assert market.status is not MarketStatus.RESOLVED
        market.status = MarketStatus.OPEN

    def change_tick(
        self, condition_id: ConditionId, tick: Price, now: Nanos
    ) -> tuple[VenueEvent, ...]:
        """Change the price grid of a market."""
        self._agenda.move_to(now)
        self._markets.change_tick(self._board.named(condition_id), tick, now)
        return self._take_events()

    def close_market(self, condition_id: ConditionId, now: Nanos) -> tuple[VenueEvent, ...]:
        """Take no more orders in a market and cancel those that are open."""
        self._agenda.move_to(now)
        self._markets.close(self._board.named(condition_id), now)
        return self._take_events()

    def clear_book(self, condition_id: ConditionId, now: Nanos) -> tuple[VenueEvent, ...]:
        """Cancel all open orders of a market that goes on, as at the start of a game."""
        self._agenda.move_to(now)
        self._cancel_desk.clear(self._board.named(condition_id), OrderStatus.CANCELED, now)
        return self._take_events()

    def resolve(
        self, condition_id: ConditionId, winner: TokenId | None, now: Nanos
    ) -> tuple[VenueEvent, ...]:
        """Decide a market, once: `None` pays half a dollar for either token."""
        self._agenda.move_to(now)
        self._markets.resolve(self._board.named(condition_id), winner, now)
        return self._take_events()

    def move_outside(
        self, condition_id: ConditionId, move: OutsideMove, now: Nanos
    ) -> tuple[VenueEvent, ...]:
        """Let the market outside do what a recording says; the market must be open."""
        self._agenda.move_to(now)
        market = self._board.named(condition_id)
        assert market.status is MarketStatus.OPEN
        self._outside.move(market, move, now)
        return self._take_events()

    def forget_market(self, condition_id: ConditionId) -> bool:
        """Let go of a resolved market with its orders and trades.

        Refused (False) while a trade of it is unsettled, an order held or a share not redeemed.
        """
        return self._clearance.forget(condition_id)

    # --- wallets --------------------------------------------------------------------------------
    def mark_transient(self, owner: Owner, wallet: Wallet) -> None:
        """Keep nothing of an account but what is open: nobody will ask for its past."""
        self._register.mark_transient(owner)
        self._settlement.mark_transient(owner)
        self._chain.mark_transient(wallet)

    def fund(self, wallet: Wallet, cash: Cash, now: Nanos) -> Turn[ChainReply]:
        """Bring cash into a wallet."""
        self._agenda.move_to(now)
        return self._turn(self._chain.deposit(wallet, cash, now))

    def withdraw(self, wallet: Wallet, cash: Cash, now: Nanos) -> Turn[ChainReply]:
        """Take cash out of a wallet, even if open orders count on it."""
        self._agenda.move_to(now)
        return self._turn(self._chain.withdraw(wallet, cash, now))

    def approve(
        self,
        wallet: Wallet,
        spender: str,
        now: Nanos,
        *,
        cash: int = UNLIMITED,
        shares: bool = True,
    ) -> None:
        """Let a contract take the wallet's cash up to an amount, and all its shares or none."""
        is_all = UNLIMITED if shares else 0
        self._ledger.approve(wallet, spender, is_cash=True, amount=cash, now=now)
        self._ledger.approve(wallet, spender, is_cash=False, amount=is_all, now=now)

    def split(
        self, wallet: Wallet, condition_id: ConditionId, cash: Cash, now: Nanos
    ) -> Turn[ChainReply]:
        """Turn cash into as many shares of both tokens."""
        self._agenda.move_to(now)
        return self._turn(self._chain.split(wallet, self._listing(condition_id), cash, now))

    def merge(
        self, wallet: Wallet, condition_id: ConditionId, cash: Cash, now: Nanos
    ) -> Turn[ChainReply]:
        """Turn shares of both tokens into cash."""
        self._agenda.move_to(now)
        return self._turn(self._chain.merge(wallet, self._listing(condition_id), cash, now))

    def redeem(self, wallet: Wallet, condition_id: ConditionId, now: Nanos) -> Turn[ChainReply]:
        """Turn all shares of a resolved market into what they pay."""
        self._agenda.move_to(now)
        return self._turn(self._chain.redeem(wallet, self._listing(condition_id), now))

    def refresh_balance(self, wallet: Wallet, asset: Asset) -> None:
        """Bring the shown balance and allowances of an asset up to date."""
        self._ledger.refresh(wallet, asset)

    # --- reading --------------------------------------------------------------------------------
    def balance_allowance(self, wallet: Wallet, asset: Asset, now: Nanos) -> BalanceAllowance:
        """Return what the exchange shows of an asset: the chain, some time ago."""
        return self._ledger.shown(wallet, asset, now)

    def holding(self, wallet: Wallet, asset: Asset) -> Holding:
        """Return what the chain says and what is claimed of it; read it, do not write it."""
        return self._ledger.look_at(wallet, asset)

    def approved(self, wallet: Wallet, asset: Asset, spender: str) -> int:
        """Return how much of an asset the chain lets a contract take."""
        return self._ledger.approved(wallet, asset, spender)

    @property
    def ledger(self) -> Ledger:
        """All money and shares; read it, do not write it."""
        return self._ledger

    def order(self, order_id: VenueOrderId) -> OrderState | None:
        """Return an order in any status; a held one is not there yet."""
        order = self._register.get(order_id)
        return None if order is None or order.is_held else order.state()

    def open_orders(self, owner: Owner) -> tuple[OrderState, ...]:
        """Return the owner's open orders, earliest first."""
        return tuple(o.state() for o in self._register.open_of(owner) if not o.is_held)

    def trade(self, trade_id: TradeId) -> Trade | None:
        """Return a trade as it stands."""
        return self._settlement.trade(trade_id)

    def trades(self, owner: Owner) -> tuple[Trade, ...]:
        """Return the trades that the owner's orders are part of, earliest first."""
        return self._settlement.trades_of(owner)

    def trades_of_wallet(self, wallet: Wallet) -> tuple[Trade, ...]:
        """Return the trades that a wallet paid or was paid in, earliest first."""
        return self._settlement.trades_of_wallet(wallet)

    def chain_moves(self, wallet: Wallet) -> tuple[ChainMove, ...]:
        """Return what a wallet did past the order book, earliest first, as far as remembered."""
        return self._chain.moves_of(wallet)

    def market(self, condition_id: ConditionId) -> MarketState | None:
        """Return a market as it stands."""
        market = self._board.of_condition(condition_id)
        return None if market is None else market.state()

    def book(self, token: TokenId) -> BookView | None:
        """Return the book of a token, best level first."""
        market = self._board.of_token(token)
        return None if market is None else market.book.view(token)

    def best(self, token: TokenId) -> BestPrices:
        """Return the best prices of a token that is listed, without the rest of its book."""
        return self._board.of_listed(token).book.best(token)

    @property
    def fees(self) -> Cash:
        """All fees taken so far."""
        return Cash(self._ledger.fees)

    def audit(self) -> None:
        """Assert that no cash and no share was lost or made."""
        self._ledger.audit()

    def _listing(self, condition_id: ConditionId) -> Listing:
        return self._board.named(condition_id).listing

    def _turn(self, reply: R) -> Turn[R]:
        self._agenda.move_to(self._agenda.now)  # what the call itself made due at once
        return Turn(reply, self._take_events())

    def _take_events(self) -> tuple[VenueEvent, ...]:
        events = tuple(self._events)
        self._events.clear()
        return events
