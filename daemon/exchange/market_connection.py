"""One client of the market channel: who listens, and which frames it is sent."""

from collections.abc import Sequence

from websockets.asyncio.server import ServerConnection

from daemon.exchange.channel_connection import ChannelConnection
from daemon.sim.exchange.channel.message_way import MessageWay
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.tape.frame import Frame
from daemon.sim.exchange.tape.market_session import MarketSession


class MarketConnection(ChannelConnection):
    """A websocket connection with its session."""

    def __init__(
        self,
        connection: ServerConnection,
        way: MessageWay,
        marketplace: Marketplace,
        session: MarketSession,
    ) -> None:
        super().__init__(connection, way, marketplace)
        self.session = session

    @property
    def is_listening(self) -> bool:
        """Tell whether the tape may go on for this client: subscribed, open and not stalled."""
        return self.session.is_subscribed and self.is_open and not self.is_stalled

    def offer(self, frames: Sequence[tuple[Frame, bytes]]) -> None:
        """Send those of the frames that the session wants; bytes are framed already."""
        wants = self.session.wants
        self.carry(FaultPoint.MARKET_MESSAGE, [framed for frame, framed in frames if wants(frame)])
