"""Whether we trade follows from the reasons why not, whatever came first."""

from itertools import combinations

import pytest

from daemon.domain.reasons import HaltReason, PauseReason
from daemon.risk.trading_state import EngineStatus, TradingReasons, TradingState

SOME = (
    PauseReason.STARTING,
    PauseReason.STOPPING,
    PauseReason.JOURNAL_DOWN,
    HaltReason.KILL_SWITCH,
    HaltReason.LOSS_LIMIT,
)


def reasons_of(*present: PauseReason | HaltReason) -> TradingReasons:
    reasons = TradingReasons()
    for reason in present:
        if isinstance(reason, PauseReason):
            reasons.pauses[reason] = ""
        else:
            reasons.halts[reason] = ""
    return reasons


def test_without_a_reason_we_trade() -> None:
    reasons = TradingReasons()
    assert reasons.state is TradingState.ACTIVE
    assert reasons.status is EngineStatus.RUNNING
    assert reasons.describe() == ""


@pytest.mark.parametrize(
    "present",
    [chosen for size in range(1, len(SOME) + 1) for chosen in combinations(SOME, size)],
    ids="+".join,
)
def test_a_halt_outweighs_every_pause(present: tuple[PauseReason | HaltReason, ...]) -> None:
    reasons = reasons_of(*present)
    is_halted = any(isinstance(reason, HaltReason) for reason in present)
    assert reasons.state is (TradingState.HALTED if is_halted else TradingState.PAUSED)
    for reason in present:
        assert reason in reasons.describe()


@pytest.mark.requirement("S3-063", "S3-065")
@pytest.mark.parametrize(
    ("present", "status"),
    [
        ((), EngineStatus.RUNNING),
        ((PauseReason.STARTING,), EngineStatus.STARTING),
        ((PauseReason.STARTING, PauseReason.FEED_LOST), EngineStatus.STARTING),
        ((PauseReason.STARTING, HaltReason.KILL_SWITCH), EngineStatus.ERROR),
        ((PauseReason.STOPPING,), EngineStatus.STOPPING),
        ((PauseReason.STOPPING, HaltReason.OPERATOR), EngineStatus.STOPPING),
        *(
            ((reason,), EngineStatus.PAUSED)
            for reason in PauseReason
            if reason not in (PauseReason.STARTING, PauseReason.STOPPING)
        ),
        *(((reason,), EngineStatus.ERROR) for reason in HaltReason),
    ],
)
def test_the_customers_words_are_a_view_of_the_reasons(
    present: tuple[PauseReason | HaltReason, ...], status: EngineStatus
) -> None:
    assert reasons_of(*present).status is status


def test_reasons_can_go_in_any_order() -> None:
    reasons = reasons_of(*SOME)
    reasons.halts.clear()
    assert reasons.state is TradingState.PAUSED
    for reason in (PauseReason.JOURNAL_DOWN, PauseReason.STARTING, PauseReason.STOPPING):
        assert reasons.state is TradingState.PAUSED
        del reasons.pauses[reason]
    assert reasons.state is TradingState.ACTIVE


def test_the_description_names_the_most_serious_first_with_its_detail() -> None:
    reasons = reasons_of(PauseReason.STARTING)
    reasons.halts[HaltReason.OPERATOR] = "lunch"
    assert reasons.describe() == "operator (lunch); starting"
