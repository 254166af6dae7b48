"""The services of the venue, each with a port of its own."""

from enum import StrEnum


class Service(StrEnum):
    """What answers where; the order is that of the ports when a first one is given."""

    CLOB = "clob"
    GAMMA = "gamma"
    MARKET_WS = "market_ws"
    USER_WS = "user_ws"
    DATA = "data"
    RELAYER = "relayer"
    GEOBLOCK = "geoblock"
    RPC = "rpc"
    SPOT_WS = "spot_ws"
    REFERENCE_WS = "reference_ws"

    @property
    def place(self) -> int:
        """How many ports after the first one."""
        return list(Service).index(self)
