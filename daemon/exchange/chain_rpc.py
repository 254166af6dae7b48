"""The chain's node as clients reach it: one address that takes JSON-RPC."""

import msgspec
from aiohttp import web

from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer
from daemon.sim.exchange.rpc.receipt_index import ReceiptIndex
from daemon.sim.exchange.rpc.rpc_node import PARSE_ERROR, RpcNode, error_reply

_BODY = msgspec.json.Decoder()


class ChainRpc:
    """The handler; make it before trading begins, so that it knows every transaction."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        receipts = ReceiptIndex()
        floor.marketplace.watch(receipts.watch)
        self._node = RpcNode(floor.marketplace.exchange, floor.wallets, receipts)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [web.post("/", self._ask)]

    async def _ask(self, request: web.Request) -> web.Response:
        now = self._floor.now()
        try:
            body = _BODY.decode(await request.read())
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return answer(error_reply(None, PARSE_ERROR, "parse error"))
        return answer(self._node.answer(body, now))
