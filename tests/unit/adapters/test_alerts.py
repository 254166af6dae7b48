"""Alerts are lines of the log that can be found."""

from structlog.testing import capture_logs

from daemon.adapters.alerts import LogAlerts
from daemon.ports import Alerts


def test_an_alert_is_a_log_line_of_its_severity() -> None:
    alerts: Alerts = LogAlerts()
    with capture_logs() as lines:
        alerts.send("critical", "trading.halted", "kill_switch: enough")
        alerts.send("info", "feed.up", "12 tokens")
        alerts.send("terrible", "odd.happened", "nobody knows this severity")
    assert [(line["log_level"], line["event"], line["alert"]) for line in lines] == [
        ("critical", "trading.halted", True),
        ("info", "feed.up", True),
        ("error", "odd.happened", True),
    ]
