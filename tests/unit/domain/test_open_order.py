from daemon.domain.ids import VenueOrderId
from daemon.domain.open_order import OpenOrder
from daemon.domain.side import Side
from tests.builders import YES, price, shares


def test_an_open_order_is_described_the_same_way_for_its_whole_life() -> None:
    texts = {
        OpenOrder(
            venue_order_id=VenueOrderId("0x"),
            token=YES,
            side=Side.BUY,
            price=price("0.5"),
            shares=shares("10"),
            matched=shares(matched),
        ).describe()
        for matched in ("0", "4")
    }
    assert texts == {f"BUY 10.00 shares of {YES} at 0.50"}
