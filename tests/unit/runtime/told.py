"""A state that facts are told to, and the steps that told them."""

import hashlib
from dataclasses import replace

from daemon.domain import order_events as ev
from daemon.domain.facts import Fact, PositionChanged
from daemon.domain.fill import Fill, FillCause, Liquidity, Simulated
from daemon.domain.ids import BookId, ClientOrderId, VenueOrderId
from daemon.domain.order import Order
from daemon.domain.side import Side
from daemon.domain.units import Nanos, Price, Shares
from daemon.engine.inputs import Event
from daemon.engine.outcome import Effect, Outcome
from daemon.engine.recovery import rebuild
from daemon.engine.state import EngineState
from daemon.runtime.loop import Step
from tests.builders import START, a_fill, a_market, an_order, cash

BTC = a_market(slug="btc-updown-5m-1776081600")
HEAD = "0xa1b2c3d4"


class Told:
    """Numbers facts as the engine does; `step` returns what an observer of the loop is given."""

    def __init__(self, *, run: str = "run") -> None:
        self.run = run
        self.state = EngineState(
            markets=(BTC,), stale_after=Nanos(10_000_000_000), cash_start=cash("100")
        )
        self._seq = 1

    def step(
        self,
        *facts: Fact,
        effects: tuple[Effect, ...] = (),
        events: tuple[Event, ...] = (),
        at: Nanos = START,
    ) -> Step:
        rebuild(self.state, facts)
        outcome = Outcome(seq=self._seq, at=at, facts=facts, effects=effects)
        self._seq += len(facts)
        return Step(events=list(events), outcome=outcome, duration_ns=84_300)

    def order(self, number: int = 1, *, side: Side = Side.BUY, price: str = "0.45") -> Order:
        """Return an order of this run, named as the engine and the paper venue name it."""
        order = an_order(
            client_order_id=f"{self.run}-{number}",
            side=side,
            price=price,
            shares="10",
            arrival_price="0.4488",
        )
        digest = hashlib.sha256(order.client_order_id.encode()).hexdigest()
        return replace(order, venue_order_id=VenueOrderId(f"{HEAD}{digest[:56]}"))

    def fill(
        self, order: Order, *, price: str = "0.45", shares: str = "10", at: Nanos = START
    ) -> tuple[Fact, Fact]:
        """Return the two facts of a fill; tell them in the next step."""
        fill = self.simulated(order, price=price, shares=shares, at=at)
        position = self.state.position(order.token).apply_fill(fill)
        return (
            ev.OrderFilled(client_order_id=order.client_order_id, fill=fill),
            PositionChanged(position=position, mark=Price(440_000)),
        )

    def simulated(self, order: Order, *, price: str, shares: str, at: Nanos) -> Fill:
        fill = a_fill(
            order=order,
            trade_id=f"{order.venue_order_id[:18]}:{shares}",
            price=price,
            shares=shares,
            liquidity=Liquidity.MAKER,
            at=at,
        )
        simulated = Simulated(
            cause=FillCause.QUEUE,
            book_id=BookId("71717171@1776081600000#7"),
            pessimistic_shares=Shares(0),
            pessimistic_price=order.price,
        )
        return replace(fill, simulated=simulated)


def born(told: Told, order: Order) -> Step:
    """Tell that an order was created, sent and accepted."""
    name = ClientOrderId(order.client_order_id)
    return told.step(
        ev.OrderCreated(order=order),
        ev.OrderSent(client_order_id=name),
        ev.OrderAccepted(client_order_id=name),
    )
