"""The life of a fill after the match: a small machine of its own, as a table.

A position counts from MATCHED; FAILED reverses it. Only CONFIRMED and FAILED are final; a
transaction seen earlier may still be replaced (venue: trades and settlement).
"""

from enum import StrEnum
from typing import Final

from daemon.errors import IllegalTransition


class SettlementStatus(StrEnum):
    """How far the settlement of a trade has come on chain."""

    MATCHED = "matched"
    MINED = "mined"
    RETRYING = "retrying"
    CONFIRMED = "confirmed"
    FAILED = "failed"


_S = SettlementStatus

FINAL: Final = frozenset({_S.CONFIRMED, _S.FAILED})
"""After these nothing changes any more."""

SETTLEMENTS: Final[dict[SettlementStatus, dict[SettlementStatus, SettlementStatus]]] = {
    _S.MATCHED: {
        _S.MATCHED: _S.MATCHED,
        _S.MINED: _S.MINED,
        _S.RETRYING: _S.RETRYING,
        _S.CONFIRMED: _S.CONFIRMED,
        _S.FAILED: _S.FAILED,
    },
    _S.MINED: {
        _S.MATCHED: _S.MINED,  # Late news.
        _S.MINED: _S.MINED,
        _S.RETRYING: _S.RETRYING,
        _S.CONFIRMED: _S.CONFIRMED,
        _S.FAILED: _S.FAILED,
    },
    _S.RETRYING: {
        _S.MATCHED: _S.RETRYING,  # Late news.
        _S.MINED: _S.MINED,
        _S.RETRYING: _S.RETRYING,
        _S.CONFIRMED: _S.CONFIRMED,
        _S.FAILED: _S.FAILED,
    },
    # Final: late or repeated news changes nothing; a reversal of the final word is illegal.
    _S.CONFIRMED: {
        _S.MATCHED: _S.CONFIRMED,
        _S.MINED: _S.CONFIRMED,
        _S.RETRYING: _S.CONFIRMED,
        _S.CONFIRMED: _S.CONFIRMED,
    },
    _S.FAILED: {
        _S.MATCHED: _S.FAILED,
        _S.MINED: _S.FAILED,
        _S.RETRYING: _S.FAILED,
        _S.FAILED: _S.FAILED,
    },
}
"""(status, news) → status. What is missing is illegal."""


def settle(status: SettlementStatus, news: SettlementStatus) -> SettlementStatus:
    """Return the status after the news; IllegalTransition when a final word is taken back."""
    try:
        return SETTLEMENTS[status][news]
    except KeyError:
        raise IllegalTransition(
            f"a {status} trade was reported {news}: compare the journal with the venue"
        ) from None
