"""A daemon that a test speaks for, an exchange that is real, and the auditor between them.

What the daemon is made to say is rebuilt into its state by the daemon's own recovery, so that a test
plants one lie and everything else is true.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from daemon.domain.facts import Fact, FillSettled
from daemon.domain.fee import FeeSchedule
from daemon.domain.fill import Fill, Liquidity
from daemon.domain.ids import ClientOrderId, ParentId, SlotId, TokenId, TradeId, VenueOrderId
from daemon.domain.market import Market
from daemon.domain.order import Order, TimeInForce
from daemon.domain.order_events import OrderCanceled, OrderCreated, OrderFilled, OrderSent
from daemon.domain.reasons import PauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_MS, Cash, Nanos, Price, Shares, parse_micros
from daemon.engine.inputs import Event, PauseEnded
from daemon.engine.outcome import CancelOrder, Effect, Outcome
from daemon.engine.recovery import doubtful, rebuild
from daemon.engine.state import EngineState
from daemon.ports import Entry
from daemon.runtime.loop import Step
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.reply import SubmitReply
from daemon.sim.exchange.trading.settlement import SettlementOptions
from daemon.simulation.auditor.auditor import Auditor
from daemon.simulation.auditor.premises import Premises, PriceLimit
from tests.builders import STRATEGY, a_market
from tests.engine_builders import EVERYTHING_ALLOWED
from tests.unit.exchange.trading.venue_bench import CONDITION, DOWN, UP, VenueBench

SELLER = "seller"
CASH_START = Cash(1_000 * MICRO)


def the_market() -> Market:
    market = a_market(condition_id=CONDITION, tokens=(UP, DOWN))
    return replace(market, fee=FeeSchedule(rate=70_000))


def micros(text: str) -> int:
    return parse_micros(text)


@dataclass
class Court:
    """A world with one market, in which the daemon is `us` and another one trades with it."""

    limits: dict[str, Any] = field(default_factory=dict[str, Any])
    settlement: SettlementOptions | None = None
    parents: dict[ParentId, Shares] = field(default_factory=dict[ParentId, Shares])

    def __post_init__(self) -> None:
        self.bench = VenueBench(settlement=self.settlement)
        self.bench.open_account("us", cash="1000", pairs="100")
        self.bench.open_account(SELLER, cash="1000", pairs="100")
        self.auditor = Auditor(
            self.bench.exchange,
            Premises(
                owner=Owner("us"),
                wallet=Wallet("0xus"),
                markets=(the_market(),),
                cash_start=CASH_START,
                limits=replace(EVERYTHING_ALLOWED, **self.limits),
                price_limits={STRATEGY: PriceLimit(Side.BUY, Price(600_000))},
                parents=self.parents,
                submit_within=Nanos(1_000 * NANOS_PER_MS),
            ),
        )
        self.entries: list[Entry] = []
        self.uncommitted: list[Entry] = []
        self.life = 0
        self._told = 0
        self._seq = 0
        self._names = 0
        self.live()

    # --- lives ----------------------------------------------------------------------------------
    def live(self, *, is_trading: bool = True) -> None:
        """Begin a life from what is durable."""
        self.life += 1
        self._seq = 0
        self.state = EngineState(
            markets=(the_market(),), stale_after=Nanos(10**10), cash_start=CASH_START
        )
        for entry in self.entries:
            rebuild(self.state, entry.facts)
        self.auditor.life_began(self.life, self.state, self.entries, self.now)
        self.step(*doubtful(self.state))
        if is_trading:
            self.step(events=(PauseEnded(reason=PauseReason.STARTING),))

    def crash(self) -> None:
        self.uncommitted.clear()
        self.auditor.life_ended(self.life, is_crash=True, at=self.now)

    def stop(self) -> None:
        self.commit()
        self.auditor.life_ended(self.life, is_crash=False, at=self.now)
        self.auditor.ended(self.now)

    # --- the daemon -----------------------------------------------------------------------------
    @property
    def now(self) -> Nanos:
        return self.bench.now

    def step(
        self, *facts: Fact, events: Iterable[Event] = (), effects: tuple[Effect, ...] = ()
    ) -> None:
        """Let the daemon decide on these facts, and believe them."""
        rebuild(self.state, facts)
        outcome = Outcome(seq=self._seq + 1, at=self.now, facts=facts, effects=effects)
        self._seq += len(facts)
        if facts:
            self.uncommitted.append(Entry(seq=outcome.seq, at=self.now, facts=facts))
        step = Step(events=list(events), outcome=outcome, duration_ns=1)
        self.auditor.decided(step, self.state, self.now)

    def commit(self) -> None:
        """Make durable what was decided."""
        self.entries += self.uncommitted
        self.auditor.committed(tuple(self.uncommitted), self.now)
        self.uncommitted.clear()

    def an_order(
        self,
        shares: str = "10",
        price: str = "0.40",
        *,
        side: Side = Side.BUY,
        token: TokenId = UP,
        slot: str = "",
        parent_id: ParentId | None = None,
    ) -> Order:
        """Return an order in a slot of its own."""
        self._names += 1
        name = f"r{self.life}-{self._names}"
        return Order(
            client_order_id=ClientOrderId(name),
            venue_order_id=VenueOrderId(f"0xours{self._names}"),
            strategy_id=STRATEGY,
            slot=SlotId(slot or name),
            condition_id=CONDITION,
            token=token,
            side=side,
            price=Price(micros(price)),
            shares=Shares(micros(shares)),
            time_in_force=TimeInForce.GTC,
            is_post_only=False,
            created_at=self.now,
            arrival_price=Price(500_000),
            parent_id=parent_id,
        )

    def create(self, order: Order) -> Order:
        """Let the daemon decide on an order and commit it."""
        self.step(OrderCreated(order=order))
        self.commit()
        return order

    def place(self, order: Order) -> SubmitReply:
        """Let a created order be sent and arrive at once."""
        self.step(OrderSent(client_order_id=order.client_order_id))
        self.auditor.sent(order, self.now)
        return self.arrive(order)

    def rest(self, order: Order | None = None) -> Order:
        """Return an order that was created, sent and accepted."""
        order = self.create(order or self.an_order())
        self.place(order)
        return order

    def count(self, order: Order, trade_id: TradeId, **changes: Any) -> None:
        """Let the daemon count a fill as the exchange made it, but for these changes."""
        leg = self.auditor._evidence.venue.legs[trade_id, order.client_order_id]
        fill = Fill(
            trade_id=trade_id,
            client_order_id=order.client_order_id,
            condition_id=order.condition_id,
            token=order.token,
            side=order.side,
            price=Price(leg.price),
            shares=Shares(leg.shares),
            fee=Cash(leg.fee),
            liquidity=Liquidity.TAKER if leg.is_taker else Liquidity.MAKER,
            at=self.now,
            settlement=SettlementStatus.MATCHED,
        )
        self.step(OrderFilled(client_order_id=order.client_order_id, fill=replace(fill, **changes)))

    def settle(self, trade_id: TradeId, settlement: SettlementStatus) -> None:
        """Let the daemon hear how far a trade is."""
        self.step(FillSettled(trade_id=trade_id, settlement=settlement))

    def want_gone(self, order: Order) -> None:
        """Let the daemon decide to cancel, without the cancel leaving."""
        self.step(effects=(CancelOrder(order),))

    def over(self, order: Order, matched: str | None = "0") -> None:
        """Let the daemon believe that an order was cancelled."""
        told = None if matched is None else Shares(micros(matched))
        name = order.client_order_id
        self.step(OrderCanceled(client_order_id=name, matched=told, reason="asked"))

    # --- the exchange ---------------------------------------------------------------------------
    def arrive(self, order: Order) -> SubmitReply:
        """Let an order reach the exchange."""
        text = f"{order.shares / MICRO:.6f}", f"{order.price / MICRO:.6f}"
        posted = self.bench.order(
            "us", order.side.value, *text, token=order.token, order_id=order.venue_order_id
        )
        reply = self.bench.submit(posted)
        self.auditor.arrived(posted, reply, self.now)
        self.tell()
        return reply

    def trade(self, order: Order, shares: str = "10") -> TradeId:
        """Let another one trade with a resting order of ours."""
        text = f"{order.price / MICRO:.6f}"
        side = order.side.opposite.value
        posted = self.bench.order(SELLER, side, shares, text, token=order.token)
        (trade_id,) = self.bench.accept(posted).trade_ids
        self.tell()
        return trade_id

    def cancel(self, order: Order) -> None:
        """Let the exchange cancel an order of ours."""
        self.bench.cancel("us", order.venue_order_id)
        self.tell()

    def tell(self) -> None:
        """Tell the auditor what happened at the exchange."""
        self.auditor.happened(tuple(self.bench.events[self._told :]))
        self._told = len(self.bench.events)

    def wait(self, seconds: float) -> None:
        """Let time pass, at the exchange and for the auditor."""
        self.bench.pass_ms(round(seconds * 1000))
        self.tell()
        self.step()

    # --- the verdict ----------------------------------------------------------------------------
    @property
    def broken(self) -> list[str]:
        """The names of the invariants that broke, each once."""
        return list(dict.fromkeys(v.invariant for v in self.auditor.violations))

    @property
    def says(self) -> str:
        """What was written down, one a line."""
        return "\n".join(map(str, self.auditor.violations))
