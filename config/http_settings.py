"""The little HTTP server with health and metrics."""

from typing import Annotated

from config.form import FLAG, whole
from config.section import Section, key
from config.text_form import text


class HttpSettings(Section):
    """Table [http]."""

    is_enabled: Annotated[bool, FLAG] = key("serve /healthz, /readyz and /metrics", default=False)
    host: Annotated[str, text("a host name or address", r"[A-Za-z0-9.:_-]{1,253}")] = key(
        "listen on; anything but this machine is your decision", default="127.0.0.1"
    )
    port: Annotated[int, whole(0, 65_535)] = key("listen on; 0 picks a free port", default=8787)
