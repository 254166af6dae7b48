import pytest

from daemon.domain.fill import Fill
from daemon.domain.position_ledger import PositionLedger
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.errors import IllegalTransition
from tests.builders import CONDITION, YES, a_fill, price, shares

S = SettlementStatus


def a_ledger(*fills: Fill) -> PositionLedger:
    ledger = PositionLedger(YES, CONDITION)
    for fill in fills:
        ledger.add(fill)
    return ledger


def test_position_counts_from_the_match() -> None:
    assert a_ledger(a_fill(shares="10")).position.shares == shares("10")


def test_failed_fill_is_taken_back_as_if_it_had_never_been() -> None:
    first, failing, last = (
        a_fill(shares="10", price="0.40"),
        a_fill(shares="10", price="0.80", fee="0.1"),
        a_fill(shares="5", price="0.50", side=Side.SELL),
    )
    ledger = a_ledger(first, failing, last)
    assert ledger.settle(failing.trade_id, S.FAILED) == a_ledger(first, last).position
    assert ledger.position.fees == 0


def test_fill_that_is_failed_from_birth_never_counts() -> None:
    waiting = a_fill(shares="10")
    ledger = a_ledger(waiting, a_fill(shares="7", settlement=S.FAILED))
    assert ledger.position == a_ledger(waiting).position


def test_buy_that_was_sold_on_and_then_failed_leaves_shares_owed() -> None:
    bought = a_fill(shares="10", price="0.40")
    ledger = a_ledger(bought, a_fill(shares="10", price="0.50", side=Side.SELL))
    position = ledger.settle(bought.trade_id, S.FAILED)
    assert position is not None
    assert (position.shares, position.average_price) == (-shares("10"), price("0.50"))


def test_progress_that_is_not_failure_leaves_the_position_alone() -> None:
    fill = a_fill()
    ledger = a_ledger(fill)
    for news in (S.MATCHED, S.MINED, S.RETRYING, S.MINED, S.CONFIRMED):
        assert ledger.settle(fill.trade_id, news) is None
    assert ledger.position.shares == fill.shares


def test_failure_told_twice_is_taken_back_once() -> None:
    waiting, failing = a_fill(shares="10"), a_fill(shares="3")
    ledger = a_ledger(waiting, failing)
    assert ledger.settle(failing.trade_id, S.FAILED) is not None
    assert ledger.settle(failing.trade_id, S.FAILED) is None
    assert ledger.position.shares == shares("10")


def test_final_word_cannot_be_taken_back() -> None:
    waiting, confirmed = a_fill(), a_fill(settlement=S.CONFIRMED)
    ledger = a_ledger(waiting, confirmed)
    with pytest.raises(IllegalTransition):
        ledger.settle(confirmed.trade_id, S.FAILED)


def test_trade_of_another_token_changes_nothing() -> None:
    assert a_ledger(a_fill()).settle(a_fill().trade_id, S.FAILED) is None


def test_only_bought_shares_on_their_way_are_unsettled() -> None:
    first, second = a_fill(shares="10"), a_fill(shares="5")
    ledger = a_ledger(first, second, a_fill(shares="2", side=Side.SELL))
    assert ledger.unsettled == shares("15")
    ledger.settle(second.trade_id, S.CONFIRMED)
    assert ledger.unsettled == shares("10")


def test_failed_fill_behind_an_unsettled_one_is_not_on_its_way() -> None:
    first, failing = a_fill(shares="10"), a_fill(shares="5")
    ledger = a_ledger(first, failing)
    ledger.settle(failing.trade_id, S.FAILED)
    assert ledger.unsettled == shares("10")


def test_memory_holds_only_what_follows_the_first_unsettled_fill() -> None:
    fills = [a_fill(shares="1") for _ in range(4)]
    ledger = a_ledger(*fills)
    ledger.settle(fills[1].trade_id, S.CONFIRMED)
    ledger.settle(fills[2].trade_id, S.FAILED)
    assert len(ledger._unsettled) == 4
    ledger.settle(fills[0].trade_id, S.CONFIRMED)
    assert [fill.trade_id for fill in ledger._unsettled] == [fills[3].trade_id]
    assert set(ledger._settlement) == {fills[3].leg}
    assert ledger.position.shares == shares("3")


def test_same_trade_twice_is_a_broken_promise() -> None:
    fill = a_fill()
    with pytest.raises(AssertionError, match="is counted already"):
        a_ledger(fill, fill)
