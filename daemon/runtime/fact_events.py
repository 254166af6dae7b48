"""Facts as log events: name and keys, by the table in `log_events.py`.

Reads the engine's state right after the step that made the facts, to name orders and markets in full.
Formats nothing for a screen and writes nothing.
"""

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from daemon.domain import order_events as ev
from daemon.domain.facts import (
    BookDistrusted,
    BookResynced,
    Fact,
    FeedWasLost,
    FeedWentUp,
    FillSettled,
    HaltLifted,
    MarketClosed,
    MarketPaused,
    MarketPauseLifted,
    OrderDuplicate,
    ParentCompleted,
    ParentStarted,
    PauseLifted,
    PositionChanged,
    StrangerCancelRequested,
    StrangerReported,
    TargetDenied,
    TradingHalted,
    TradingPaused,
)
from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.order import OrderStatus
from daemon.domain.reasons import HaltReason, PauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import Rounding, Shares, format_micros, round_exact
from daemon.engine.state import EngineState
from daemon.risk.trading_state import TradingState
from daemon.runtime.fact_keys import (
    Keys,
    fill_keys,
    holding_keys,
    known_order_keys,
    order_keys,
    token_keys,
    worth_keys,
)

LogEvent: TypeAlias = tuple[str, Keys]

TradingFact: TypeAlias = (
    TradingPaused | PauseLifted | TradingHalted | HaltLifted | FeedWentUp | FeedWasLost
)
_TRADING_FACTS = (
    TradingPaused,
    PauseLifted,
    TradingHalted,
    HaltLifted,
    FeedWentUp,
    FeedWasLost,
)


