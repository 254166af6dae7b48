"""An engine with one TopBidder in every market of a tape, and what a venue would tell it."""

from collections.abc import Iterable

from benchmarks.recording import Recording
from benchmarks.shipped_settings import shipped_settings
from daemon.adapters.polymarket.protocol import parse_market
from daemon.domain import order_events as ev
from daemon.domain.feed import MarketEvent
from daemon.domain.ids import RunId, StrategyId
from daemon.domain.order import Order
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NO_SHARES, Nanos, Price, Shares
from daemon.engine.engine import Engine
from daemon.engine.inputs import Event
from daemon.engine.outcome import Effect, SubmitOrder
from daemon.engine.state import EngineState
from daemon.risk.limits import RiskLimits
from daemon.risk.manager import RiskManager
from daemon.sim.paper_venue import prepare
from strategies.top_bidder import TopBidder, TopBidderParams

LIMIT = Price(950_000)
SIZE = Shares(5 * MICRO)


def an_engine(tape: Recording, limits: RiskLimits) -> Engine:
    """Return an engine that has seen the opening books and has an order resting in each market."""
    settings = shipped_settings()
    engine = Engine(
        run_id=RunId("bench"),
        state=EngineState(
            markets=tape.markets, stale_after=limits.stale_after, cash_start=settings.paper_cash
        ),
        strategies=[
            TopBidder(
                StrategyId(f"top-{market.slug}"),
                TopBidderParams(
                    token=market.tokens[0], side=Side.BUY, limit_price=LIMIT, shares_per_order=SIZE
                ),
            )
            for market in tape.markets
        ],
        risk=RiskManager(limits),
        prepare=prepare,
        policy=settings.converge,
        is_own_shown=False,
    )
    opened = engine.step(events_of(tape.opening, tape.opened_at), tape.opened_at)
    engine.step(acceptance(opened.effects), tape.opened_at)
    return engine


def events_of(raw: bytes, at: Nanos) -> tuple[MarketEvent, ...]:
    """Return the events of a frame that must be good."""
    events = parse_market(raw, at)
    assert isinstance(events, tuple), events
    return events


def acceptance(effects: Iterable[Effect]) -> tuple[Event, ...]:
    """Return the news that every submit was sent and taken."""
    return tuple(
        news
        for effect in effects
        if isinstance(effect, SubmitOrder)
        for name in (effect.prepared.order.client_order_id,)
        for news in (ev.OrderSent(client_order_id=name), ev.OrderAccepted(client_order_id=name))
    )


def end(order: Order) -> tuple[Event, ...]:
    """Return the news that an order was cancelled unfilled."""
    return (
        ev.OrderCanceled(client_order_id=order.client_order_id, matched=NO_SHARES, reason="asked"),
    )
