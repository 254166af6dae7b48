"""How the market websocket is kept alive and when it is given up."""

from typing import Annotated, Final

from config.form import whole
from config.section import Section, key
from daemon.adapters.polymarket.feed_options import TOKENS_PER_CONNECTION_MAX, MarketFeedOptions

_DECLARED: Final = MarketFeedOptions()


class FeedSettings(Section):
    """Table [feed]."""

    connect_within_s: Annotated[int, whole(1, 300)] = key(
        "address, TLS and handshake may take", default=int(_DECLARED.connect_within_s), unit="s"
    )
    silent_after_s: Annotated[int, whole(1, 3_600)] = key(
        "a connection that delivers nothing for longer is lost, even when it answers PONG",
        default=int(_DECLARED.silent_after_s),
        unit="s",
    )
    ping_every_s: Annotated[int, whole(1, 60)] = key(
        "the venue wants a text PING about every 10 s",
        default=int(_DECLARED.ping_every_s),
        unit="s",
    )
    snapshot_within_s: Annotated[int, whole(1, 60)] = key(
        "a book without its snapshot for longer is asked for again",
        default=int(_DECLARED.snapshot_within_s),
        unit="s",
    )
    assets_per_connection: Annotated[int, whole(1, TOKENS_PER_CONNECTION_MAX)] = key(
        "tokens on one connection", default=100, unit="tokens"
    )
    reconnect_delay_ms_max: Annotated[int, whole(100, 600_000)] = key(
        "the longest wait before the next attempt to connect", default=30_000, unit="ms"
    )
    reconnects_before_pause: Annotated[int, whole(1, 1_000)] = key(
        "attempts in a row before an alert says that the feed does not come back",
        default=10,
        unit="attempts",
    )

    def options(self) -> MarketFeedOptions:
        """Return what one market feed takes."""
        return MarketFeedOptions(
            connect_within_s=float(self.connect_within_s),
            ping_every_s=float(self.ping_every_s),
            silent_after_s=float(self.silent_after_s),
            snapshot_within_s=float(self.snapshot_within_s),
        )
