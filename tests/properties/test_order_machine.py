"""An order under arbitrary news, true or not."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from daemon.domain import order_events as ev
from daemon.domain.order import TERMINAL, Order, OrderStatus
from daemon.domain.order_machine import DUST, apply
from daemon.domain.units import MICRO, Shares, format_micros
from daemon.errors import IllegalTransition
from tests.builders import a_fill, an_order

S = OrderStatus
sizes = st.integers(1, 12 * MICRO).map(Shares)
NEVER_THERE = (S.REJECTED, S.FAILED)
PROOF_OF_LIFE = (ev.OrderAccepted, ev.OrderDelayed)
matched = st.none() | st.integers(0, 12 * MICRO).map(Shares)
prices = st.integers(1, 99).map(lambda cents: f"0.{cents:02}")


class OrderUnderAnyNews(RuleBasedStateMachine):
    """Remembers every fill and every word of the venue, and sums them anew."""

    order: Order

    def __init__(self) -> None:
        super().__init__()
        self.fills: list[tuple[int, int]] = []
        self.words: list[int] = []

    @initialize(shares=sizes, price=prices)
    def birth(self, shares: Shares, price: str) -> None:
        self.order = an_order(shares=format_micros(shares), price=price)

    def tell(self, event: ev.OrderEvent) -> bool:
        """Apply the event; tell whether the machine took it."""
        before = self.order
        copy = before
        try:
            self.order = apply(before, event)
        except IllegalTransition:
            assert self.order is before
            assert before == copy, "illegal news leaves the order as it was"
            return False
        if not before.is_open and not isinstance(event, ev.OrderFilled):
            has_come_back = before.status in NEVER_THERE and isinstance(event, PROOF_OF_LIFE)
            expected = S.UNKNOWN if has_come_back else before.status
            assert self.order.status is expected, "only a fill or proof of life moves what is over"
        return True

    @rule(shares=sizes, price=prices)
    def filled(self, shares: Shares, price: str) -> None:
        fill = a_fill(order=self.order, shares=format_micros(shares), price=price)
        was_open = self.order.is_open
        assert self.tell(ev.OrderFilled(client_order_id=self.order.client_order_id, fill=fill)), (
            "a fill is counted in every status"
        )
        self.fills.append((fill.shares, fill.price))
        if not was_open and self.order.is_open:
            assert self.order.status is S.UNKNOWN, "a finished order that traded is looked up"

    @precondition(lambda self: bool(self.order.leaves))
    @rule()
    def filled_up(self) -> None:
        self.filled(self.order.leaves, "0.5")
        assert self.order.status is S.FILLED

    @rule(make=st.sampled_from([ev.OrderSent, ev.OrderAccepted, ev.OrderDelayed]))
    def answered(self, make: type[ev.OrderSent | ev.OrderAccepted | ev.OrderDelayed]) -> None:
        self.tell(make(client_order_id=self.order.client_order_id))

    @rule(make=st.sampled_from([ev.OrderFailed, ev.OrderRejected, ev.OrderUnknown]))
    def refused_or_lost(
        self, make: type[ev.OrderFailed | ev.OrderRejected | ev.OrderUnknown]
    ) -> None:
        self.tell(make(client_order_id=self.order.client_order_id, reason="because"))

    @rule(make=st.sampled_from([ev.CancelRequested, ev.CancelRejected]))
    def cancelling(self, make: type[ev.CancelRequested | ev.CancelRejected]) -> None:
        self.tell(make(client_order_id=self.order.client_order_id, reason="because"))

    @rule(matched=matched, is_expiry=st.booleans())
    def ended(self, matched: Shares | None, *, is_expiry: bool) -> None:
        name = self.order.client_order_id
        event = (
            ev.OrderExpired(client_order_id=name, matched=matched)
            if is_expiry
            else ev.OrderCanceled(client_order_id=name, matched=matched, reason="gone")
        )
        if self.tell(event) and matched is not None:
            self.words.append(matched)

    @invariant()
    def filled_is_the_sum_of_fills(self) -> None:
        assert self.order.filled == sum(shares for shares, _ in self.fills)
        assert self.order.filled_exact == sum(shares * price for shares, price in self.fills)

    @invariant()
    def matched_is_the_most_the_venue_said(self) -> None:
        assert self.order.matched == max(self.words, default=None)

    @invariant()
    def shares_at_risk_are_never_negative_and_cover_what_is_missing(self) -> None:
        order = self.order
        assert order.at_risk >= 0
        if order.is_open:
            assert order.filled + order.at_risk >= order.shares
        if self.words and not order.is_open:
            assert order.filled + order.at_risk >= max(self.words)

    @invariant()
    def filled_means_all_but_dust(self) -> None:
        lacks = self.order.shares - self.order.filled
        if self.order.status is S.FILLED:
            assert lacks < DUST
        elif self.fills and lacks <= 0:
            raise AssertionError(f"nothing is left and yet it is {self.order.status}")

    @invariant()
    def order_is_open_or_finished(self) -> None:
        assert self.order.is_open is (self.order.status not in TERMINAL)


TestOrderUnderAnyNews = OrderUnderAnyNews.TestCase
