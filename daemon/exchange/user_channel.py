"""The user channel: a websocket endpoint that tells the owners of orders and trades what became of them.

What happens is told at once, so it may arrive before the reply to the request that caused it.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

import msgspec
from websockets.asyncio.server import ServerConnection

from daemon.exchange.channel_connection import ChannelConnection, frame_text
from daemon.exchange.channel_server import USER_PATH, ChannelServer
from daemon.exchange.floor import Floor
from daemon.exchange.traffic import Traffic
from daemon.sim.exchange.channel.message_way import MessageWay
from daemon.sim.exchange.channel.user_session import UserSession
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.records.order_record import build_order_event
from daemon.sim.exchange.records.trade_record import build_trade_event
from daemon.sim.exchange.tape.market_session import INVALID_OPERATION
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.venue_event import OrderReported, TradeReported, VenueEvent

REFUSED_CODE: Final = 1008
"""How a connection with wrong credentials is closed; nothing is said before."""


class UserConnection(ChannelConnection):
    """A websocket connection with its session."""

    def __init__(
        self, connection: ServerConnection, way: MessageWay, floor: Floor, session: UserSession
    ) -> None:
        super().__init__(connection, way, floor.marketplace)
        self.session = session


class UserChannel:
    """All connections of the user channel."""

    def __init__(self, floor: Floor, traffic: Traffic) -> None:
        self._floor = floor
        self._traffic = traffic
        self._server = ChannelServer(USER_PATH, traffic, self._live)
        self._connections: set[UserConnection] = set()
        self._opened = 0

    @asynccontextmanager
    async def open(self, host: str, port: int) -> AsyncGenerator[int, None]:
        """Listen until the block ends; yields the port."""
        async with self._server.open(host, port) as opened:
            self._floor.marketplace.watch(self._tell)
            yield opened
            self.cut()  # whoever is still here would hold up the end

    def cut(self) -> int:
        """Drop every socket; return how many."""
        struck = list(self._connections)
        for connection in struck:
            connection.cut()
        return len(struck)

    def _tell(self, events: tuple[VenueEvent, ...]) -> None:
        for event in events:
            if isinstance(event, OrderReported):
                self._tell_order(event)
            elif isinstance(event, TradeReported) and not self._floor.fates.is_missing(event.trade):
                self._tell_trade(event)

    def _tell_order(self, event: OrderReported) -> None:
        posted = event.order.posted
        record = self._floor.marketplace.record_of(posted.token)
        assert record is not None
        listeners = self._listeners(posted.owner, record.condition_id)
        if listeners:
            _send(listeners, FaultPoint.ORDER_MESSAGE, build_order_event(event, record))

    def _tell_trade(self, event: TradeReported) -> None:
        record = self._floor.marketplace.records[event.trade.condition_id]
        listeners = self._listeners(event.owner, record.condition_id)
        if listeners:
            _send(listeners, FaultPoint.TRADE_MESSAGE, build_trade_event(event, record))

    def _listeners(self, owner: Owner, condition_id: str) -> list[UserConnection]:
        return [each for each in self._connections if each.session.wants(owner, condition_id)]

    async def _live(self, server: ServerConnection) -> None:
        floor = self._floor
        self._opened += 1
        who = f"user-{self._opened}"
        way = MessageWay(lambda: floor.faults, FaultPoint.USER_SOCKET, who, floor.now())
        connection = UserConnection(server, way, floor, UserSession(floor.keys))
        self._connections.add(connection)
        try:
            await connection.hear(
                partial(self._receive, connection), lambda: connection.session.owner is not None
            )
        finally:
            self._connections.discard(connection)

    async def _receive(self, connection: UserConnection, message: str | bytes) -> None:
        session = connection.session
        connection.note_message()
        auth_count = session.auth_count
        replies = [INVALID_OPERATION] if isinstance(message, bytes) else session.receive(message)
        connection.answer(FaultPoint.ORDER_MESSAGE, replies)
        self._traffic.auth_messages += session.auth_count - auth_count
        if session.is_refused:
            await connection.close(REFUSED_CODE, "")


def _send(listeners: list[UserConnection], point: FaultPoint, body: dict[str, Any]) -> None:
    framed = frame_text(msgspec.json.encode(body))
    for connection in listeners:
        connection.carry(point, [framed])
