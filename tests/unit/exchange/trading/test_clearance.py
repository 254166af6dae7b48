"""A resolved market is let go of once nobody has anything in it, and no sooner."""

from random import Random

import pytest

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_S, Cash, Nanos, Price, Shares
from daemon.sim.exchange.trading.account_ids import Asset, Owner, Wallet
from daemon.sim.exchange.trading.chain_move import ChainMoveKind
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder

CONDITION, YES, NO = ConditionId("0xc0"), TokenId("1"), TokenId("2")
ANN, BOB = Owner("ann"), Owner("bob")
START, MINUTE = Nanos(NANOS_PER_S), Nanos(60 * NANOS_PER_S)


def wallet_of(owner: Owner) -> Wallet:
    return Wallet(f"0x{owner}")


@pytest.fixture
def exchange() -> Exchange:
    exchange = Exchange(ExchangeOptions(), Random(1), START)
    exchange.list_market(
        Listing(
            condition_id=CONDITION,
            tokens=(YES, NO),
            outcomes=("Yes", "No"),
            tick=Price(MICRO // 100),
            shares_min=Shares(5 * MICRO),
            spender="0xE1",
        )
    )
    for owner in (ANN, BOB):
        exchange.approve(wallet_of(owner), "0xE1", START)
        exchange.fund(wallet_of(owner), Cash(100 * MICRO), START)
    return exchange


def buy(owner: Owner, token: TokenId, number: int) -> PostedOrder:
    return PostedOrder(
        order_id=VenueOrderId(f"{owner}-{number}"),
        owner=owner,
        wallet=wallet_of(owner),
        token=token,
        side=Side.BUY,
        maker_amount=5 * MICRO,
        taker_amount=10 * MICRO,
        order_type=OrderType.GTC,
    )


def trade_and_resolve(exchange: Exchange, *, settles: bool = True) -> Nanos:
    exchange.submit(buy(ANN, YES, 1), START)
    exchange.submit(buy(BOB, NO, 1), START)
    now = Nanos(START + MINUTE if settles else START)
    exchange.advance(now)
    exchange.resolve(CONDITION, YES, now)
    return now


def redeem_all(exchange: Exchange, now: Nanos) -> None:
    for owner in (ANN, BOB):
        exchange.redeem(wallet_of(owner), CONDITION, now)


def test_a_market_goes_with_its_orders_trades_and_holdings(exchange: Exchange) -> None:
    now = trade_and_resolve(exchange)
    assert len(exchange.trades_of_wallet(wallet_of(ANN))) == 1
    redeem_all(exchange, now)
    assert exchange.forget_market(CONDITION)
    assert exchange.market(CONDITION) is None
    assert exchange.book(YES) is None
    assert exchange.order(VenueOrderId("ann-1")) is None
    assert exchange.trades(ANN) == exchange.trades_of_wallet(wallet_of(BOB)) == ()
    assert (wallet_of(ANN), Asset(YES)) not in exchange._ledger._holdings
    exchange.audit()


def test_shares_that_nobody_redeemed_keep_it(exchange: Exchange) -> None:
    now = trade_and_resolve(exchange)
    assert not exchange.forget_market(CONDITION)
    exchange.redeem(wallet_of(ANN), CONDITION, now)
    assert not exchange.forget_market(CONDITION)  # what lost is held, too
    assert exchange.order(VenueOrderId("ann-1")) is not None


def test_a_trade_that_is_not_settled_keeps_it(exchange: Exchange) -> None:
    trade_and_resolve(exchange, settles=False)
    assert not exchange.forget_market(CONDITION)


def test_what_rounding_kept_from_those_who_redeemed_is_not_lost(exchange: Exchange) -> None:
    wallet, odd = wallet_of(ANN), Cash(3 * MICRO + 1)
    exchange.split(wallet, CONDITION, odd, START)
    exchange.resolve(CONDITION, None, START)
    exchange.redeem(wallet, CONDITION, START)
    assert exchange.forget_market(CONDITION)
    assert exchange._ledger.residue == 1
    exchange.audit()


def test_of_a_transient_account_only_what_is_open_is_kept(exchange: Exchange) -> None:
    for owner in (ANN, BOB):
        exchange.mark_transient(owner, wallet_of(owner))
    exchange.submit(buy(ANN, YES, 1), START)
    exchange.submit(buy(BOB, YES, 2), START)
    exchange.cancel(VenueOrderId("bob-2"), BOB, START)
    assert exchange.order(VenueOrderId("ann-1")) is not None
    assert exchange.order(VenueOrderId("bob-2")) is None
    exchange.submit(buy(BOB, NO, 3), START)
    assert len(exchange._settlement._trades) == 1
    exchange.advance(Nanos(START + MINUTE))
    assert exchange._settlement._trades == exchange._register._orders == {}
    assert exchange.trades(ANN) == exchange.trades_of_wallet(wallet_of(ANN)) == ()
    assert [move.kind for move in exchange.chain_moves(wallet_of(ANN))] == [ChainMoveKind.DEPOSIT]


def test_a_trade_with_somebody_who_is_not_transient_stays(exchange: Exchange) -> None:
    exchange.mark_transient(BOB, wallet_of(BOB))
    trade_and_resolve(exchange)
    assert len(exchange.trades(ANN)) == len(exchange.trades_of_wallet(wallet_of(ANN))) == 1
    assert exchange.trades(BOB) == ()


def test_what_wallets_do_past_the_book_is_remembered(exchange: Exchange) -> None:
    wallet = wallet_of(ANN)
    exchange.split(wallet, CONDITION, Cash(3 * MICRO), START)
    exchange.merge(wallet, CONDITION, Cash(MICRO), START)
    exchange.withdraw(wallet, Cash(7 * MICRO), START)
    exchange.withdraw(wallet, Cash(1_000 * MICRO), START)  # reverted: nothing happened
    exchange.resolve(CONDITION, YES, START)
    exchange.redeem(wallet, CONDITION, START)
    assert [(move.kind, move.cash, move.shares) for move in exchange.chain_moves(wallet)] == [
        (ChainMoveKind.DEPOSIT, 100 * MICRO, (0, 0)),
        (ChainMoveKind.SPLIT, 3 * MICRO, (3 * MICRO, 3 * MICRO)),
        (ChainMoveKind.MERGE, MICRO, (MICRO, MICRO)),
        (ChainMoveKind.WITHDRAWAL, 7 * MICRO, (0, 0)),
        (ChainMoveKind.REDEEM, 2 * MICRO, (2 * MICRO, 2 * MICRO)),
    ]
