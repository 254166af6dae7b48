"""What a person watches while a run goes on: where the log goes and what the screen shows.

On a terminal the live view owns the screen and the log goes to its file only; elsewhere the view is a
plain line now and then.
"""

import sys
from collections.abc import Awaitable

from config.settings import Settings
from daemon.adapters.log_setup import LogOptions, set_up_logging
from daemon.app.app import App
from daemon.app.premises import make_state_folder
from daemon.cli.live_snapshot import TapeSpan, ViewParts
from daemon.cli.live_view import LiveView
from daemon.demo import DemoOptions, TapeServer
from daemon.domain.units import Nanos


def start_logging(settings: Settings, *, console: str | None = None) -> None:
    """Set the log up for a run; `console` overrides how standard output looks (`none`: not at all)."""
    make_state_folder(settings.state_dir)
    credentials = settings.credentials
    secrets = (
        credentials.private_key,
        credentials.api_key,
        credentials.api_secret,
        credentials.api_passphrase,
    )
    set_up_logging(
        LogOptions(
            level=settings.log.level,
            console=console or settings.log.format,
            file=settings.log_file,
            health_file=settings.health_file,
            file_bytes_max=settings.log.file_bytes_max,
            files_kept=settings.log.files_kept,
            hidden=tuple(secret.reveal() for secret in secrets if secret is not None),
        )
    )


def is_watched() -> bool:
    """Tell whether standard output is a terminal that a live view can own."""
    return sys.stdout.isatty()


def live(app: App, title: str, tape: TapeSpan | None = None) -> Awaitable[None]:
    """Show a running app until it is cancelled."""
    return LiveView(
        ViewParts(
            title=title,
            run=app.run,
            state=app.state,
            limits=app.settings.risk,
            clock=app.clock,
            stats=app.loop.stats,
            feeds=[feed.stats for feed in app.feeds],
            frames_dropped=lambda: app.inbox.events_dropped,
            fact_log=app.fact_log,
            tape=tape,
        )
    ).run()


def of_run(app: App) -> Awaitable[None]:
    """Show `pennyd run`."""
    return live(app, f"account {app.settings.account}")


def of_demo(server: TapeServer, options: DemoOptions) -> "DemoView":
    """Show a demo of this tape."""
    return DemoView(server, options)


class DemoView:
    """The screen of a demo; called with the app once it runs."""

    def __init__(self, server: TapeServer, options: DemoOptions) -> None:
        pace = f"speed {options.speed}" if options.speed else "as fast as possible"
        self._title = f"tape {server.tape}, {pace}"
        self._tape = TapeSpan(
            starts_at=Nanos(server.origin_at), ends_at=Nanos(server.ends_at), speed=options.speed
        )

    def __call__(self, app: App) -> Awaitable[None]:
        """Show the app."""
        return live(app, self._title, self._tape)
