"""One connection of a price feed, without its socket: texts and prices in, texts out."""

from typing import Any, Final, NamedTuple, Protocol, cast

import msgspec

from daemon.domain.units import Nanos
from daemon.sim.exchange.windows.window_resolution import ReferencePrice

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_DECODER: Final = msgspec.json.Decoder()


class FeedClose(NamedTuple):
    """The connection ends, with this code and reason."""

    code: int
    reason: str


class FeedReply(NamedTuple):
    """What a message brings: texts in order, and then perhaps the end."""

    texts: tuple[str, ...] = ()
    close: FeedClose | None = None


class FeedSession(Protocol):
    """What a client has subscribed to; whatever it sends, it is answered and never raises."""

    def receive(self, text: str, now: Nanos) -> FeedReply:
        """Take in what the client sent."""
        ...

    def tell(self, asset: str, price: ReferencePrice, now: Nanos) -> tuple[str, ...]:
        """Return what the client is to know of a new price."""
        ...


def to_text(body: Any) -> str:
    """Return compact JSON; a Decimal becomes a number, digit by digit."""
    return _ENCODER.encode(body).decode()


def read_object(text: str) -> dict[str, Any] | None:
    """Return the object a text holds, None for anything else."""
    try:
        body = _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return cast("dict[str, Any]", body) if isinstance(body, dict) else None
