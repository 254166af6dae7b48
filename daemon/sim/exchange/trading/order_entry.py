"""Takes orders in: refuses, delays, matches, lets rest."""

from collections.abc import Callable
from functools import partial
from typing import Final

from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.refusal import INVALID_TOKEN
from daemon.sim.exchange.trading import refusal
from daemon.sim.exchange.trading.agenda import Agenda
from daemon.sim.exchange.trading.cancel_desk import CancelDesk
from daemon.sim.exchange.trading.candidate import Candidate
from daemon.sim.exchange.trading.checks import (
    CHECKS_AFTER_DELAY,
    first_refusal,
    refuse_market,
    refuse_shape,
)
from daemon.sim.exchange.trading.execution import Execution
from daemon.sim.exchange.trading.ledger import Ledger
from daemon.sim.exchange.trading.market_board import MarketBoard
from daemon.sim.exchange.trading.order_register import OrderRegister
from daemon.sim.exchange.trading.reply import Accepted, Held, PostStatus, SubmitReply
from daemon.sim.exchange.trading.venue_event import OrderEventKind, SubmitAnswered, VenueEvent
from daemon.sim.exchange.trading.venue_market import VenueMarket
from daemon.sim.exchange.trading.venue_order import BookedOrder, OrderStatus, OrderType, PostedOrder

EXPIRES_EARLY_S: Final = 60
"""A GTD order is removed this long before the second it states."""


class OrderEntry:
    """From a posted order to its reply, at once or after the market's delay."""

    def __init__(
        self,
        *,
        board: MarketBoard,
        ledger: Ledger,
        register: OrderRegister,
        execution: Execution,
        cancel_desk: CancelDesk,
        agenda: Agenda,
        report: Callable[[VenueEvent], None],
    ) -> None:
        self._board = board
        self._ledger = ledger
        self._register = register
        self._execution = execution
        self._cancel_desk = cancel_desk
        self._agenda = agenda
        self._report = report

    def submit(self, posted: PostedOrder, now: Nanos) -> SubmitReply:
        """Take an order in, or say why not."""
        if self._register.get(posted.order_id) is not None:
            return refusal.duplicated(posted.order_id)
        market = self._board.of_token(posted.token)
        if market is None:
            return INVALID_TOKEN
        refused = refuse_market(market) or refuse_shape(posted)
        if refused is not None:
            return refused
        candidate = Candidate.priced(posted, market, self._ledger, now)
        refused = first_refusal(candidate)
        if refused is not None:
            return refused
        self._register.add(candidate.order)
        if candidate.matches and market.listing.delay:
            return self._delay(candidate, now)
        self._register.tell(OrderEventKind.PLACEMENT, candidate.order, now)
        return self._execute(candidate, now)

    def _delay(self, candidate: Candidate, now: Nanos) -> SubmitReply:
        order, listing = candidate.order, candidate.listing
        until = Nanos(now + listing.delay)
        order.status = OrderStatus.DELAYED
        order.is_held = listing.is_delay_silent
        self._register.reserve(order, candidate.needed)
        self._agenda.add(until, partial(self._resume, order, candidate.market))
        if order.is_held:
            return Held(order_id=order.posted.order_id, until=until)
        self._register.tell(OrderEventKind.PLACEMENT, order, now)
        return Accepted(order_id=order.posted.order_id, status=PostStatus.DELAYED)

    def _resume(self, order: BookedOrder, market: VenueMarket, now: Nanos) -> None:
        if not order.status.is_open:
            return
        self._register.reserve(order, 0)
        candidate = Candidate(order, market, self._ledger, now)
        if order.is_held:
            self._answer(candidate, now)
            return
        refused = first_refusal(candidate, CHECKS_AFTER_DELAY)
        if refused is None:
            order.status = OrderStatus.LIVE
            self._execute(candidate, now)
            if not candidate.matches:
                self._register.tell(OrderEventKind.UPDATE, order, now)
        else:
            is_poor = refused not in {refusal.NOT_FULLY_FILLED, refusal.NO_MATCH}
            status = OrderStatus.CANCELED_NOT_ENOUGH_BALANCE if is_poor else OrderStatus.CANCELED
            self._cancel_desk.close(order, market, status, now)

    def _answer(self, candidate: Candidate, now: Nanos) -> None:
        order = candidate.order
        order.is_held = False
        order.status = OrderStatus.LIVE
        reply = refuse_market(candidate.market) or first_refusal(candidate, CHECKS_AFTER_DELAY)
        if reply is not None:
            self._register.forget(order)
        else:
            self._register.tell(OrderEventKind.PLACEMENT, order, now)
            reply = self._execute(candidate, now)
        self._report(SubmitAnswered(at=now, order_id=order.posted.order_id, reply=reply))

    def _execute(self, candidate: Candidate, now: Nanos) -> Accepted:
        order, market, matches = candidate.order, candidate.market, candidate.matches
        trade_ids = self._execution.match(order, market, matches, now)
        if order.is_done:
            self._register.finish(order, OrderStatus.MATCHED)
        elif order.posted.order_type.rests:
            self._rest(order, market)
        self._execution.tell(order, market, matches, now)
        if order.status is OrderStatus.LIVE and not order.posted.order_type.rests:
            self._cancel_desk.kill_rest(order, now)
        if not matches:
            return Accepted(order_id=order.posted.order_id, status=PostStatus.LIVE)
        cash = sum(match.taker_cash for match in matches)
        shares = sum(match.shares for match in matches)
        is_buy = order.posted.side is Side.BUY
        return Accepted(
            order_id=order.posted.order_id,
            status=PostStatus.MATCHED,
            making_amount=cash if is_buy else shares,
            taking_amount=shares if is_buy else cash,
            trade_ids=trade_ids,
        )

    def _rest(self, order: BookedOrder, market: VenueMarket) -> None:
        self._register.reserve(order, order.rest_needs)
        market.book.add(order)
        if order.posted.order_type is OrderType.GTD:
            ends_at = Nanos((order.posted.expiration_s - EXPIRES_EARLY_S) * NANOS_PER_S)
            self._agenda.add(ends_at, partial(self._cancel_desk.expire, order, market))
