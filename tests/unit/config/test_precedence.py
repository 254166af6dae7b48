"""Which source wins, and that each value says where it came from."""

from pathlib import Path

import pytest

from config.load import load
from config.mode import Mode, Profile
from daemon.errors import ConfigError
from tests.unit.config.conftest import Loader

KEY = "risk.open_orders_max"


def sources(path: str, *, upto: int) -> dict[str, object]:
    """Return arguments that set the key in the first `upto` of all sources, lowest first."""
    every: list[tuple[str, object]] = [
        ("toml", "[risk]\nopen_orders_max = 21\n"),
        ("dotenv", "PENNYD_RISK__OPEN_ORDERS_MAX=22\n"),
        ("dotenv_local", "\nPENNYD_RISK__OPEN_ORDERS_MAX=23\n"),
        ("environ", {"PENNYD_RISK__OPEN_ORDERS_MAX": "24"}),
        ("flags", {path: 25}),
    ]
    return dict(every[:upto])


@pytest.mark.parametrize(
    "upto, value, source",
    [
        (0, 10, "profile small"),
        (1, 21, "pennyd.toml:2"),
        (2, 22, ".env:1 PENNYD_RISK__OPEN_ORDERS_MAX"),
        (3, 23, ".env.local:2 PENNYD_RISK__OPEN_ORDERS_MAX"),
        (4, 24, "environment PENNYD_RISK__OPEN_ORDERS_MAX"),
        (5, 25, "command line"),
    ],
)
@pytest.mark.requirement("S3-100", "S2-081")
def test_the_later_source_wins_and_is_named(
    load_in: Loader, upto: int, value: int, source: str
) -> None:
    loaded = load_in(**sources(KEY, upto=upto))  # type: ignore[arg-type]
    assert loaded.settings.risk.open_orders_max == value
    assert loaded.sources[KEY] == source


def test_what_nobody_says_is_a_default(load_in: Loader) -> None:
    loaded = load_in()
    assert loaded.sources["runtime.pulse_ms"] == "default"
    assert loaded.sources["strategies[0].market"] == "default"
    assert loaded.sources["strategies[0].side"] == "preset paper"
    assert loaded.sources["strategies[0].shares_per_order"] == "profile small"
    assert loaded.file is None


@pytest.mark.parametrize(
    "mode, profile", [("paper", "small"), ("dry-run", "starter"), ("LIVE", "starter")]
)
def test_mode_decides_the_profile_when_nobody_names_one(
    load_in: Loader, mode: str, profile: str
) -> None:
    settings = load_in(environ={"PENNYD_MODE": mode}).settings
    assert settings.profile is Profile(profile)
    assert settings.mode is Mode(mode.lower().replace("-", "_"))


def test_only_paper_trades_without_being_asked_to(load_in: Loader) -> None:
    assert [entry.name for entry in load_in().settings.strategies] == [
        "top_bidder", "top_bidder", "order_splitter",
    ]  # fmt: skip
    assert load_in(flags={"mode": "live"}).settings.strategies == ()


def test_profile_of_a_file_gives_the_limits_that_the_file_leaves_out(load_in: Loader) -> None:
    loaded = load_in('profile = "service"\n[risk]\nopen_orders_max = 7\n')
    assert loaded.settings.risk.open_orders_max == 7
    assert loaded.sources["risk.trade_notional_max"] == "profile service"
    assert loaded.values["strategies[0].shares_per_order"] == "100.00"


def test_strategies_of_a_file_replace_those_of_the_preset(load_in: Loader) -> None:
    loaded = load_in('[[strategies]]\nname = "top_bidder"\nlimit_price = 0.3\n')
    assert len(loaded.settings.strategies) == 1
    assert loaded.sources["strategies[0].limit_price"] == "pennyd.toml:3"
    assert loaded.sources["strategies[0].shares_per_order"] == "profile small"


def test_strategies_can_be_given_as_json(load_in: Loader) -> None:
    text = '[{"name": "top_bidder", "limit_price": 0.30, "strategy": 1}]'
    with pytest.raises(ConfigError, match=r"strategies\[0\]\.strategy \(environment PENNYD_STR"):
        load_in(environ={"PENNYD_STRATEGIES": text})
    loaded = load_in(environ={"PENNYD_STRATEGIES": text.replace(', "strategy": 1', "")})
    assert loaded.values["strategies[0].limit_price"] == "0.30"
    assert loaded.sources["strategies[0].limit_price"] == "environment PENNYD_STRATEGIES"


def test_a_flag_that_was_not_given_changes_nothing(load_in: Loader) -> None:
    assert load_in(flags={"mode": None, "profile": None}).sources["mode"] == "default"


def test_a_file_in_the_working_directory_hides_the_one_in_the_state_folder(
    load_in: Loader, tmp_path: Path
) -> None:
    state = tmp_path / "state" / "pennyd"
    state.mkdir(parents=True)
    (state / "pennyd.toml").write_text('account = "from-state"\n')
    loaded = load_in()
    assert (loaded.settings.account, loaded.file) == ("from-state", state / "pennyd.toml")
    assert loaded.sources["account"] == f"{state / 'pennyd.toml'}:1"
    assert load_in('account = "from-here"\n').settings.account == "from-here"


def test_a_file_in_the_state_folder_cannot_move_the_state_folder(
    load_in: Loader, tmp_path: Path
) -> None:
    state = tmp_path / "state" / "pennyd"
    state.mkdir(parents=True)
    (state / "pennyd.toml").write_text('state_dir = "/elsewhere"\n')
    with pytest.raises(ConfigError, match="cannot move its own folder"):
        load_in()


def test_a_named_file_is_the_only_one_read(load_in: Loader, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('account = "other"\n')
    loaded = load(other, {"HOME": str(tmp_path)}, {}, folder=tmp_path)
    assert (loaded.settings.account, loaded.sources["account"]) == ("other", "other.toml:1")


def test_without_a_folder_the_working_directory_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pennyd.toml").write_text('account = "here"\n')
    monkeypatch.chdir(tmp_path)
    assert load(None, {"HOME": "/nowhere"}, {}).settings.account == "here"


@pytest.mark.parametrize(
    "given, expected", [("/data/x", "/data/x"), ("~/x", "{home}/x"), ("x", "{home}/desk/x")]
)
def test_state_folder_is_absolute(
    load_in: Loader, tmp_path: Path, given: str, expected: str
) -> None:
    settings = load_in(flags={"state_dir": given}).settings
    assert str(settings.state_dir) == expected.format(home=tmp_path)
    assert settings.log_file == settings.state_dir / "logs/trading.log"
    assert settings.health_file == settings.state_dir / "logs/health.log"
    assert settings.converge.rest_min == 500_000_000


def test_the_file_of_a_given_state_folder_is_found(load_in: Loader, tmp_path: Path) -> None:
    (tmp_path / "pennyd.toml").write_text('account = "there"\n')
    assert load_in(flags={"state_dir": tmp_path}).settings.account == "there"
    assert load_in(environ={"PENNYD_STATE_DIR": str(tmp_path)}).settings.account == "there"
