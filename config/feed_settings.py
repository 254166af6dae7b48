"""How the market websocket is kept alive and when it is given up."""

from typing import Annotated

from config.form import whole
from config.section import Section, key


class FeedSettings(Section):
    """Table [feed]."""

    silent_after_s: Annotated[int, whole(1, 3_600)] = key(
        "a connection that delivers nothing for longer is lost, even when it answers PONG",
        default=30,
        unit="s",
    )
    ping_every_s: Annotated[int, whole(1, 60)] = key(
        "the venue wants a text PING about every 10 s", default=10, unit="s"
    )
    snapshot_within_s: Annotated[int, whole(1, 60)] = key(
        "a book without its snapshot for longer after subscribing is asked for again",
        default=10,
        unit="s",
    )
    assets_per_connection: Annotated[int, whole(1, 500)] = key(
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
