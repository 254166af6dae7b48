"""The grid of a window becomes finer once, when its book is nearly sure of the outcome."""

from collections.abc import Callable
from typing import Any

import pytest

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, Cash, Price, parse_micros
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.venue_event import TickChanged
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder

Make = Callable[..., Any]
ALICE = Wallet("alice")


class Stage:
    """A season without a crew, and one account that quotes in its first window."""

    def __init__(self, season: Any) -> None:
        self.season = season
        self.record = season.listed[0]
        self.condition_id = ConditionId(self.record.condition_id)
        exchange, now = season.marketplace.exchange, season.marketplace.now
        exchange.fund(ALICE, Cash(1_000 * MICRO), now)
        market = exchange.market(self.condition_id)
        assert market is not None
        exchange.approve(ALICE, market.listing.spender, now)

    def buy(self, outcome: int, price: str) -> VenueOrderId:
        """Let a bid of ten shares rest, and everything happen that follows at this instant."""
        marketplace = self.season.marketplace
        name = VenueOrderId(f"0x{len(self.season.events):064x}")
        posted = PostedOrder(
            order_id=name,
            owner=Owner("alice"),
            wallet=ALICE,
            token=TokenId(self.record.token_ids[outcome]),
            side=Side.BUY,
            maker_amount=10 * parse_micros(price),
            taker_amount=10 * MICRO,
            order_type=OrderType.GTC,
        )
        marketplace.submit(posted, marketplace.now)
        self.season.advance(0)
        return name

    @property
    def changes(self) -> list[TickChanged]:
        return [event for event in self.season.events if isinstance(event, TickChanged)]


@pytest.mark.parametrize(("up", "down"), [("0.96", "0.02"), ("0.02", "0.96")])
def test_the_grid_is_refined_for_both_tokens_at_once(play: Make, up: str, down: str) -> None:
    stage = Stage(play())
    stage.buy(0, up)
    assert stage.changes == []
    stage.buy(1, down)
    assert [(one.token, one.old, one.new) for one in stage.changes] == [
        (token, Price(10_000), Price(1_000)) for token in stage.record.token_ids
    ]
    assert stage.changes[0].at == stage.season.marketplace.now
    market = stage.season.marketplace.exchange.market(stage.condition_id)
    assert market.tick == 1_000


def test_at_the_bounds_themselves_the_grid_stays(play: Make) -> None:
    stage = Stage(play())
    stage.buy(0, "0.95")
    stage.buy(1, "0.03")
    assert stage.changes == []


def test_it_is_refined_once_and_never_made_coarse_again(play: Make) -> None:
    stage = Stage(play())
    marketplace = stage.season.marketplace
    stage.buy(1, "0.02")
    high = stage.buy(0, "0.97")
    turn = marketplace.exchange.cancel(high, Owner("alice"), marketplace.now)
    marketplace.take(turn)
    stage.buy(0, "0.50")
    stage.buy(0, "0.97")
    assert len(stage.changes) == 2


def test_a_window_without_a_second_side_is_sure_of_nothing(play: Make) -> None:
    stage = Stage(play())
    stage.buy(0, "0.99")
    assert stage.changes == []
