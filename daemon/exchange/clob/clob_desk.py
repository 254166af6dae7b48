"""Everything of the order-book API that needs a key, in one piece."""

from collections.abc import Mapping

from aiohttp import web

from daemon.exchange.clob.account_lists import AccountLists
from daemon.exchange.clob.balance_desk import BalanceDesk
from daemon.exchange.clob.cancel_counter import CancelCounter
from daemon.exchange.clob.gateway import Gateway
from daemon.exchange.clob.heartbeat_desk import HeartbeatDesk
from daemon.exchange.clob.key_desk import KeyDesk
from daemon.exchange.clob.notice_desk import NoticeDesk
from daemon.exchange.clob.order_admission import OrderAdmission
from daemon.exchange.clob.order_desk import OrderDesk
from daemon.exchange.clob.reward_desk import RewardDesk
from daemon.exchange.floor import Floor
from daemon.exchange.request_faults import RequestFaults
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.front.service_gate import AccountStanding
from daemon.sim.exchange.front.signer_limiter import SignerLimiter


class ClobDesk:
    """Serve it at the root of its address: what is signed is the path from there.

    `standings` may change at any time; a wallet it does not name is in good standing. `seed` decides
    the ids of heartbeats.
    """

    def __init__(
        self,
        floor: Floor,
        faults: RequestFaults,
        *,
        limiter: SignerLimiter,
        standings: Mapping[Address, AccountStanding],
        seed: str,
    ) -> None:
        gateway = Gateway(floor, limiter)
        marketplace = floor.marketplace
        admission = OrderAdmission(floor, standings)
        self._desks = (
            KeyDesk(floor, gateway, faults, standings),
            OrderDesk(marketplace, gateway, admission, faults),
            CancelCounter(marketplace, gateway, faults),
            HeartbeatDesk(floor, gateway, faults, seed),
            AccountLists(floor, gateway, faults),
            BalanceDesk(floor, gateway, faults),
            NoticeDesk(floor, gateway, faults),
            RewardDesk(gateway, faults),
        )

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [route for desk in self._desks for route in desk.routes()]
