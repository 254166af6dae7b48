"""The only list of invariants."""

from typing import Final

from daemon.simulation.auditor.invariant import Invariant
from daemon.simulation.auditor.invariants.cancels_wait_for_nobody import CancelsWaitForNobody
from daemon.simulation.auditor.invariants.conservation import Conservation
from daemon.simulation.auditor.invariants.ends_alike import EndsAlike
from daemon.simulation.auditor.invariants.ends_are_true import EndsAreTrue
from daemon.simulation.auditor.invariants.fills_are_real import FillsAreReal
from daemon.simulation.auditor.invariants.fresh_submits import FreshSubmits
from daemon.simulation.auditor.invariants.halts_reach_zero import HaltsReachZero
from daemon.simulation.auditor.invariants.intent_first import IntentFirst
from daemon.simulation.auditor.invariants.last_look import LastLook
from daemon.simulation.auditor.invariants.no_own_trades import NoOwnTrades
from daemon.simulation.auditor.invariants.no_self_doubt import NoSelfDoubt
from daemon.simulation.auditor.invariants.one_order_per_intent import OneOrderPerIntent
from daemon.simulation.auditor.invariants.parents_within_total import ParentsWithinTotal
from daemon.simulation.auditor.invariants.positions_add_up import PositionsAddUp
from daemon.simulation.auditor.invariants.prices_within_limit import PricesWithinLimit
from daemon.simulation.auditor.invariants.rebuilt_as_committed import RebuiltAsCommitted
from daemon.simulation.auditor.invariants.stopped_means_stopped import StoppedMeansStopped
from daemon.simulation.auditor.invariants.trading_resumes import TradingResumes
from daemon.simulation.auditor.invariants.within_limits import WithinLimits

INVARIANTS: Final[tuple[type[Invariant], ...]] = (
    Conservation,
    PositionsAddUp,
    FillsAreReal,
    WithinLimits,
    PricesWithinLimit,
    ParentsWithinTotal,
    NoOwnTrades,
    IntentFirst,
    OneOrderPerIntent,
    FreshSubmits,
    LastLook,
    StoppedMeansStopped,
    CancelsWaitForNobody,
    EndsAreTrue,
    RebuiltAsCommitted,
    HaltsReachZero,
    TradingResumes,
    NoSelfDoubt,
    EndsAlike,
)
"""In the order they are asked."""
