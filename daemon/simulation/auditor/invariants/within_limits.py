"""Every risk limit holds in the worst case, counted from what the exchange could still fill."""

from typing import ClassVar

from daemon.domain.facts import Fact
from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.market import Market
from daemon.domain.order import Order
from daemon.domain.order_events import OrderCreated
from daemon.domain.side import Side
from daemon.domain.units import MICRO
from daemon.simulation.auditor.evidence import Evidence
from daemon.simulation.auditor.invariant import Invariant
from daemon.simulation.auditor.own_orders import Whereabouts


class WithinLimits(Invariant):
    """Works the worst case out whenever an order is created: nothing else raises it.

    What counts is what the daemon was told to hold and, of each order, what the exchange has matched
    and not told or may still match: at home, on the wire, resting, delayed, being cancelled, unknown.
    A SELL may always get out, and a failed settlement is nobody's decision.
    """

    name: ClassVar[str] = "within limits"
    promise: ClassVar[str] = "worst-case exposure, positions, sizes and open orders keep the limits"
    facts: ClassVar[tuple[type, ...]] = (OrderCreated,)

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        markets = evidence.premises.markets
        self._markets = {market.condition_id: market for market in markets}

    def told(self, fact: Fact) -> None:
        """Look at the worst case with the newborn order in it."""
        assert isinstance(fact, OrderCreated)
        order, limits = fact.order, self.evidence.premises.limits
        live = self._live()
        self._hold(order, "open orders", self._count(), limits.open_orders_max)
        self._hold(order, "shares of an order", order.shares, limits.order_shares_max)
        if order.side is Side.SELL:
            self._look_at_sell(order, live)
            return
        live.append((order, order.shares))
        cost = -(-order.price * order.shares // MICRO)
        self._hold(order, "cash of an order", cost, limits.trade_notional_max)
        market = self._markets[order.condition_id]
        net = self._net_worst(market, order.token, live)
        self._hold(order, "position", net, limits.market_position_max)
        stakes = {c: self._stake(m, live) for c, m in self._markets.items()}
        here = -(-stakes[order.condition_id] // MICRO)
        self._hold(order, "exposure of a market", here, limits.window_notional_max)
        self._hold(
            order, "total exposure", -(-sum(stakes.values()) // MICRO), limits.total_exposure_max
        )
        self._look_at_cash(order, live)

    def _hold(self, order: Order, what: str, value: int, most: int) -> None:
        if value > most:
            self.broken(f"with {order.client_order_id} {what} may reach {value}, at most {most}")

    def _count(self) -> int:
        evidence = self.evidence
        return 1 + sum(
            own.whereabouts is not Whereabouts.OVER and evidence.at_risk(own) > 0
            for own in evidence.orders.unfinished.values()
        )

    def _live(self) -> list[tuple[Order, int]]:
        evidence = self.evidence
        return [
            (own.order, at_risk)
            for own in evidence.orders.unfinished.values()
            if (at_risk := evidence.at_risk(own))
        ]

    def _look_at_sell(self, order: Order, live: list[tuple[Order, int]]) -> None:
        account = self.evidence.told.accounts.get(order.token)
        settled = 0 if account is None else account.settled
        promised = order.shares + self._sum(live, order.token, Side.SELL)
        if promised > settled:
            self.broken(
                f"with {order.client_order_id} SELLs of {promised} rest on {settled} settled shares"
            )

    def _look_at_cash(self, order: Order, live: list[tuple[Order, int]]) -> None:
        premises = self.evidence.premises
        cash = premises.cash_start * MICRO + self.evidence.told.cash_exact
        needed = sum(o.price * at_risk for o, at_risk in live if o.side is Side.BUY)
        if needed > cash:
            self.broken(
                f"with {order.client_order_id} BUYs need {needed // MICRO}, there is {cash // MICRO}"
            )

    def _net_worst(self, market: Market, token: TokenId, live: list[tuple[Order, int]]) -> int:
        sibling = market.sibling(token)
        most = self._held(token) + self._sum(live, token, Side.BUY)
        return most - self._held(sibling) + self._sum(live, sibling, Side.SELL)

    def _stake(self, market: Market, live: list[tuple[Order, int]]) -> int:
        """What is held at cost, less a dollar for each pair no SELL can break, plus all BUYs."""
        cost = 0
        certain: list[int] = []
        for token in market.tokens:
            account = self.evidence.told.accounts.get(token)
            if account is not None and account.shares:
                cost += account.cost_exact
            certain.append(self._held(token) - self._sum(live, token, Side.SELL))
        here: ConditionId = market.condition_id
        bought = sum(
            order.price * at_risk
            for order, at_risk in live
            if order.side is Side.BUY and order.condition_id == here
        )
        return max(0, cost - min(certain) * MICRO) + bought

    def _held(self, token: TokenId) -> int:
        account = self.evidence.told.accounts.get(token)
        return 0 if account is None else account.shares

    @staticmethod
    def _sum(live: list[tuple[Order, int]], token: TokenId, side: Side) -> int:
        return sum(a for order, a in live if order.token == token and order.side is side)
