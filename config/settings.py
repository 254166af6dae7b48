"""What the program uses: the checked configuration, in the types its parts declare."""

from dataclasses import dataclass
from pathlib import Path

from config.credentials import Credentials
from config.document import Document
from config.feed_settings import FeedSettings
from config.http_settings import HttpSettings
from config.log_settings import LogSettings
from config.mode import Mode, Profile
from config.recording_settings import RecordingSettings
from config.runtime_settings import RuntimeSettings
from config.secret import Secret
from config.strategy_settings import StrategySettings
from config.text_form import ANY_MARKET
from config.venue_settings import VenueSettings
from daemon.domain.units import NANOS_PER_MS, Cash, Nanos
from daemon.engine.converge import ConvergePolicy
from daemon.risk.limits import RiskLimits
from daemon.sim.paper_options import PaperOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything in force. Options are handed to the parts one by one; nobody gets all of it."""

    mode: Mode
    profile: Profile
    account: str
    """The paper purse."""
    markets: tuple[str, ...]
    """Slugs, condition ids and token ids, those that strategies name included. Two
    references may mean the same market."""
    strategies: tuple[StrategySettings, ...]
    risk: RiskLimits
    paper: PaperOptions
    paper_cash: Cash
    venue: VenueSettings
    feed: FeedSettings
    runtime: RuntimeSettings
    recording: RecordingSettings
    log: LogSettings
    http: HttpSettings
    credentials: Credentials
    database_url: Secret | None
    state_dir: Path
    """Absolute; it need not exist yet."""

    @property
    def converge(self) -> ConvergePolicy:
        """How eagerly orders follow their targets."""
        return ConvergePolicy(rest_min=Nanos(self.runtime.rest_min_ms * NANOS_PER_MS))

    @property
    def log_file(self) -> Path:
        """Where the log goes."""
        return self.state_dir / self.log.file

    @property
    def health_file(self) -> Path:
        """Where the health log goes."""
        return self.state_dir / self.log.health_file


def settings_of(document: Document) -> Settings:
    """Return what the program uses for what was written; its state folder must be absolute."""
    assert document.state_dir.is_absolute()
    return Settings(
        mode=document.mode,
        profile=document.profile,
        account=document.account,
        markets=_all_markets(document),
        strategies=document.strategies,
        risk=document.risk.limits(),
        paper=document.paper.options(),
        paper_cash=document.paper.cash,
        venue=document.venue,
        feed=document.feed,
        runtime=document.runtime,
        recording=document.recording,
        log=document.log,
        http=document.http,
        credentials=document.credentials,
        database_url=document.database_url,
        state_dir=document.state_dir,
    )


def _all_markets(document: Document) -> tuple[str, ...]:
    """Add the markets that only strategies name."""
    named = (entry.token_id or entry.market for entry in document.strategies)
    wanted = (*document.markets, *(name for name in named if name != ANY_MARKET))
    return tuple(dict.fromkeys(wanted))