class FactEvents:
    """Turns the facts of a step into events, in order."""

    def __init__(self, state: EngineState) -> None:
        """`state` as recovered: what is held already is no news."""
        self._state = state
        self._shares: dict[TokenId, Shares] = {}
        self._realized_when_flat: dict[TokenId, int] = {}
        for position in state.portfolio.positions():
            self._shares[position.token] = position.shares
            self._realized_when_flat[position.token] = position.realized_exact

    def events(self, facts: tuple[Fact, ...]) -> Iterator[tuple[int, LogEvent]]:
        """Yield (index of the fact, its event); some facts have two."""
        was_lifted = False
        for index, fact in enumerate(facts):
            if isinstance(fact, ev.OrderFilled):
                yield index, ("order.filled", self._filled(fact, facts[index + 1 :]))
            elif isinstance(fact, PositionChanged):
                for event in self._position(fact):
                    yield index, event
            elif isinstance(fact, _TRADING_FACTS):
                was_lifted = was_lifted or isinstance(fact, PauseLifted | HaltLifted)
                for event in self._trading(fact):
                    yield index, event
            elif isinstance(fact, ev.OrderCreated | ev.OrderEvent):
                yield index, self._order(fact)
            else:
                yield index, self._other(fact)
        if was_lifted and self._state.reasons.state is TradingState.ACTIVE:
            yield len(facts) - 1, ("trading.resumed", {})

    def _order(self, fact: ev.OrderCreated | ev.OrderEvent) -> LogEvent:
        if isinstance(fact, ev.OrderCreated):
            return "order.created", self._created(fact)
        keys = known_order_keys(self._state, fact.client_order_id)
        match fact:
            case ev.OrderSent():
                return "order.sent", keys
            case ev.OrderAccepted():
                return "order.accepted", keys
            case ev.OrderDelayed():
                return "order.delayed", keys
            case ev.OrderFailed(reason=reason):
                return "order.failed", keys | {"reason": reason}
            case ev.OrderRejected(reason=reason):
                return "order.rejected", keys | {"reason": reason}
            case ev.OrderUnknown(reason=reason):
                return "order.unknown", keys | {"reason": reason}
            case ev.CancelRequested(reason=reason):
                return "cancel.requested", keys | {"reason": reason}
            case ev.CancelRejected(reason=reason):
                return "cancel.rejected", keys | {"reason": reason}
            case ev.OrderCanceled(reason=reason, matched=matched):
                return "order.canceled", keys | {"reason": reason} | _matched(matched)
            case ev.OrderExpired(matched=matched):
                return "order.expired", keys | _matched(matched)
            case ev.OrderFilled():
                return "order.filled", self._filled(fact, ())
            case _:
                assert_never(fact)

    def _created(self, fact: ev.OrderCreated) -> Keys:
        order = fact.order
        keys = order_keys(self._state, order)
        keys["time_in_force"] = order.time_in_force
        keys["is_post_only"] = order.is_post_only
        keys["arrival_price"] = format_micros(order.arrival_price)
        if order.replaces is not None:
            keys["replaces"] = order.replaces
        return keys

    def _filled(self, fact: ev.OrderFilled, later: tuple[Fact, ...]) -> Keys:
        """Name a fill; the position after it is the fact that follows."""
        order = self._state.desk.get(fact.client_order_id)
        if order is None:
            return {"client_order_id": fact.client_order_id, "trade": fact.fill.trade_id}
        keys = order_keys(self._state, order) | fill_keys(order, fact.fill)
        keys["is_complete"] = order.status is OrderStatus.FILLED and not any(
            isinstance(other, ev.OrderFilled) and other.client_order_id == fact.client_order_id
            for other in later
        )
        after = later[0] if later else None
        if isinstance(after, PositionChanged) and after.position.token == fact.fill.token:
            keys |= holding_keys(after.position)
        return keys

    def _position(self, fact: PositionChanged) -> Iterator[LogEvent]:
        position = fact.position
        token = position.token
        name = token_keys(self._state, token)
        yield (
            "position.changed",
            name | holding_keys(position) | worth_keys(position, fact.mark),
        )
        was_held = self._shares.get(token, Shares(0)) != 0
        self._shares[token] = position.shares
        if position.shares or not was_held:
            return
        earned = position.realized_exact - self._realized_when_flat.get(token, 0)
        self._realized_when_flat[token] = position.realized_exact
        pnl = round_exact(earned, Rounding.DOWN)
        total = self._state.portfolio.realized()
        keys: Keys = {"pnl": format_micros(pnl), "total_pnl": format_micros(total)}
        yield "position.closed", name | keys

    def _trading(self, fact: TradingFact) -> Iterator[LogEvent]:
        match fact:
            case TradingPaused(reason=reason, detail=detail):
                if reason is PauseReason.BREAKER_OPEN:
                    yield "breaker.tripped", {"detail": detail}
                yield "trading.paused", {"reason": reason, "detail": detail}
            case PauseLifted(reason=reason):
                if reason is PauseReason.BREAKER_OPEN:
                    yield "breaker.closed", {}
                yield "pause.lifted", {"reason": reason, "remaining": self._why()}
            case TradingHalted(reason=reason, detail=detail):
                if reason is HaltReason.KILL_SWITCH:
                    yield "kill_switch.engaged", {"detail": detail}
                yield "trading.halted", {"reason": reason, "detail": detail}
            case HaltLifted(reason=reason):
                yield "halt.lifted", {"reason": reason, "remaining": self._why()}
            case FeedWentUp(tokens=tokens):
                yield "feed.up", {"tokens": len(tokens)}
            case FeedWasLost(tokens=tokens, reason=reason, detail=detail):
                yield "feed.lost", {"tokens": len(tokens), "reason": reason, "detail": detail}
            case _:
                assert_never(fact)

    def _other(
        self,
        fact: TargetDenied
        | FillSettled
        | OrderDuplicate
        | StrangerReported
        | StrangerCancelRequested
        | ParentStarted
        | ParentCompleted
        | BookDistrusted
        | BookResynced
        | MarketClosed
        | MarketPaused
        | MarketPauseLifted,
    ) -> LogEvent:
        match fact:
            case TargetDenied():
                return "order.denied", self._denied(fact)
            case FillSettled(trade_id=trade_id, settlement=settlement):
                is_failed = settlement is SettlementStatus.FAILED
                name = "fill.failed" if is_failed else "fill.settled"
                return name, {"trade": trade_id, "settlement": settlement}
            case OrderDuplicate(trade_id=trade_id):
                return "order.duplicate", {"trade": trade_id}
            case StrangerReported(venue_order_id=venue_order_id, detail=detail):
                return "stranger.reported", {"venue_order_id": venue_order_id, "detail": detail}
            case StrangerCancelRequested(venue_order_id=venue_order_id, attempt=attempt):
                keys: Keys = {"venue_order_id": venue_order_id, "attempt": attempt}
                return "stranger.cancel_requested", keys
            case ParentStarted():
                return "parent.started", self._parent(fact)
            case ParentCompleted(parent_id=parent_id, filled=filled, residue=residue):
                done = {"filled": format_micros(filled), "residue": format_micros(residue)}
                return "parent.completed", {"parent": parent_id, **done}
            case BookDistrusted(token=token, reason=reason):
                return "book.distrusted", token_keys(self._state, token) | {"reason": reason}
            case BookResynced(token=token):
                return "book.resynced", token_keys(self._state, token)
            case MarketClosed(condition_id=condition_id, detail=detail):
                return "market.closed", self._market(condition_id) | {"detail": detail}
            case MarketPaused(condition_id=condition_id, reason=reason, detail=detail):
                why: Keys = {"reason": reason, "detail": detail}
                return "market.paused", self._market(condition_id) | why
            case MarketPauseLifted(condition_id=condition_id, reason=reason):
                return "market.pause_lifted", self._market(condition_id) | {"reason": reason}
            case _:
                assert_never(fact)

    def _market(self, condition_id: ConditionId) -> Keys:
        market = self._state.markets.get(condition_id)
        keys: Keys = {} if market is None else {"market": market.slug}
        return keys | {"condition_id": condition_id}

    def _denied(self, fact: TargetDenied) -> Keys:
        return token_keys(self._state, fact.token) | {
            "strategy": fact.strategy_id,
            "slot": fact.slot,
            "side": fact.side,
            "price": format_micros(fact.price),
            "shares": format_micros(fact.shares),
            "reason": fact.reason,
            "detail": fact.detail,
        }

    def _parent(self, fact: ParentStarted) -> Keys:
        parent = fact.parent
        request = parent.request
        return token_keys(self._state, request.token) | {
            "parent": request.parent_id,
            "strategy": parent.strategy_id,
            "side": request.side,
            "shares": format_micros(request.shares),
            "slices": len(request.slices),
            "arrival_price": format_micros(parent.arrival_price),
        }

    def _why(self) -> str:
        return self._state.reasons.describe()


def _matched(matched: Shares | None) -> Keys:
    return {} if matched is None else {"matched": format_micros(matched)}
