"""An exchange with one market, true time, and a line to it: in virtual time, with the faults listed."""

from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, TypeVar

from daemon.domain.ids import ClientOrderId, StrategyId
from daemon.domain.order import Order
from daemon.domain.prepared import PreparedOrder
from daemon.domain.units import MICRO, NANOS_PER_MS, Cash, Nanos, parse_micros
from daemon.risk.approval import Approved
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.exchange.front.service_schedule import ServicePhase, ServiceSchedule
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.reply import SubmitReply
from daemon.sim.exchange.trading.venue_order import PostedOrder
from daemon.sim.gateway.account_gateway import AccountGateway
from daemon.sim.gateway.account_past import AccountPast
from daemon.sim.gateway.match_faults import MatchFaults
from daemon.sim.gateway.order_payload import prepare
from daemon.sim.gateway.outside_time import OutsideTime
from daemon.sim.gateway.request_line import RequestLine
from daemon.sim.gateway.venue_gateway import HeldReplies, VenueGateway
from daemon.sim.named_chance import NamedChance
from daemon.sim.virtual_loop import VirtualTimeLoop
from tests.builders import CONDITION, NO, START, YES, a_target

T = TypeVar("T")

OURS, THEIRS = Owner("ours"), Owner("theirs")
LATENCY = Nanos(10 * NANOS_PER_MS)
TIMEOUT_S = 1.0
FOREVER = Nanos(2**62)


class GatewayBench:
    """Our account at an exchange."""

    account_owner = OURS

    def __init__(self, *rules: FaultRule, phases: tuple[ServicePhase, ...] = ()) -> None:
        self.plan = FaultPlan(chance=NamedChance("bench"), rules=rules, start_at=START)
        self.match_faults = MatchFaults(self.plan, OURS, until=FOREVER)
        self.exchange = Exchange(
            ExchangeOptions(fails_at=self.match_faults.fails_at), Random(1), START
        )
        self.exchange.list_market(
            Listing(
                condition_id=CONDITION,
                tokens=(YES, NO),
                outcomes=("Yes", "No"),
                tick=a_price("0.01"),
                shares_min=parse_micros("5"),  # type: ignore[arg-type]
                spender="exchange",
            )
        )
        for owner in (OURS, THEIRS):
            self.exchange.approve(Wallet(owner), "exchange", START)
            self.exchange.fund(Wallet(owner), Cash(1_000 * MICRO), START)
        marketplace = Marketplace(self.exchange, START)
        self.past, self.held = AccountPast(self.exchange, OURS), HeldReplies()
        for watcher in (self.past.hear, self.held.hear):
            marketplace.watch(watcher)
        self.outside = OutsideTime(marketplace, origin_at=START)
        self.line = RequestLine(
            outside=self.outside,
            plan=self.plan,
            service=ServiceSchedule(phases),
            latency=lambda _: LATENCY,
            timeout_s=TIMEOUT_S,
            note=lambda text: None,
        )
        self.venue = VenueGateway(
            outside=self.outside,
            line=self.line,
            held=self.held,
            owner=OURS,
            wallet=Wallet(OURS),
            watch=self,
        )
        self.account = AccountGateway(
            exchange=self.exchange, line=self.line, owner=OURS, past=self.past
        )
        self.seen: list[str] = []

    def live(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Let a process live until its work is done."""
        loop = VirtualTimeLoop(start_ns=self.outside.elapsed_ns)
        self.outside.attach(loop)
        try:
            return loop.run_until_complete(work())
        finally:
            self.outside.detach()
            loop.close()

    def sent(self, order: Order, at: Nanos) -> None:
        self.seen.append("sent")

    def lost(self, order: Order, at: Nanos) -> None:
        self.seen.append("lost")

    def arrived(self, posted: PostedOrder, reply: SubmitReply, at: Nanos) -> None:
        self.seen.append("arrived")

    def cancel_sent(self, order: Order, at: Nanos) -> None:
        self.seen.append("cancel sent")


def a_price(text: str) -> Any:
    return parse_micros(text)


def a_prepared(number: int = 1, *, now: Nanos = START, **target: Any) -> PreparedOrder:
    """Return an order of ours, ready to leave."""
    approved = Approved(
        target=a_target(**target),
        strategy_id=StrategyId("a-strategy"),
        condition_id=CONDITION,
        arrival_price=a_price("0.50"),
        replaces=None,
    )
    return prepare(ClientOrderId(f"run-{number}"), approved, now)


def a_rule(
    kind: Any, point: FaultPoint, *values: int, nth: int = 1, is_done: bool | None = None
) -> FaultRule:
    """Return a rule that strikes a counted question."""
    return FaultRule(
        kind=kind, points=(point,), nth=frozenset({nth}), values=values, is_done=is_done
    )
