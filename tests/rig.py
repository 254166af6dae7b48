"""An engine in a test, with the memory of everything it said: `a_rig(Wisher("s", (a_target(),)))`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from daemon.domain import order_events as ev
from daemon.domain.facts import Fact
from daemon.domain.fill import Liquidity
from daemon.domain.ids import RunId, TokenId, TradeId
from daemon.domain.market import Market
from daemon.domain.order import Order
from daemon.domain.settlement import SettlementStatus
from daemon.domain.strategy import Strategy
from daemon.domain.units import NANOS_PER_MS, Cash, Nanos
from daemon.domain.venue_reports import CancelReported, FillReported
from daemon.engine.converge import ConvergePolicy
from daemon.engine.engine import Engine
from daemon.engine.inputs import Event, Pulse
from daemon.engine.outcome import CancelOrder, Effect, Outcome, SubmitOrder
from daemon.engine.recovery import doubtful, rebuild
from daemon.engine.state import EngineState
from daemon.risk.limits import RiskLimits
from daemon.risk.manager import RiskManager
from tests.builders import START, YES, a_market, cash, price, shares
from tests.engine_builders import EVERYTHING_ALLOWED, a_snapshot, prepare


@dataclass
class Rig:
    """An engine under test and the memory of everything it said."""

    engine: Engine
    strategies: tuple[Strategy, ...]
    limits: RiskLimits
    policy: ConvergePolicy
    markets: tuple[Market, ...]
    cash_start: Cash
    is_own_shown: bool
    now: Nanos = START
    facts: list[Fact] = field(default_factory=list[Fact])
    last: Outcome = field(default_factory=lambda: Outcome(seq=1, at=START, facts=(), effects=()))
    trades: int = 0
    run: str = "run"

    @property
    def state(self) -> EngineState:
        """Return what the engine knows."""
        return self.engine.state

    @property
    def submits(self) -> tuple[Order, ...]:
        """Return the orders that the last step wants sent."""
        return tuple(e.prepared.order for e in self.last.effects if isinstance(e, SubmitOrder))

    @property
    def cancels(self) -> tuple[Order, ...]:
        """Return the orders that the last step wants cancelled."""
        return tuple(e.order for e in self.last.effects if isinstance(e, CancelOrder))

    def effects(self, kind: type[Effect]) -> list[Effect]:
        """Return the last step's effects of one kind."""
        return [effect for effect in self.last.effects if isinstance(effect, kind)]

    def step(self, *events: Event, after_ms: int = 0) -> Outcome:
        """Let time pass, then let the events happen in one step."""
        self.now = Nanos(self.now + after_ms * NANOS_PER_MS)
        self.last = self.engine.step(events, self.now)
        self.facts.extend(self.last.facts)
        return self.last

    def pulse(self, after_ms: int = 100) -> Outcome:
        """Let time pass."""
        return self.step(Pulse(), after_ms=after_ms)

    def show(
        self,
        bids: Mapping[str, str] | None = None,
        asks: Mapping[str, str] | None = None,
        *,
        token: TokenId = YES,
    ) -> Outcome:
        """Show a whole fresh book."""
        return self.step(a_snapshot(bids=bids, asks=asks, token=token, at=self.now))

    def order(self, order: Order) -> Order:
        """Return an order as it is now."""
        found = self.state.desk.get(order.client_order_id)
        assert found is not None
        return found

    def send(self, order: Order) -> Outcome:
        """The outbox writes it to the venue."""
        return self.step(ev.OrderSent(client_order_id=order.client_order_id))

    def accept(self, order: Order) -> Outcome:
        """The venue takes it."""
        name = order.client_order_id
        return self.step(ev.OrderSent(client_order_id=name), ev.OrderAccepted(client_order_id=name))

    def reject(self, order: Order) -> Outcome:
        """The venue refuses it."""
        name = order.client_order_id
        return self.step(
            ev.OrderSent(client_order_id=name),
            ev.OrderRejected(client_order_id=name, reason="no"),
        )

    def fill(
        self,
        order: Order,
        size: str,
        *,
        at_price: str | None = None,
        trade_id: str | None = None,
        liquidity: Liquidity = Liquidity.MAKER,
        settlement: SettlementStatus = SettlementStatus.CONFIRMED,
    ) -> Outcome:
        """The venue trades some of it."""
        self.trades += 1
        return self.step(
            FillReported(
                venue_order_id=order.venue_order_id,
                trade_id=TradeId(trade_id or f"trade-{self.trades}"),
                price=order.price if at_price is None else price(at_price),
                shares=shares(size),
                liquidity=liquidity,
                settlement=settlement,
                at=self.now,
            )
        )

    def cancel(self, order: Order, matched: str | None = None) -> Outcome:
        """The venue took it out; it says what had matched, which is what we have seen by default."""
        told = self.order(order).filled if matched is None else shares(matched)
        return self.step(
            CancelReported(venue_order_id=order.venue_order_id, matched=told, reason="asked")
        )

    def rebuilt(self) -> EngineState:
        """Return the state that the facts so far make, as a new run would find it."""
        state = EngineState(
            markets=self.markets, stale_after=self.limits.stale_after, cash_start=self.cash_start
        )
        rebuild(state, self.facts)
        return state

    def restart(self, *strategies: Strategy) -> "Rig":
        """Crash, and come back from the facts with these strategies; open orders are doubtful."""
        rig = a_rig(
            *(strategies or self.strategies),
            limits=self.limits,
            policy=self.policy,
            markets=self.markets,
            cash_start=self.cash_start,
            is_own_shown=self.is_own_shown,
            facts=self.facts,
            run=f"{self.run}x",
        )
        rig.now, rig.trades = self.now, self.trades
        rig.step(*doubtful(rig.state))
        return rig


