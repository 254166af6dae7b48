"""What the exchange must answer to an order, in the documented order of its checks."""

from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_S
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.account_ids import CASH
from daemon.sim.exchange.trading.reply import Accepted, Held, PostStatus, SubmitReply
from daemon.sim.exchange.trading.venue_market import MarketState, MarketStatus
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder
from tests.properties.naive_exchange import NaiveExchange
from tests.properties.naive_order import Planned


class NaiveEntry:
    """One order at the door: what it would match, and why it may be turned away."""

    def __init__(
        self,
        naive: NaiveExchange,
        posted: PostedOrder,
        price: int,
        market: MarketState | None,
        now: int,
    ) -> None:
        self.naive, self.posted, self.price, self.market, self.now = (
            naive, posted, price, market, now,
        )  # fmt: skip
        crossing = naive.plan(posted, price)
        self.is_crossing = bool(crossing)
        self.plan: list[Planned] = [] if posted.is_post_only else crossing
        self.needs = naive.needs(posted, price, self.plan)
        self.claimed = naive.reserved()[posted.wallet, posted.pays_with]
        self.claimed += naive.ledger.claims[posted.wallet, posted.pays_with]

        self.no = self._no()

    def check(self, reply: SubmitReply) -> None:
        """Compare what was answered with what had to be."""
        no, delay, listing = self.no, self.naive.listing.delay, self.naive.listing
        if no is not None:
            assert isinstance(reply, Refusal)
            assert no in reply.error
            return
        if self.plan and delay and listing.is_delay_silent:
            assert reply == Held(order_id=self.posted.order_id, until=self.now + delay)  # type: ignore[arg-type]
            return
        assert isinstance(reply, Accepted)
        if self.plan and delay:
            assert reply == Accepted(order_id=self.posted.order_id, status=PostStatus.DELAYED)
        elif not self.plan:
            assert reply == Accepted(order_id=self.posted.order_id, status=PostStatus.LIVE)
        else:
            shares = sum(match.shares for match in self.plan)
            cash = sum(match.taker_cash for match in self.plan)
            is_buy = self.posted.side is Side.BUY
            assert reply.status is PostStatus.MATCHED
            assert (reply.making_amount, reply.taking_amount) == (
                (cash, shares) if is_buy else (shares, cash)
            )
            assert sum(self.naive.trades[trade].shares for trade in reply.trade_ids) == shares

    def _no(self) -> str | None:
        """Return a part of the refusal that is due."""
        if self.market is None:
            return "Invalid token id"
        if self.market.status is not MarketStatus.OPEN:
            return "No orderbook exists"
        return self._no_by_itself(self.market.tick) or self._no_by_funds() or self._no_by_book()

    def _no_by_itself(self, tick: int) -> str | None:
        posted = self.posted
        rests = posted.order_type.rests
        is_taking = not posted.is_post_only and (not rests or self.is_crossing)
        if self.price % tick:
            return "breaks minimum tick size"
        if not tick <= self.price <= MICRO - tick:
            return "invalid price"
        if rests and posted.shares < self.naive.listing.shares_min:
            return "lower than the minimum"
        if is_taking and posted.side is Side.BUY and posted.maker_amount % 100:
            return "max accuracy"
        if is_taking and posted.side is Side.BUY and posted.maker_amount < MICRO:
            return "min size: $1"
        if posted.order_type is OrderType.GTD:
            is_soon = posted.expiration_s * NANOS_PER_S < self.now + 180 * NANOS_PER_S
            return "invalid expiration" if is_soon else None
        return None

    def _no_by_funds(self) -> str | None:
        posted, ledger = self.posted, self.naive.ledger
        balance = ledger.balances[posted.wallet, posted.pays_with].trusted(self.now)
        allowance = ledger.allowances[posted.wallet, posted.pays_with == CASH].trusted(self.now)
        if balance < self.claimed + self.needs:
            return "the balance is not enough"
        return "the allowance is not enough" if allowance < self.claimed + self.needs else None

    def _no_by_book(self) -> str | None:
        posted = self.posted
        if posted.is_post_only:
            return "order crosses book" if self.is_crossing else None
        if posted.order_type is OrderType.FAK and not self.plan:
            return "no orders found to match"
        if posted.order_type is OrderType.FOK:
            cash = sum(match.taker_cash for match in self.plan)
            shares = sum(match.shares for match in self.plan)
            is_full = (
                cash >= posted.maker_amount - 1 if posted.is_budget else shares == posted.shares
            )
            return None if is_full else "couldn't be fully filled"
        return None
