"""LogAlerts: tells a person by way of the log, which is where the service manager's people look.

Every alert is one line with `alert=true`, so that it can be found whatever its event. Knows no
other channel.
"""

import logging
from contextlib import suppress
from typing import Final

import structlog

log = structlog.get_logger()

LEVELS: Final = {
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
}


class LogAlerts:
    """Implements ports.Alerts."""

    def send(self, severity: str, event: str, text: str) -> None:
        """Write the alert; a severity nobody knows counts as an error. Never raises."""
        level = LEVELS.get(severity, logging.ERROR)
        with suppress(OSError, ValueError):  # a full disk or a closed stream may not harm trading
            log.log(level, event, alert=True, severity=severity, text=text)
