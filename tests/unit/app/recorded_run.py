"""A short run of the real engine that was recorded: a bidder and a splitter on one market."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from config.strategy_settings import OrderSplitterSettings, TopBidderSettings
from daemon.app.engine_plan import EnginePlan, plan_text
from daemon.domain.feed import FeedUp
from daemon.domain.ids import ClientOrderId, RunId
from daemon.domain.order_events import OrderAccepted, OrderCanceled, OrderSent
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_S, NO_SHARES, Nanos
from daemon.engine.converge import ConvergePolicy
from daemon.engine.inputs import Event, Pulse
from daemon.engine.outcome import CancelOrder, Effect, SubmitOrder
from daemon.ports import Entry
from daemon.risk.approval import Prepare
from daemon.runtime.decision_log import DecisionLog
from daemon.runtime.loop import Step
from daemon.runtime.recorder import Recorder
from daemon.runtime.recording.codec import entry_line
from daemon.runtime.recording.packed_series import RecordingBounds
from daemon.runtime.recording.writer import RecordingWriter
from daemon.sim.paper_venue import prepare
from tests.builders import NO, START, YES, a_market, cash, shares
from tests.engine_builders import EVERYTHING_ALLOWED, a_change, a_snapshot, level

BOUNDS = RecordingBounds(file_bytes_max=10**9, total_bytes_max=10**12)
RUN = RunId("paper-1795820060465")
BEFORE = RunId("paper-1795820000000")
PLAN = EnginePlan(
    run_id=RUN,
    mode="paper",
    markets=(a_market(),),
    strategies=(
        TopBidderSettings.model_validate(
            {"name": "top_bidder", "limit_price": "0.60", "shares_per_order": "10", "token_id": YES}
        ),
        OrderSplitterSettings.model_validate(
            {
                "name": "order_splitter",
                "limit_price": "0.60",
                "outcome": "No",
                "total_shares": "20",
                "min_order_size": "5",
                "max_order_size": "10",
                "time_window_minutes": 1,
            }
        ),
    ),
    risk=replace(EVERYTHING_ALLOWED, market_position_max=shares("15")),
    cash_start=cash("1000"),
    converge=ConvergePolicy(rest_min=Nanos(0)),
    is_own_shown=False,
)


def script() -> list[tuple[Event, ...]]:
    """Return the events of each step, a second apart."""
    opening = (FeedUp((YES, NO)), a_snapshot(), a_snapshot(token=NO))
    moves = [
        (a_change(level(Side.BUY, text, "5"), at=Nanos(START + second * NANOS_PER_S)),)
        for second, text in enumerate(("0.49", "0.50", "0.51"), start=1)
    ]
    return [opening, *moves, (Pulse(),)]


def answers(effect: Effect) -> tuple[Event, ...]:
    """Return what a venue that takes everything says to it."""
    match effect:
        case SubmitOrder(prepared=prepared):
            name = prepared.order.client_order_id
            return (OrderSent(client_order_id=name), OrderAccepted(client_order_id=name))
        case CancelOrder(order=order):
            name = order.client_order_id
            return (OrderCanceled(client_order_id=name, matched=NO_SHARES, reason="asked"),)
        case _:
            return ()


def record_run(
    folder: Path,
    *,
    steps: Sequence[tuple[Event, ...]] | None = None,
    history: Sequence[Entry] = (),
    make_ready: Prepare = prepare,
    is_failing: bool = False,
) -> DecisionLog:
    """Run the script as the loop would and record it; return the run's own decision log.

    `is_failing`: one step more that the engine cannot take.
    """
    lines = [b'{"version":"0.1.0"}\n', plan_text(PLAN) + b"\n"]
    lines += [entry_line(BEFORE, entry) for entry in history]
    engine = PLAN.engine(PLAN.state(history), make_ready)
    recorder = Recorder(RecordingWriter(folder, lines, BOUNDS), steps_waiting_max=10_000)
    log = DecisionLog(None, recorder.decided)
    news: tuple[Event, ...] = ()
    with recorder:
        for second, given in enumerate(script() if steps is None else steps):
            now, events = Nanos(START + second * NANOS_PER_S), [*news, *given]
            recorder.take(events, now)
            outcome = engine.step(events, now)
            if outcome.facts or outcome.effects:
                log.observe(Step(events=events, outcome=outcome, duration_ns=1))
            news = tuple(event for effect in outcome.effects for event in answers(effect))
        if is_failing:
            recorder.take([OrderAccepted(client_order_id=ClientOrderId("nobody-1"))], START)
    return log
