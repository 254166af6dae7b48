"""API keys: made and found again by who proves an address, listed and deleted by who has one."""

from collections.abc import Callable, Mapping

from aiohttp import web

from daemon.domain.units import NANOS_PER_S
from daemon.exchange.clob.gateway import Gateway, PrivateRequest
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer
from daemon.exchange.request_faults import Handler, RequestFaults
from daemon.exchange.venue_response import respond_refusal
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.api_keys import ApiKey
from daemon.sim.exchange.auth.l1_request import L1Request, check_l1
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.front.service_gate import AccountStanding
from daemon.sim.exchange.refusal import Refusal


class KeyDesk:
    """Keys and the standing of the wallets behind them."""

    def __init__(
        self,
        floor: Floor,
        gateway: Gateway,
        faults: RequestFaults,
        standings: Mapping[Address, AccountStanding],
    ) -> None:
        self._floor = floor
        self._gateway = gateway
        self._faults = faults
        self._standings = standings

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        private, keys = self._gateway.private, self._floor.keys
        status = "/auth/ban-status"
        return [
            self._route(web.post, "/auth/api-key", self._proved(keys.create)),
            self._route(web.get, "/auth/derive-api-key", self._proved(keys.derive)),
            self._route(web.get, "/auth/api-keys", private(self._list)),
            self._route(web.delete, "/auth/api-key", private(self._delete)),
            self._route(web.get, f"{status}/closed-only", private(self._closed_only)),
            self._route(web.get, f"{status}/cert-required", private(self._cert_required)),
            self._route(web.get, "/v1/user/session-signers", private(self._session_signers)),
        ]

    def _route(
        self, method: Callable[[str, Handler], web.RouteDef], path: str, handler: Handler
    ) -> web.RouteDef:
        return method(path, self._faults.wrap(FaultPoint.READ, handler))

    def _proved(self, find: Callable[[L1Request], ApiKey | Refusal]) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            asked = check_l1(request.headers, self._floor.now())
            key = asked if isinstance(asked, Refusal) else find(asked)
            return respond_refusal(key) if isinstance(key, Refusal) else answer(key.answer())

        return handle

    async def _list(self, asked: PrivateRequest) -> web.Response:
        return answer({"apiKeys": self._floor.keys.ids_of(asked.key.address)})

    async def _delete(self, asked: PrivateRequest) -> web.Response:
        self._floor.keys.delete(asked.key)
        return answer("OK")

    async def _closed_only(self, asked: PrivateRequest) -> web.Response:
        standings = [
            self._standings.get(wallet.address)
            for wallet in self._floor.wallets.values()
            if wallet.is_key(asked.key.address)
        ]
        return answer({"closed_only": AccountStanding.CLOSED_ONLY in standings})

    async def _cert_required(self, _asked: PrivateRequest) -> web.Response:
        return answer({"cert_required": False})

    async def _session_signers(self, asked: PrivateRequest) -> web.Response:
        """Answer for the wallet of the key that has session keys, or else its first one."""
        own = [one for one in self._floor.wallets.values() if one.is_key(asked.key.address)]
        wallet = next((one for one in own if one.session_keys), own[0] if own else None)
        signers = wallet.session_keys if wallet else ()
        return answer(
            {
                "wallet": wallet.address if wallet else asked.key.address,
                "signers": [
                    {
                        "address": signer.address,
                        "scopes": ["CLOB"],
                        "valid_until": signer.expires_at // NANOS_PER_S,
                    }
                    for signer in signers
                ],
            }
        )
