"""What happens to an engine with one bidder in every market while a tape plays, written down once.

The engine is the same for the same input, so a rehearsal tells which frames lead to nothing, which
to a cancel and which to a new order; the timed repetitions then know what to time apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from benchmarks.recording import RUN_MAX, Recording
from benchmarks.shipped_settings import shipped_settings
from daemon.adapters.polymarket.protocol import parse_market
from daemon.domain import order_events as ev
from daemon.domain.feed import MarketEvent
from daemon.domain.ids import RunId, StrategyId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_MS, Nanos, Price, Shares
from daemon.engine.engine import Engine
from daemon.engine.inputs import Event
from daemon.engine.outcome import CancelOrder, Outcome, SubmitOrder
from daemon.engine.state import EngineState
from daemon.risk.manager import RiskManager
from daemon.sim.exchange.frame import Frame
from daemon.sim.paper_venue import prepare
from strategies.top_bidder import TopBidder, TopBidderParams

REPLY_AFTER: Final = Nanos(50 * NANOS_PER_MS)
"""A cancel is answered after this, as on paper; the next frame of the market brings the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Frames in a row that lead to nothing; timed together."""

    frames: tuple[tuple[bytes, Nanos], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loud:
    """A frame that leads to something, with the news that waits before it."""

    kind: str
    """`cancel`, `create` (an order in the place of the one whose end is the news) or `other`."""
    news: tuple[Event, ...]
    raw: bytes
    at: Nanos
    answer: tuple[Event, ...]
    """What the venue says to it; told in a step of its own."""


Scene: TypeAlias = Quiet | Loud


def an_engine(tape: Recording) -> Engine:
    """Return an engine with a BUY TopBidder on the first token of every market, books shown."""
    settings = shipped_settings()
    state = EngineState(
        markets=tape.markets, stale_after=settings.risk.stale_after, cash_start=settings.paper_cash
    )
    bidders = [
        TopBidder(
            StrategyId(f"top-{number}"),
            TopBidderParams(
                token=market.tokens[0],
                side=Side.BUY,
                limit_price=Price(950_000),
                shares_per_order=Shares(5 * MICRO),
            ),
        )
        for number, market in enumerate(tape.markets)
    ]
    engine = Engine(
        run_id=RunId("bench"),
        state=state,
        strategies=bidders,
        risk=RiskManager(settings.risk),
        prepare=prepare,
        policy=settings.converge,
        is_own_shown=False,
    )
    opened = engine.step(_events(tape.opening, tape.opened_at), tape.opened_at)
    engine.step(_answers(opened), tape.opened_at)
    return engine


def rehearse(tape: Recording) -> tuple[Scene, ...]:
    """Return the script of a tape; it fails when a book is not believed on the way."""
    return tuple(_scenes(tape, an_engine(tape)))


def _scenes(tape: Recording, engine: Engine) -> Iterator[Scene]:
    quiet: list[tuple[bytes, Nanos]] = []
    waiting: dict[str, tuple[Nanos, tuple[Event, ...]]] = {}
    for frame in tape.frames:
        at = Nanos(frame.at)
        news = _due_news(waiting, frame)
        outcome = engine.step((*news, *_events(frame.payload, at)), at)
        assert not engine.state.ticks.facts, "a book is not believed; the figures would be others"
        if not (news or outcome.facts or outcome.effects) and len(frame.updates) == 2:
            quiet.append((frame.payload, at))
            if len(quiet) < RUN_MAX:
                continue
        if quiet:
            yield Quiet(frames=tuple(quiet))
            quiet.clear()
        if news or outcome.facts or outcome.effects or len(frame.updates) != 2:
            answer = _answers(outcome)
            engine.step(answer, at)
            for effect in outcome.effects:
                if isinstance(effect, CancelOrder):
                    waiting[effect.order.token] = (Nanos(at + REPLY_AFTER), _end(effect))
            yield Loud(kind=_kind(outcome), news=news, raw=frame.payload, at=at, answer=answer)


def _due_news(
    waiting: dict[str, tuple[Nanos, tuple[Event, ...]]], frame: Frame
) -> tuple[Event, ...]:
    for token in frame.tokens:
        if token in waiting and waiting[token][0] <= frame.at:
            return waiting.pop(token)[1]
    return ()


def _kind(outcome: Outcome) -> str:
    kinds = {type(effect) for effect in outcome.effects}
    if SubmitOrder in kinds:
        return "create"
    return "cancel" if CancelOrder in kinds else "other"


def _answers(outcome: Outcome) -> tuple[Event, ...]:
    names = [
        effect.prepared.order.client_order_id
        for effect in outcome.effects
        if isinstance(effect, SubmitOrder)
    ]
    return tuple(
        event
        for name in names
        for event in (ev.OrderSent(client_order_id=name), ev.OrderAccepted(client_order_id=name))
    )


def _end(effect: CancelOrder) -> tuple[Event, ...]:
    name = effect.order.client_order_id
    return (ev.OrderCanceled(client_order_id=name, matched=Shares(0), reason="asked"),)


def _events(raw: bytes, at: Nanos) -> tuple[MarketEvent, ...]:
    events = parse_market(raw, at)
    assert isinstance(events, tuple), events
    return events
