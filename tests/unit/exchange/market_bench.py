"""A marketplace with wallets in it, and orders written in a line."""

from random import Random
from typing import Any

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_MS, Cash, Nanos, parse_micros
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.exchange.trading.reply import Accepted, SubmitReply
from daemon.sim.exchange.trading.venue_event import VenueEvent
from daemon.sim.exchange.trading.venue_order import OrderState, OrderType, PostedOrder


class MarketBench:
    """Wallets are called as their owners: `mia` trades for `0xmia`."""

    def __init__(self, now: Nanos, seed: int = 1) -> None:
        self.marketplace = Marketplace(Exchange(ExchangeOptions(), Random(seed), now), now)
        self.exchange = self.marketplace.exchange
        self.events: list[VenueEvent] = []
        self.marketplace.watch(self.events.extend)
        self._count = 0

    def open_account(self, owner: str, condition: str, cash: str = "1000") -> None:
        """Give a wallet cash and as many shares of both outcomes."""
        wallet, amount, now = Wallet(f"0x{owner}"), parse_micros(cash), self.marketplace.now
        market = self.exchange.market(ConditionId(condition))
        assert market is not None
        self.exchange.approve(wallet, market.listing.spender, now)
        self.exchange.fund(wallet, Cash(2 * amount), now)
        self.exchange.split(wallet, ConditionId(condition), Cash(amount), now)

    def submit(
        self, owner: str, token: str, side: str, shares: str, price: str, **options: Any
    ) -> SubmitReply:
        """Submit an order of so many shares at exactly this price."""
        size = parse_micros(shares)
        cash = size * parse_micros(price) // MICRO
        self._count += 1
        posted = PostedOrder(
            order_id=self.order_id(self._count),
            owner=Owner(owner),
            wallet=Wallet(f"0x{owner}"),
            token=TokenId(token),
            side=Side(side),
            maker_amount=cash if side == "BUY" else size,
            taker_amount=size if side == "BUY" else cash,
            order_type=options.pop("order_type", OrderType.GTC),
            **options,
        )
        return self.marketplace.submit(posted, self.marketplace.now)

    def rest(self, owner: str, token: str, side: str, shares: str, price: str) -> VenueOrderId:
        """Submit an order that must be accepted; return its id."""
        reply = self.submit(owner, token, side, shares, price)
        assert isinstance(reply, Accepted), reply
        return reply.order_id

    def state(self, order_id: VenueOrderId) -> OrderState:
        """Return how an order stands."""
        state = self.exchange.order(order_id)
        assert state is not None
        return state

    def pass_ms(self, milliseconds: int) -> None:
        """Let time pass."""
        self.marketplace.advance(Nanos(self.marketplace.now + milliseconds * NANOS_PER_MS))

    @staticmethod
    def order_id(number: int) -> VenueOrderId:
        """Return the id of the so manieth order submitted."""
        return VenueOrderId(f"0x{number:064x}")
