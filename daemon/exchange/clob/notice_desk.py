"""Notifications, and whether orders earn liquidity rewards."""

import msgspec
from aiohttp import web

from daemon.exchange.clob.gateway import Gateway, PrivateRequest
from daemon.exchange.clob.order_names import parse_order_id
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer, refuse
from daemon.exchange.request_faults import RequestFaults
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.records.notices import Notices

_IDS = msgspec.json.Decoder(list[str])


class NoticeDesk:
    """What an account is told; no market of this exchange pays rewards, so no order ever scores."""

    def __init__(self, floor: Floor, gateway: Gateway, faults: RequestFaults) -> None:
        self._gateway = gateway
        self._faults = faults
        self._notices = Notices(floor.marketplace, floor.keys)
        floor.marketplace.watch(self._notices.watch)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        private, wrap = self._gateway.private, self._faults.wrap
        read = FaultPoint.READ
        return [
            web.get("/notifications", wrap(read, private(self._list))),
            web.delete("/notifications", wrap(read, private(self._drop))),
            web.get("/order-scoring", wrap(read, private(self._score))),
            web.post("/orders-scoring", wrap(read, private(self._score_many))),
        ]

    async def _list(self, asked: PrivateRequest) -> web.Response:
        return answer(self._notices.of(asked.owner))

    async def _drop(self, asked: PrivateRequest) -> web.Response:
        texts = asked.query.get("ids", "").split(",")
        ids = {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 20}
        self._notices.drop(asked.owner, ids)
        return answer("OK")

    async def _score(self, asked: PrivateRequest) -> web.Response:
        if parse_order_id(asked.query.get("order_id")) is None:
            return refuse(400, "Invalid orderID")
        return answer({"scoring": False})

    async def _score_many(self, asked: PrivateRequest) -> web.Response:
        try:
            ids = _IDS.decode(asked.body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return refuse(400, "Invalid payload")
        return answer(dict.fromkeys(ids, False))
