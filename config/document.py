"""Everything that can be written in the configuration, as one model; each key is declared once.

What is read here is checked and exact; `settings` turns it into what the program uses.
"""

from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from config.credentials import Credentials
from config.feed_settings import FeedSettings
from config.form import one_of
from config.http_settings import HttpSettings
from config.log_settings import LogSettings
from config.mode import Mode, Profile
from config.paper_settings import PaperSettings
from config.recording_settings import RecordingSettings
from config.risk_settings import RiskSettings
from config.runtime_settings import RuntimeSettings
from config.secret import Secret
from config.section import Section, key
from config.strategy_settings import StrategySettings
from config.text_form import DATABASE_URL, MARKETS, PATH, text
from config.venue_settings import VenueSettings

EXAMPLE_MARKET: Final = "btc-updown-5m-1776081600"


class Document(Section):
    """The top level of pennyd.toml."""

    mode: Annotated[Mode, one_of(Mode)] = key(
        "paper simulates fills, dry_run signs and never sends, live is real money",
        default=Mode.PAPER,
        note="this release runs paper only",
    )
    profile: Annotated[Profile, one_of(Profile)] = key(
        "the limits and order sizes to start from; paper starts from small, live from starter"
    )
    account: Annotated[
        str, text("a name of small letters, digits, - and _", r"[a-z0-9][a-z0-9_-]{0,31}")
    ] = key("the name of the paper purse", default="paper")
    markets: Annotated[tuple[str, ...], MARKETS] = key(
        f"what to trade: slugs (the end of the market's link, like {EXAMPLE_MARKET}), "
        "condition ids or token ids",
        default=(),
    )
    state_dir: Annotated[Path, PATH] = key("where everything is kept that outlives a run")
    database_url: Annotated[Secret | None, DATABASE_URL] = key(
        "the Postgres server; without it one runs inside the state folder",
        default=None,
        environment=("DATABASE_URL",),
        is_secret=True,
    )
    strategies: tuple[Annotated[StrategySettings, Field(discriminator="name")], ...] = key(
        "what trades, one [[strategies]] table each (in the environment: a JSON list)"
    )
    risk: RiskSettings
    paper: PaperSettings = PaperSettings()
    venue: VenueSettings = VenueSettings()
    feed: FeedSettings = FeedSettings()
    runtime: RuntimeSettings = RuntimeSettings()
    recording: RecordingSettings = RecordingSettings()
    log: LogSettings = LogSettings()
    http: HttpSettings = HttpSettings()
    credentials: Credentials = Credentials()
