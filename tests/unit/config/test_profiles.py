"""Every figure of every profile, against the table that was decided."""

import pytest

from config.mode import Profile
from daemon.adapters.polymarket.feed_options import MarketFeedOptions
from daemon.domain.units import NANOS_PER_S, format_micros
from daemon.risk.limits import RiskLimits
from tests.unit.config.conftest import Loader

DECIDED = """
| trade_notional_max     | 1   | 5   | 100   |
| order_shares_max       | 20  | 100 | 100   |
| market_position_max    | 100 | 500 | 5000  |
| window_notional_max    | 5   | 25  | 500   |
| total_exposure_max     | 20  | 100 | 10000 |
| open_orders_max        | 5   | 10  | 50    |
| loss_per_trade_max     | 1   | 5   | 50    |
| loss_per_hour_max      | 5   | 20  | 200   |
| loss_per_day_max       | 20  | 50  | 500   |
| drawdown_max           | 20  | 50  | 500   |
| consecutive_losses_max | 50  | 50  | 50    |
| breaker_loss_max       | 3   | 10  | 100   |
"""
PROFILES = (Profile.STARTER, Profile.SMALL, Profile.SERVICE)
COUNTS = {"open_orders_max", "consecutive_losses_max"}

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in DECIDED.split("\n") if line
]
FIGURES = [(name, profile, row) for name, *row in ROWS for profile in PROFILES]


def figure(limits: RiskLimits, name: str) -> str:
    value = getattr(limits, name)
    return str(value) if name in COUNTS else format_micros(value, 0)


@pytest.mark.parametrize("name, profile, row", FIGURES, ids=[f"{n}-{p}" for n, p, _ in FIGURES])
@pytest.mark.requirement("S2-063")
def test_figure_is_the_one_decided(
    load_in: Loader, name: str, profile: Profile, row: list[str]
) -> None:
    limits = load_in(flags={"profile": profile.value}).settings.risk
    assert figure(limits, name) == row[PROFILES.index(profile)]


@pytest.mark.parametrize("profile", PROFILES)
def test_timings_are_the_same_in_every_profile(load_in: Loader, profile: Profile) -> None:
    limits = load_in(flags={"profile": profile.value}).settings.risk
    assert limits.stale_after == 10 * NANOS_PER_S
    assert limits.intent_repeat_after == 500_000_000
    assert limits.price_collar == 100_000


@pytest.mark.parametrize(
    "profile, sizes",
    [
        ("starter", ("5.00", "10.00", "5.00", "5.00")),
        ("small", ("5.00", "20.00", "5.00", "5.00")),
        ("service", ("100.00", "1000.00", "10.00", "100.00")),
    ],
)
def test_order_sizes_come_with_the_profile(
    load_in: Loader, profile: str, sizes: tuple[str, ...]
) -> None:
    values = load_in(flags={"profile": profile}).values
    assert sizes == (
        values["strategies[0].shares_per_order"],
        values["strategies[2].total_shares"],
        values["strategies[2].min_order_size"],
        values["strategies[2].max_order_size"],
    )


@pytest.mark.parametrize(
    "key, value",
    [
        ("mode", "paper"),
        ("account", "paper"),
        ("paper.cash", "1000.00"),
        ("paper.submit_latency_ms", 50),
        ("paper.cancel_latency_ms", 50),
        ("runtime.submit_within_ms", 1_000),
        ("runtime.unknown_grace_ms", 15_000),
        ("runtime.max_ack_ms", 5_000),
        ("runtime.book_guard_age_ms", 5_000),
        ("runtime.pulse_ms", 100),
        ("runtime.kill_poll_ms", 100),
        ("runtime.reconcile_every_s", 10),
        ("runtime.status_every_s", 300),
        ("runtime.cron_interval_minutes", 60),
        ("feed.reconnects_before_pause", 10),
        ("log.level", "INFO"),
        ("log.file", "logs/trading.log"),
        ("log.health_file", "logs/health.log"),
        ("venue.chain_id", 137),
        ("venue.signature_type", 0),
        ("http.is_enabled", False),
        ("http.host", "127.0.0.1"),
        ("strategies[0].poll_interval", 3),
        ("strategies[0].enable_top_bidder", True),
        ("strategies[2].splitting_strategy", "TWAP"),
        ("strategies[2].time_window_minutes", 60),
    ],
)
def test_default_is_the_one_decided(load_in: Loader, key: str, value: object) -> None:
    assert load_in().values[key] == value


def test_feed_settings_reach_the_feed(load_in: Loader) -> None:
    toml = "[feed]\nconnect_within_s = 3\nsilent_after_s = 4\nping_every_s = 5\nsnapshot_within_s = 6\n"
    options = load_in(toml).settings.feed.options()
    assert (options.connect_within_s, options.silent_after_s) == (3, 4)
    assert (options.ping_every_s, options.snapshot_within_s) == (5, 6)
    assert load_in("").settings.feed.options() == MarketFeedOptions()
