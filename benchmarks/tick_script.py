"""What happens to an engine while a tape plays, written down once.

The engine is the same for the same input, so a rehearsal tells which frames lead to nothing, which
to a cancel and which to a new order; the timed repetitions then know what to time apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from benchmarks.bidders import acceptance, an_engine, end, events_of
from benchmarks.recording import RUN_MAX, Recording, kind_of
from daemon.domain.ids import TokenId
from daemon.domain.order import CANCELABLE, Order
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.engine.engine import Engine
from daemon.engine.inputs import Event
from daemon.engine.outcome import CancelOrder, Outcome, SubmitOrder
from daemon.risk.limits import RiskLimits
from daemon.sim.exchange.tape.frame import Frame

REPLY_AFTER: Final = Nanos(50 * NANOS_PER_MS)
"""A cancel is answered after this, as on paper; the next frame of the market brings the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Price changes in a row that lead to nothing; timed together."""

    frames: tuple[tuple[bytes, Nanos], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loud:
    """A frame that leads to something or is no price change, with the news that waits before it."""

    kind: str
    """`cancel`, `create` (an order in the place of the one whose end is the news) or `other`."""
    news: tuple[Event, ...]
    raw: bytes
    at: Nanos
    answer: tuple[Event, ...]
    """What the venue says to it; told in a step of its own."""


Scene: TypeAlias = Quiet | Loud


def rehearse(tape: Recording, limits: RiskLimits) -> Iterator[Scene]:
    """Yield what happens when orders follow the market, as their strategies want it."""
    engine = an_engine(tape, limits)
    waiting: dict[TokenId, tuple[Nanos, Order]] = {}
    quiet: list[tuple[bytes, Nanos]] = []
    for frame in tape.frames:
        ended = _answered(waiting, frame)
        outcome = _step(engine, frame, ended)
        is_quiet = not ended and not outcome.effects and kind_of(frame) == "change"
        if is_quiet:
            quiet.append((frame.payload, Nanos(frame.at)))
        if quiet and (not is_quiet or len(quiet) == RUN_MAX):
            yield Quiet(frames=tuple(quiet))
            quiet.clear()
        if not is_quiet:
            for effect in outcome.effects:
                if isinstance(effect, CancelOrder):
                    replied_at = Nanos(frame.at + REPLY_AFTER)
                    waiting[effect.order.token] = (replied_at, effect.order)
            yield _loud(engine, frame, ended, outcome)


def rehearse_replacing(tape: Recording, limits: RiskLimits) -> Iterator[Loud]:
    """Yield what happens when every frame brings the end of its market's order: a new one each."""
    engine = an_engine(tape, limits)
    for frame in tape.frames:
        orders = engine.state.desk.open.values()
        resting = [o for o in orders if o.token in frame.tokens and o.status in CANCELABLE]
        ended = resting[0] if resting and kind_of(frame) == "change" else None
        yield _loud(engine, frame, ended, _step(engine, frame, ended))


def _answered(waiting: dict[TokenId, tuple[Nanos, Order]], frame: Frame) -> Order | None:
    """Return the order of this market whose cancel is answered by now."""
    for token in map(TokenId, frame.tokens):
        if token in waiting and waiting[token][0] <= frame.at:
            return waiting.pop(token)[1]
    return None


def _step(engine: Engine, frame: Frame, ended: Order | None) -> Outcome:
    at = Nanos(frame.at)
    news = end(ended) if ended else ()
    outcome = engine.step((*news, *events_of(frame.payload, at)), at)
    trusted = {str(tracked.trust) for tracked in engine.state.ticks.books.values()}
    assert trusted == {"trusted"}, "a book is not believed any more; the figures would be others"
    return outcome


def _loud(engine: Engine, frame: Frame, ended: Order | None, outcome: Outcome) -> Loud:
    at = Nanos(frame.at)
    answer = acceptance(outcome.effects)
    engine.step(answer, at)
    news = end(ended) if ended else ()
    return Loud(kind=_kind(outcome), news=news, raw=frame.payload, at=at, answer=answer)


def _kind(outcome: Outcome) -> str:
    kinds = {type(effect) for effect in outcome.effects}
    if SubmitOrder in kinds:
        return "create"
    return "cancel" if CancelOrder in kinds else "other"
