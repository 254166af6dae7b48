"""Positions counted again from fills, and what a wrong table looks like beside them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.fill import Fill
from daemon.domain.ids import TradeId
from daemon.domain.position import Position
from daemon.domain.position_ledger import PositionLedger
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import Cash, Price, Shares
from daemon.report.position_recount import CountedFill, Holding, differences, recount
from tests.builders import a_fill

TOKEN = a_fill().token
OURS = Holding("paper", "purse", TOKEN)


def counted(*fills: Fill, account: str = "purse") -> list[CountedFill]:
    return [CountedFill(mode="paper", account=account, fill=fill) for fill in fills]


def a_trade(number: int, side: Side, price: int, shares: int, fee: int = 0) -> Fill:
    return replace(
        a_fill(),
        trade_id=TradeId(f"t{number}"),
        side=side,
        price=Price(price),
        shares=Shares(shares),
        fee=Cash(fee),
    )


fills = st.lists(
    st.tuples(
        st.sampled_from(Side),
        st.integers(1, 999_999),
        st.integers(1, 5_000_000),
        st.integers(0, 50_000),
        st.sampled_from(
            [SettlementStatus.CONFIRMED, SettlementStatus.MATCHED, SettlementStatus.FAILED]
        ),
    ),
    max_size=12,
)


@given(fills)
def test_it_comes_to_what_the_engines_ledger_comes_to(
    trades: list[tuple[Side, int, int, int, SettlementStatus]],
) -> None:
    ledger = PositionLedger(TOKEN, a_fill().condition_id)
    made: list[Fill] = []
    for number, (side, price, shares, fee, settlement) in enumerate(trades):
        fill = replace(a_trade(number, side, price, shares, fee), settlement=settlement)
        ledger.add(fill)
        made.append(fill)
    expected = {OURS: ledger.position} if made else {}
    assert recount(counted(*made)) == expected


def test_accounts_and_modes_are_kept_apart() -> None:
    mine = counted(a_trade(1, Side.BUY, 500_000, 1_000_000))
    yours = counted(a_trade(2, Side.BUY, 400_000, 2_000_000), account="other")
    found = recount([*mine, *yours])
    assert {holding.account: position.shares for holding, position in found.items()} == {
        "purse": 1_000_000,
        "other": 2_000_000,
    }


def test_an_equal_table_shows_no_difference() -> None:
    truth = recount(counted(a_trade(1, Side.BUY, 500_000, 1_000_000, 7)))
    assert differences(dict(truth), truth) == ()


def test_every_wrong_figure_is_named_with_both_values() -> None:
    truth = recount(counted(a_trade(1, Side.BUY, 500_000, 1_000_000, 7)))
    wrong = {OURS: replace(truth[OURS], shares=Shares(2_000_000), fees=Cash(0))}
    found = {d.field: (d.stored, d.recounted) for d in differences(wrong, truth)}
    assert found == {"shares": (2_000_000, 1_000_000), "fees": (0, 7)}


def test_a_missing_row_is_a_difference() -> None:
    truth = recount(counted(a_trade(1, Side.BUY, 500_000, 1_000_000)))
    (found,) = differences({}, truth)
    assert (found.field, found.stored, found.recounted) == ("row", None, 1_000_000)


def test_a_row_that_no_execution_supports_must_be_flat() -> None:
    flat = Position(token=TOKEN, condition_id=a_fill().condition_id)
    assert differences({OURS: flat}, {}) == ()
    (found,) = differences({OURS: replace(flat, shares=Shares(5))}, {})
    assert (found.field, found.stored, found.recounted) == ("shares", 5, 0)
