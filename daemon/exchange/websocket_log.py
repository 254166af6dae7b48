"""The log of the websocket ports: only what fails here is written, not what clients get wrong.

Thousands of clients that hang up within their handshake would else fill whatever the exchange writes to.
"""

import logging
from typing import Final

from websockets.exceptions import ConnectionClosed, InvalidHandshake

LOG: Final = logging.getLogger(__name__)

_OF_CLIENTS: Final = (InvalidHandshake, ConnectionClosed, ConnectionError, EOFError)


def _is_own(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, _OF_CLIENTS)


LOG.addFilter(_is_own)
# Whatever level the program has: clients' bytes need not even be text.
LOG.setLevel(logging.WARNING)
