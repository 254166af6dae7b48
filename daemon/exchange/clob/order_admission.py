"""From a posted order to one that the trading core takes: parties, signature, standing."""

from collections.abc import Mapping

from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_S
from daemon.exchange.clob.gateway import PrivateRequest
from daemon.exchange.floor import Floor
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.admission import check_signature, find_wallet
from daemon.sim.exchange.auth.posted_order import PostedOrder
from daemon.sim.exchange.auth.signed_order import order_domain, order_id
from daemon.sim.exchange.front.service_gate import AccountStanding, account_refusal
from daemon.sim.exchange.refusal import INVALID_TOKEN, Refusal
from daemon.sim.exchange.trading import refusal
from daemon.sim.exchange.trading.account_ids import Wallet
from daemon.sim.exchange.trading.venue_order import OrderType
from daemon.sim.exchange.trading.venue_order import PostedOrder as TradedOrder


class OrderAdmission:
    """Judges posted orders by all that the trading core does not know.

    `standings` says which wallets are not in good standing.
    """

    def __init__(self, floor: Floor, standings: Mapping[Address, AccountStanding]) -> None:
        self._floor = floor
        self._standings = standings

    def admit(self, posted: PostedOrder, asked: PrivateRequest) -> TradedOrder | Refusal:
        """Return the order under its id, or the first no: parties, duplicate, signature, standing."""
        floor, order = self._floor, posted.order
        wallet = find_wallet(posted, asked.key, floor.wallets)
        if isinstance(wallet, Refusal):
            return wallet
        market = floor.marketplace.record_of(order.token)
        if market is None:
            return INVALID_TOKEN
        domain = order_domain(order.token, is_neg_risk=market.neg_risk)
        name = order_id(order, domain)
        if floor.marketplace.exchange.order(name) is not None:
            return refusal.duplicated(name)
        refused = check_signature(posted, asked.key, domain=domain, wallet=wallet, now=asked.now)
        if refused is not None:
            return refused
        standing = self._standings.get(wallet.address, AccountStanding.GOOD)
        is_reducing = order.side is Side.SELL
        barred = account_refusal(standing, wallet.address, is_reducing=is_reducing)
        if barred is not None:
            return Refusal(barred.status, str(barred.body["error"]))
        return TradedOrder(
            order_id=name,
            owner=asked.owner,
            wallet=Wallet(wallet.address),
            token=order.token,
            side=order.side,
            maker_amount=order.maker_amount,
            taker_amount=order.taker_amount,
            order_type=OrderType(posted.time_in_force.value),
            is_post_only=posted.is_post_only,
            expiration_s=(posted.expires_at or 0) // NANOS_PER_S,
            timestamp_ms=order.timestamp_ms,
        )
