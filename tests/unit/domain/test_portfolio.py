import pytest

from daemon.domain.fill import Fill
from daemon.domain.ids import ConditionId, TokenId, TradeId
from daemon.domain.order import OrderStatus
from daemon.domain.portfolio import Portfolio
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from tests.builders import CONDITION, NO, YES, a_fill, a_market, an_order, cash, price, shares

S = SettlementStatus
OTHER_CONDITION = ConditionId("0x" + "d1" * 32)
OTHER_YES = TokenId("5" * 70)


def a_portfolio(*fills: Fill, start: str = "1000") -> Portfolio:
    portfolio = Portfolio(cash(start))
    for fill in fills:
        portfolio.apply_fill(fill)
    return portfolio


def test_new_portfolio_holds_nothing_but_its_cash() -> None:
    portfolio = a_portfolio()
    assert portfolio.positions() == ()
    assert portfolio.position(YES, CONDITION).shares == 0
    assert portfolio.cash_free(()) == cash("1000")
    assert (portfolio.exposure(()), portfolio.realized(), portfolio.fees()) == (0, 0, 0)
    assert portfolio.sellable(YES, ()) == 0


def test_cash_is_what_was_not_spent_and_came_back() -> None:
    portfolio = a_portfolio(
        a_fill(shares="100", price="0.40", fee="1"),
        a_fill(shares="50", price="0.60", side=Side.SELL, fee="0.5"),
    )
    assert portfolio.cash_free(()) == cash("988.5")
    assert portfolio.fees() == cash("1.5")
    assert portfolio.realized() == cash("8.5")


def test_open_buys_reserve_cash_and_open_sells_do_not() -> None:
    orders = [an_order(price="0.5", shares="10"), an_order(price="0.5", side=Side.SELL)]
    assert a_portfolio().cash_free(orders) == cash("995")


def test_failed_trade_gives_the_cash_back() -> None:
    fill = a_fill(shares="100", price="0.40", fee="1")
    portfolio = a_portfolio(fill)
    (position,) = portfolio.settle(fill.trade_id, S.FAILED)
    assert position.shares == 0
    assert portfolio.cash_free(()) == cash("1000")
    assert (portfolio.fees(), portfolio.realized(), portfolio.exposure(())) == (0, 0, 0)


def test_settled_trade_is_forgotten_and_late_news_of_it_changes_nothing() -> None:
    fill = a_fill()
    portfolio = a_portfolio(fill)
    assert portfolio.settle(fill.trade_id, S.CONFIRMED) == ()
    assert portfolio.settle(fill.trade_id, S.MINED) == ()
    assert portfolio._owners == {}


@pytest.mark.parametrize("settlement", [S.CONFIRMED, S.FAILED])
def test_trade_that_is_final_from_birth_is_not_waited_for(settlement: SettlementStatus) -> None:
    portfolio = a_portfolio(a_fill(settlement=settlement))
    assert portfolio._owners == {}


def test_settlement_of_a_stranger_changes_nothing() -> None:
    assert a_portfolio().settle(TradeId("nobody's"), S.FAILED) == ()


def test_sellable_is_held_settled_and_not_promised() -> None:
    bought, on_its_way = a_fill(shares="100", settlement=S.CONFIRMED), a_fill(shares="30")
    portfolio = a_portfolio(bought, on_its_way)
    assert portfolio.sellable(YES, ()) == shares("100")
    promised = an_order(side=Side.SELL, shares="40", filled="10", status=OrderStatus.OPEN)
    assert portfolio.sellable(YES, [promised, an_order(), an_order(side=Side.SELL, token=NO)]) == (
        shares("70")
    )
    portfolio.settle(on_its_way.trade_id, S.CONFIRMED)
    assert portfolio.sellable(YES, ()) == shares("130")


def test_nothing_is_sellable_when_more_is_promised_than_held() -> None:
    portfolio = a_portfolio(a_fill(shares="10", settlement=S.CONFIRMED))
    assert portfolio.sellable(YES, [an_order(side=Side.SELL, shares="11")]) == 0


@pytest.mark.requirement("S2-053")
def test_exposure_is_what_all_positions_cost() -> None:
    portfolio = a_portfolio(
        a_fill(shares="100", price="0.40"),
        a_fill(shares="10", price="0.30", token=OTHER_YES, condition_id=OTHER_CONDITION),
    )
    assert portfolio.exposure(()) == cash("43")
    assert portfolio.market_exposure(CONDITION, ()) == cash("40")
    assert portfolio.market_exposure(OTHER_CONDITION, ()) == cash("3")


def test_exposure_counts_what_open_buys_may_still_cost_in_markets_not_held_yet() -> None:
    order = an_order(price="0.5", shares="10", filled="4", status=OrderStatus.PENDING_CANCEL)
    portfolio = a_portfolio()
    assert portfolio.exposure([order]) == cash("3")
    assert portfolio.market_exposure(CONDITION, [order]) == cash("3")
    assert portfolio.market_exposure(OTHER_CONDITION, [order]) == 0


def test_exposure_is_rounded_once_and_up() -> None:
    orders = [an_order(price="0.333333", shares="0.000001") for _ in range(3)]
    assert a_portfolio().exposure(orders) == 1


