"""What people and the shell tell the engine: pauses, halts, the kill switch, resume, cancel-all."""

from typing import assert_never

from daemon.domain.facts import (
    HaltLifted,
    MarketPauseLifted,
    PauseLifted,
    PositionChanged,
    TradingHalted,
    TradingPaused,
)
from daemon.domain.order import CANCELABLE
from daemon.domain.reasons import HaltReason
from daemon.engine.collector import Collector
from daemon.engine.decision import Decision
from daemon.engine.inputs import (
    CancelAllRequested,
    ControlEvent,
    HaltRequested,
    KillSwitchChanged,
    MarkRequested,
    PauseEnded,
    PauseRequested,
    Pulse,
    ResumeRequested,
)
from daemon.engine.outcome import Alert, CancelAll
from daemon.engine.state import EngineState


class Control:
    """Changes the reasons not to trade; the rest follows from them."""

    def __init__(self, state: EngineState, decision: Decision) -> None:
        self._state = state
        self._decision = decision

    def apply(self, event: ControlEvent, out: Collector) -> bool:
        """Apply a control event; tell whether every strategy must be asked again."""
        reasons = self._state.reasons
        match event:
            case KillSwitchChanged(is_engaged=is_engaged, text=text):
                self._state.is_kill_switch_engaged = is_engaged
                return is_engaged and self._halt(HaltReason.KILL_SWITCH, text, out)
            case HaltRequested(reason=reason, detail=detail):
                return self._halt(reason, detail, out)
            case ResumeRequested():
                return self._resume(out)
            case PauseRequested(reason=reason, detail=detail):
                if reason in reasons.pauses:
                    return False
                reasons.pauses[reason] = detail
                out.facts.append(TradingPaused(reason=reason, detail=detail))
                return True
            case PauseEnded(reason=reason):
                if reasons.pauses.pop(reason, None) is None:
                    return False
                out.facts.append(PauseLifted(reason=reason))
                return True
            case CancelAllRequested(by=by):
                self._cancel_all(by, out)
                return False
            case MarkRequested():
                self._mark(out)
                return False
            case Pulse():
                return False
            case _:  # pragma: no cover  # The type checker proves that nothing is left.
                assert_never(event)

    def _halt(self, reason: HaltReason, detail: str, out: Collector) -> bool:
        """Latch a halt; the cancels follow because no strategy may want anything any more."""
        halts = self._state.reasons.halts
        if reason in halts:
            return False
        halts[reason] = detail
        out.facts.append(TradingHalted(reason=reason, detail=detail))
        out.effects.append(CancelAll())
        out.effects.append(Alert("critical", "trading.halted", f"{reason}: {detail}"))
        return True

    def _resume(self, out: Collector) -> bool:
        """Lift every halt and every market's pause, unless the kill switch is still engaged."""
        if self._state.is_kill_switch_engaged:
            return False
        reasons = self._state.reasons
        lifted = [HaltLifted(reason=reason) for reason in reasons.halts]
        markets = [
            MarketPauseLifted(condition_id=condition_id, reason=reason)
            for condition_id, pauses in reasons.markets.items()
            for reason in pauses
        ]
        reasons.halts.clear()
        reasons.markets.clear()
        out.facts += [*lifted, *markets]
        return bool(lifted or markets)

    def _mark(self, out: Collector) -> None:
        """Write down every open position at its mark."""
        for position in self._state.portfolio.positions():
            if position.shares:
                mark = self._state.mark(position.token)
                out.facts.append(PositionChanged(position=position, mark=mark))

    def _cancel_all(self, by: str, out: Collector) -> None:
        for order in tuple(self._state.desk.open.values()):
            if order.status in CANCELABLE:
                self._decision.cancel(order, f"cancel-all by {by}", out)
        out.effects.append(CancelAll())
