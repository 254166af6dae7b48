from daemon.domain.side import Side


def test_buy_adds_to_the_position_and_sell_takes_away() -> None:
    assert (Side.BUY.sign, Side.SELL.sign) == (1, -1)


def test_each_side_trades_against_the_other() -> None:
    assert (Side.BUY.opposite, Side.SELL.opposite) == (Side.SELL, Side.BUY)