def test_pair_of_yes_and_no_is_worth_a_dollar_whatever_happens() -> None:
    portfolio = a_portfolio(
        a_fill(shares="100", price="0.40"), a_fill(shares="60", price="0.50", token=NO)
    )
    assert portfolio.exposure(()) == cash("10")  # 40 + 30 − 60
    selling = an_order(side=Side.SELL, token=NO, shares="60", price="0.9")
    assert portfolio.exposure([selling]) == cash("70"), "a SELL may break every pair"


def test_profit_that_is_locked_in_does_not_lower_what_is_at_stake_elsewhere() -> None:
    portfolio = a_portfolio(
        a_fill(shares="100", price="0.40"),
        a_fill(shares="100", price="0.40", token=NO),
        a_fill(shares="10", price="0.30", token=OTHER_YES, condition_id=OTHER_CONDITION),
    )
    assert portfolio.exposure(()) == cash("3")
    assert portfolio.exposure([an_order(price="0.5", shares="10")]) == cash("8")


def test_shares_owed_are_at_stake_with_a_dollar_each_less_what_they_fetched() -> None:
    bought = a_fill(shares="10", price="0.40")
    portfolio = a_portfolio(bought, a_fill(shares="10", price="0.60", side=Side.SELL))
    portfolio.settle(bought.trade_id, S.FAILED)
    assert portfolio.exposure(()) == cash("4")
    portfolio.apply_fill(a_fill(shares="10", price="0.40", token=NO))
    assert portfolio.exposure(()) == cash("8"), "ten NO do not help when YES wins"


def test_worst_net_holding_counts_open_buys_and_sells_of_the_sibling() -> None:
    portfolio = a_portfolio(a_fill(shares="100"), a_fill(shares="60", token=NO))
    market = a_market()
    assert portfolio.net_shares_worst(market, ()) == shares("40")
    orders = [
        an_order(shares="10"),
        an_order(shares="20", side=Side.SELL, token=NO),
        an_order(shares="500", condition_id=OTHER_CONDITION, token=OTHER_YES),
    ]
    assert portfolio.net_shares_worst(market, orders) == shares("70")
    assert portfolio.net_shares_worst(market, [an_order(shares="150", token=NO)]) == shares("110")


def test_worst_net_holding_counts_shares_owed_of_the_sibling() -> None:
    bought = a_fill(shares="10", token=NO)
    portfolio = a_portfolio(bought, a_fill(shares="10", token=NO, side=Side.SELL))
    portfolio.settle(bought.trade_id, S.FAILED)
    assert portfolio.net_shares_worst(a_market(), ()) == shares("10")


def test_balanced_market_has_no_net_holding() -> None:
    portfolio = a_portfolio(a_fill(shares="10"), a_fill(shares="10", token=NO))
    assert portfolio.net_shares_worst(a_market(), ()) == 0


def test_position_without_a_mark_counts_as_worthless() -> None:
    portfolio = a_portfolio(
        a_fill(shares="100", price="0.40"), a_fill(shares="10", price="0.30", token=NO)
    )
    assert portfolio.unrealized({YES: price("0.45")}) == cash("2")


def test_flat_positions_are_reported_but_cost_no_question_anything() -> None:
    portfolio = a_portfolio(
        a_fill(shares="100", price="0.40"), a_fill(shares="100", price="0.50", side=Side.SELL)
    )
    assert [position.shares for position in portfolio.positions()] == [0]
    assert portfolio._held == {}
    assert portfolio.realized() == cash("10")


def test_positions_are_listed_by_token() -> None:
    portfolio = a_portfolio(a_fill(token=YES), a_fill(token=NO))
    assert [position.token for position in portfolio.positions()] == sorted([YES, NO])


def test_trade_on_its_way_is_still_waited_for() -> None:
    fill = a_fill(shares="10")
    portfolio = a_portfolio(fill)
    assert portfolio.settle(fill.trade_id, S.MINED) == ()
    assert portfolio.sellable(YES, ()) == 0
    assert portfolio.settle(fill.trade_id, S.FAILED) == (portfolio.position(YES, CONDITION),)


def test_one_trade_may_hold_several_of_our_orders_of_either_outcome_and_fails_as_a_whole() -> None:
    """A taker may meet our BUY of one outcome and, by a merge, our SELL of the other."""
    legs = [
        a_fill(order=an_order(token=token), trade_id="t", shares=size)
        for token, size in ((YES, "10"), (YES, "3"), (NO, "4"))
    ]
    portfolio = a_portfolio(*legs)
    held = [portfolio.position(token, CONDITION).shares for token in (YES, NO)]
    assert held == [shares("13"), shares("4")]
    changed = portfolio.settle(legs[0].trade_id, S.FAILED)
    assert [(position.token, position.shares) for position in changed] == [(YES, 0), (NO, 0)]
    assert portfolio.cash_free(()) == cash("1000")


def test_one_outcome_may_be_sold_out_while_the_other_is_held() -> None:
    portfolio = a_portfolio(
        a_fill(shares="10", price="0.40"),
        a_fill(shares="10", price="0.50", token=NO),
        a_fill(shares="10", price="0.45", side=Side.SELL),
    )
    assert portfolio.exposure(()) == cash("5")
    assert portfolio.position(YES, CONDITION).shares == 0
