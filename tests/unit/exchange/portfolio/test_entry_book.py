"""Average cost and realized profit, move by move."""

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, ONE, Cash, Nanos, Price, Shares
from daemon.sim.exchange.portfolio.entry_book import EntryBook
from daemon.sim.exchange.portfolio.wallet_leg import WalletLeg
from daemon.sim.exchange.trading.account_ids import Wallet
from daemon.sim.exchange.trading.chain_move import ChainMove, ChainMoveKind

CONDITION = ConditionId("0xc0")


def leg(side: Side, cents: int, shares: int, fee: int = 0) -> WalletLeg:
    return WalletLeg(
        at=Nanos(5),
        condition_id=CONDITION,
        token=TokenId("1"),
        side=side,
        price=Price(cents * MICRO // 100),
        shares=Shares(shares),
        cash=Cash(shares * cents // 100),
        fee=Cash(fee),
        is_taker=True,
        transaction_hash="0x1",
    )


def move(kind: ChainMoveKind, shares: int) -> ChainMove:
    return ChainMove(
        at=Nanos(9),
        kind=kind,
        wallet=Wallet("0xann"),
        cash=Cash(0),
        condition_id=CONDITION,
        shares=(shares, shares),
    )


def test_a_sale_takes_its_share_of_the_average_cost() -> None:
    book = EntryBook()
    book.trade(leg(Side.BUY, 40, 10 * MICRO, fee=3))
    book.trade(leg(Side.BUY, 60, 10 * MICRO))
    assert book.average_price == MICRO // 2
    book.trade(leg(Side.SELL, 70, 5 * MICRO, fee=2))
    assert (book.size, book.cost, book.realized) == (15 * MICRO, 7_500_000, 1_000_000)
    assert (book.fees, book.average_price) == (5, MICRO // 2)


def test_shares_of_a_split_cost_half_and_merged_ones_are_sold_for_it() -> None:
    book = EntryBook()
    book.move(move(ChainMoveKind.SPLIT, 4 * MICRO), 0, 0)
    book.move(move(ChainMoveKind.MERGE, 2 * MICRO), 0, 0)
    assert (book.size, book.cost, book.realized) == (2 * MICRO, MICRO, 0)
    book.move(move(ChainMoveKind.REDEEM, 2 * MICRO), 0, ONE)
    assert (book.size, book.cost, book.realized) == (0, 0, MICRO)
    assert (book.average_price, book.first_at, book.last_at) == (MICRO // 2, 9, 9)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 99), st.integers(1, 10**9)), max_size=30))
def test_what_was_paid_is_cost_or_realized(steps: list[tuple[bool, int, int]]) -> None:
    book, paid = EntryBook(), 0
    for is_buy, cents, shares in steps:
        side = Side.BUY if is_buy else Side.SELL
        part = leg(side, cents, shares if is_buy else min(shares, book.size))
        book.trade(part)
        paid += part.cash if is_buy else -part.cash
        assert book.size >= 0
        assert book.cost - book.realized == paid
