"""Everything that determines an engine before its first step: what a run builds, and a replay again.

Nothing of credentials, database or addresses is in it, so it may be written down as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from pydantic import Field, TypeAdapter, ValidationError

from config.loaded import shown_entry
from config.settings import Settings
from config.strategy_factory import strategies_for
from config.strategy_settings import StrategySettings
from daemon.app.beginning import Beginning
from daemon.domain.ids import RunId
from daemon.domain.market import Market
from daemon.domain.units import Cash
from daemon.engine.converge import ConvergePolicy
from daemon.engine.engine import Engine
from daemon.engine.recovery import rebuild
from daemon.engine.state import EngineState
from daemon.errors import RecordingUnreadable
from daemon.ports import Entry
from daemon.risk.approval import Prepare
from daemon.risk.limits import RiskLimits
from daemon.risk.manager import RiskManager
from daemon.runtime.recording.codec import UNREADABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class EnginePlan:
    """What an engine is built from; the engine itself draws no chance and reads no clock."""

    run_id: RunId
    mode: str
    """A label; nothing depends on it."""
    markets: tuple[Market, ...]
    strategies: tuple[StrategySettings, ...]
    risk: RiskLimits
    cash_start: Cash
    converge: ConvergePolicy
    is_own_shown: bool

    def state(self, entries: Iterable[Entry]) -> EngineState:
        """Return the state that the account's history adds up to."""
        state = EngineState(
            markets=self.markets, stale_after=self.risk.stale_after, cash_start=self.cash_start
        )
        for entry in entries:
            rebuild(state, entry.facts)
        return state

    def engine(self, state: EngineState, prepare: Prepare) -> Engine:
        """Return the engine on a state; `prepare` names orders, and live signs them."""
        return Engine(
            run_id=self.run_id,
            state=state,
            strategies=strategies_for(self, self.markets),
            risk=RiskManager(self.risk),
            prepare=prepare,
            policy=self.converge,
            is_own_shown=self.is_own_shown,
        )


class _Written(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as it is written down: strategies in the words of the configuration."""

    run_id: RunId
    mode: str
    markets: tuple[Market, ...]
    strategies: tuple[dict[str, Any], ...]
    risk: RiskLimits
    cash_start: Cash
    converge: ConvergePolicy
    is_own_shown: bool


_STRATEGIES: Final[TypeAdapter[tuple[StrategySettings, ...]]] = TypeAdapter(
    tuple[Annotated[StrategySettings, Field(discriminator="name")], ...]
)


def plan_of(settings: Settings, beginning: Beginning, *, is_own_shown: bool) -> EnginePlan:
    """Return the plan of a configured run."""
    return EnginePlan(
        run_id=beginning.run.run_id,
        mode=settings.mode.label,
        markets=beginning.markets,
        strategies=settings.strategies,
        risk=settings.risk,
        cash_start=settings.paper_cash,
        converge=settings.converge,
        is_own_shown=is_own_shown,
    )


def plan_text(plan: EnginePlan) -> bytes:
    """Return the plan as JSON."""
    written = _Written(
        run_id=plan.run_id,
        mode=plan.mode,
        markets=plan.markets,
        strategies=tuple(shown_entry(entry) for entry in plan.strategies),
        risk=plan.risk,
        cash_start=plan.cash_start,
        converge=plan.converge,
        is_own_shown=plan.is_own_shown,
    )
    return msgspec.json.encode(written)


def plan_from(text: bytes) -> EnginePlan:
    """Return the plan of a JSON text; RecordingUnreadable when this version cannot read it."""
    try:
        written = msgspec.json.decode(text, type=_Written)
        strategies = _STRATEGIES.validate_python(written.strategies)
    except (*UNREADABLE, ValidationError) as error:
        said = " ".join(str(error).split())
        raise RecordingUnreadable(
            f"the configuration in the recording cannot be read ({said}): replay it with the version "
            "that recorded it"
        ) from error
    return EnginePlan(
        run_id=written.run_id,
        mode=written.mode,
        markets=written.markets,
        strategies=strategies,
        risk=written.risk,
        cash_start=written.cash_start,
        converge=written.converge,
        is_own_shown=written.is_own_shown,
    )
