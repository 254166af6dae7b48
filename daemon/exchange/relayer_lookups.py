"""The relayer, as far as clients ask it at their start: which wallets exist, and the next nonce.

It sends nothing: whoever submits is refused in the venue's form.
"""

import re
from typing import Final

from aiohttp import web

from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer, refuse
from daemon.sim.exchange.auth.address import Address, build_address
from daemon.sim.exchange.auth.signed_order import SignatureType

KINDS: Final = {
    "WALLET": SignatureType.POLY_1271,
    "PROXY": SignatureType.POLY_PROXY,
    "SAFE": SignatureType.GNOSIS_SAFE,
}
"""What clients call the wallets that are contracts."""
KEY_HEADERS: Final = ("POLY_BUILDER_API_KEY", "RELAYER_API_KEY")
NOT_SENT: Final = "transactions are disabled: this relayer sends nothing"

_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")


class RelayerLookups:
    """Handlers of the relayer."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [
            web.get("/deployed", self._deployed),
            web.get("/nonce", self._nonce),
            web.get("/v1/account/transactions/params", self._params),
            web.get("/relay-payload", self._params),
            web.get("/v1/account/transactions/{id}", self._transaction),
            web.post("/submit", self._submit),
            web.post("/v1/session-signers/authorizations", self._submit),
            web.post("/v1/session-signers/revocations", self._submit),
        ]

    async def _deployed(self, request: web.Request) -> web.Response:
        self._floor.now()
        address = _address(request)
        if address is None:
            return refuse(400, "invalid address")
        wallet, kind = self._floor.wallets.get(address), request.query.get("type")
        if wallet is None or wallet.signature_type is SignatureType.EOA:
            return answer({"deployed": False})
        return answer({"deployed": kind is None or KINDS.get(kind) is wallet.signature_type})

    async def _nonce(self, request: web.Request) -> web.Response:
        return refuse(400, "invalid address") if not _address(request) else answer({"nonce": "0"})

    async def _params(self, request: web.Request) -> web.Response:
        address = _address(request)
        if address is None:
            return refuse(400, "invalid address")
        return answer({"address": address, "nonce": "0"})

    async def _transaction(self, _request: web.Request) -> web.Response:
        return refuse(404, "transaction not found")

    async def _submit(self, request: web.Request) -> web.Response:
        if not any(request.headers.get(name) for name in KEY_HEADERS):
            return refuse(401, "invalid authorization")
        return refuse(403, NOT_SENT)


def _address(request: web.Request) -> Address | None:
    text = request.query.get("address", "")
    return build_address(bytes.fromhex(text[2:])) if _ADDRESS.fullmatch(text) else None
