"""One market of an exchange, orders written in a line, and what came of them."""

from random import Random

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import (
    MICRO,
    NANOS_PER_MS,
    NANOS_PER_S,
    Cash,
    Nanos,
    Price,
    Shares,
    parse_micros,
)
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Owner, Wallet
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.reply import Accepted, CancelReply, SubmitReply
from daemon.sim.exchange.trading.settlement import SettlementOptions
from daemon.sim.exchange.trading.trade import Trade, TradeStatus
from daemon.sim.exchange.trading.venue_event import OrderReported, TradeReported, VenueEvent
from daemon.sim.exchange.trading.venue_order import OrderState, OrderType, PostedOrder

START = Nanos(1_790_000_000 * NANOS_PER_S)
CONDITION = ConditionId("0xc0")
UP, DOWN = TokenId("11"), TokenId("12")
SPENDER = "0xE1"


def a_listing(
    *,
    tick: str = "0.01",
    fee: str = "0.07",
    delay_ms: int = 0,
    is_delay_silent: bool = False,
    number: int = 0,
) -> Listing:
    suffix = str(number) if number else ""
    return Listing(
        condition_id=ConditionId(CONDITION + suffix),
        tokens=(TokenId(UP + suffix), TokenId(DOWN + suffix)),
        outcomes=("Up", "Down"),
        tick=Price(parse_micros(tick)),
        shares_min=Shares(5 * MICRO),
        spender=SPENDER,
        fee_rate=parse_micros(fee),
        delay=Nanos(delay_ms * NANOS_PER_MS),
        is_delay_silent=is_delay_silent,
    )


class VenueBench:
    """Wallets are called as their owners: `mia` trades for `0xmia`."""

    def __init__(
        self,
        listing: Listing | None = None,
        settlement: SettlementOptions | None = None,
        balance_lag_ms: int = 0,
        seed: int = 1,
    ) -> None:
        options = ExchangeOptions(
            settlement=settlement or SettlementOptions(),
            balance_lag=Nanos(balance_lag_ms * NANOS_PER_MS),
        )
        self.now = START
        self.exchange = Exchange(options, Random(seed), START)
        self.exchange.list_market(listing or a_listing())
        self.events: list[VenueEvent] = []
        self._count = 0

    def open_account(self, owner: str, cash: str = "1000", pairs: str = "0") -> None:
        """Fund and approve a wallet, and give it shares of both outcomes."""
        wallet = Wallet(f"0x{owner}")
        micros, shares = parse_micros(cash), Cash(parse_micros(pairs))
        self.exchange.fund(wallet, Cash(micros + shares), self.now)
        self.exchange.approve(wallet, SPENDER, self.now)
        if shares:
            self.exchange.split(wallet, CONDITION, shares, self.now)

    def order(
        self,
        owner: str,
        side: str,
        shares: str,
        price: str,
        *,
        token: TokenId = UP,
        order_type: OrderType = OrderType.GTC,
        post_only: bool = False,
        expiration_s: int = 0,
        order_id: str | None = None,
    ) -> PostedOrder:
        """Return a posted order of so many shares at exactly this price."""
        size = parse_micros(shares)
        cash = size * parse_micros(price) // MICRO
        return self.amounts(
            owner,
            side,
            *((cash, size) if side == "BUY" else (size, cash)),
            token=token,
            order_type=order_type,
            post_only=post_only,
            expiration_s=expiration_s,
            order_id=order_id,
        )

    def amounts(
        self,
        owner: str,
        side: str,
        maker_amount: int,
        taker_amount: int,
        *,
        token: TokenId = UP,
        order_type: OrderType = OrderType.GTC,
        post_only: bool = False,
        expiration_s: int = 0,
        order_id: str | None = None,
    ) -> PostedOrder:
        """Return a posted order of these amounts."""
        self._count += 1
        return PostedOrder(
            order_id=VenueOrderId(order_id or f"0x{self._count}"),
            owner=Owner(owner),
            wallet=Wallet(f"0x{owner}"),
            token=token,
            side=Side(side),
            maker_amount=maker_amount,
            taker_amount=taker_amount,
            order_type=order_type,
            is_post_only=post_only,
            expiration_s=expiration_s,
        )

    def submit(self, posted: PostedOrder) -> SubmitReply:
        """Submit and keep the events."""
        turn = self.exchange.submit(posted, self.now)
        self._keep(turn.events)
        return turn.reply

    def accept(self, posted: PostedOrder) -> Accepted:
        """Submit what must be accepted."""
        reply = self.submit(posted)
        assert isinstance(reply, Accepted), reply
        return reply

    def refuse(self, posted: PostedOrder) -> str:
        """Submit what must be refused, leaving no trace; return the text."""
        reply = self.submit(posted)
        assert isinstance(reply, Refusal), reply
        assert self.events == []
        return reply.error

    def cancel(self, owner: str, *order_ids: str) -> CancelReply:
        """Cancel by id."""
        ids = [VenueOrderId(order_id) for order_id in order_ids]
        turn = self.exchange.cancel_orders(ids, Owner(owner), self.now)
        self._keep(turn.events)
        return turn.reply

    def pass_ms(self, milliseconds: int) -> None:
        """Let time pass."""
        self.now = Nanos(self.now + milliseconds * NANOS_PER_MS)
        self._keep(self.exchange.advance(self.now))

    def settle(self) -> None:
        """Let every settlement come to its end."""
        self.pass_ms(60_000)

    def state(self, posted: PostedOrder) -> OrderState:
        """Return how an order stands."""
        state = self.exchange.order(posted.order_id)
        assert state is not None
        return state

    def trade(self, owner: str) -> Trade:
        """Return the owner's only trade."""
        (trade,) = self.exchange.trades(Owner(owner))
        return trade

    def balance(self, owner: str, asset: str = CASH) -> int:
        """Return what a wallet has on chain."""
        return self.exchange.holding(Wallet(f"0x{owner}"), Asset(asset)).balance

    def active(self, owner: str, asset: str = CASH) -> int:
        """Return what open orders reserve of a wallet."""
        return self.exchange.holding(Wallet(f"0x{owner}"), Asset(asset)).active

    def told_orders(self, owner: str) -> list[tuple[str, str, int]]:
        """Return kind, status and shares matched of every order event of an owner."""
        return [
            (event.kind.value, event.order.status.value, event.order.shares_matched)
            for event in self.events
            if isinstance(event, OrderReported) and event.order.posted.owner == owner
        ]

    def told_trades(self, owner: str) -> list[TradeStatus]:
        """Return the status of every trade event of an owner."""
        return [
            event.trade.status
            for event in self.events
            if isinstance(event, TradeReported) and event.owner == owner
        ]

    def _keep(self, events: tuple[VenueEvent, ...]) -> None:
        self.events.extend(events)
        self.exchange.audit()
