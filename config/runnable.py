"""Whether a configuration that is well written says enough for a run."""

from typing import Final

from config.catalogue import KEYS, STRATEGIES
from config.document import EXAMPLE_MARKET
from config.mode import Mode
from config.settings import Settings
from daemon.errors import ConfigError

NEEDED_TO_SIGN: Final = ("private_key",)
NEEDED_TO_TRADE: Final = ("private_key", "api_key", "api_secret", "api_passphrase")

_NEEDED: Final = {
    Mode.PAPER: (),
    Mode.DRY_RUN: NEEDED_TO_SIGN,
    Mode.LIVE: NEEDED_TO_TRADE,
}


def require_runnable(settings: Settings) -> None:
    """Raise ConfigError, one line for each thing a run in this mode lacks."""
    problems = run_problems(settings)
    if problems:
        raise ConfigError(*problems)


def run_problems(settings: Settings) -> tuple[str, ...]:
    """Return one line for each thing a run in this mode lacks."""
    problems = [
        f"Missing environment variable: {KEYS[f'credentials.{name}'].environment[0]} (mode "
        f"{settings.mode} needs it; set it in .env.local or in the environment)"
        for name in _NEEDED[settings.mode]
        if getattr(settings.credentials, name) is None
    ]
    if not settings.markets:
        problems.append(
            "markets: none is given, and there is no default; name at least one by slug, condition "
            f"id or token id: --market {EXAMPLE_MARKET}, PENNYD_MARKETS={EXAMPLE_MARKET}, or "
            f'markets = ["{EXAMPLE_MARKET}"] in pennyd.toml'
        )
    if not settings.strategies:
        problems.append(
            f"{STRATEGIES}: none is given; add a [[{STRATEGIES}]] table with "
            'name = "top_bidder", side = "BUY" and limit_price = 0.20 to pennyd.toml'
        )
    return tuple(problems)
