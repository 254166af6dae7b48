"""Every settlement status meets every other one."""

import pytest

from daemon.domain.settlement import FINAL, SETTLEMENTS, SettlementStatus, settle
from daemon.errors import IllegalTransition

S = SettlementStatus
PROGRESS = [S.MATCHED, S.MINED, S.CONFIRMED]


def expected(status: SettlementStatus, news: SettlementStatus) -> SettlementStatus | None:
    """Say in rules what the table says in rows; None for illegal."""
    if status in FINAL:
        return status if news is status or news not in FINAL else None
    if news in FINAL or news is S.RETRYING:
        return news
    if status is S.RETRYING:
        return S.MINED if news is S.MINED else S.RETRYING
    return max(status, news, key=PROGRESS.index)


@pytest.mark.parametrize("news", S)
@pytest.mark.parametrize("status", S)
def test_every_settlement_status_meets_every_news(
    status: SettlementStatus, news: SettlementStatus
) -> None:
    after = expected(status, news)
    if after is None:
        with pytest.raises(IllegalTransition, match=rf"a {status} trade was reported {news}"):
            settle(status, news)
    else:
        assert settle(status, news) is after


def test_table_names_every_settlement_status() -> None:
    assert set(SETTLEMENTS) == set(S)


def test_only_confirmed_and_failed_are_final() -> None:
    assert {status for status, row in SETTLEMENTS.items() if set(row.values()) == {status}} == FINAL
