"""What risk says to a target, in one word."""

from typing import Any

from daemon.domain.reasons import DenialReason
from daemon.domain.strategy import TargetOrder
from daemon.risk.approval import Approved
from daemon.risk.limits import RiskLimits
from daemon.risk.manager import RiskManager
from daemon.risk.situation import Situation
from tests.builders import a_target
from tests.engine_builders import EVERYTHING_ALLOWED, a_situation


def refusal(
    target: TargetOrder | None = None,
    situation: Situation | None = None,
    limits: RiskLimits = EVERYTHING_ALLOWED,
) -> DenialReason | None:
    """Return why a fresh manager refuses, None when it approves."""
    review = RiskManager(limits).review(target or a_target(), situation or a_situation())
    return None if isinstance(review, Approved) else review.reason


def detail(target: TargetOrder, situation: Situation, limits: RiskLimits) -> str:
    """Return the numbers of a refusal."""
    review: Any = RiskManager(limits).review(target, situation)
    return review.detail