def a_rig(
    *strategies: Strategy,
    markets: tuple[Market, ...] | None = None,
    limits: RiskLimits = EVERYTHING_ALLOWED,
    policy: ConvergePolicy | None = None,
    rest_min_ms: int = 0,
    cash_start: Cash | None = None,
    is_own_shown: bool = False,
    facts: Iterable[Fact] = (),
    run: str = "run",
) -> Rig:
    """Return an engine with its strategies; `facts` is what earlier runs remembered."""
    known = (a_market(),) if markets is None else markets
    purse = cash("100000") if cash_start is None else cash_start
    rest = ConvergePolicy(rest_min=Nanos(rest_min_ms * NANOS_PER_MS)) if policy is None else policy
    state = EngineState(markets=known, stale_after=limits.stale_after, cash_start=purse)
    remembered = list(facts)
    rebuild(state, remembered)
    engine = Engine(
        run_id=RunId(run),
        state=state,
        strategies=strategies,
        risk=RiskManager(limits),
        prepare=prepare,
        policy=rest,
        is_own_shown=is_own_shown,
    )
    return Rig(
        engine=engine,
        strategies=strategies,
        limits=limits,
        policy=rest,
        markets=known,
        cash_start=purse,
        is_own_shown=is_own_shown,
        facts=remembered,
        run=run,
    )


def memory_of(state: EngineState) -> dict[str, object]:
    """Return everything of a state that outlives a run, to be compared."""
    desk, parents = state.desk, state.parents
    return {
        "open": desk.open,
        "at risk": desk._at_risk,
        "finished": desk._finished,
        "trades": desk.trades._trades,
        "unsettled": desk.trades._unsettled,
        "fills of children": desk.trades._filled,
        "parents at work": parents.active,
        "parents completed": parents.completed,
        "positions": state.portfolio.positions(),
        "sellable": {t: state.portfolio.sellable(t, ()) for t in state.market_of},
        "cash": state.portfolio.cash_free(()),
        "realized": state.portfolio.realized(),
        "halts": state.reasons.halts,
        "paused markets": state.reasons.markets,
        "strangers": state.strangers._told,
        "closed": state.closed,
    }
