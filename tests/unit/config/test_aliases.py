"""The customer's own names are accepted wherever ours are."""

import pytest

from tests.unit.config.conftest import Loader

PRIVATE = "ab" * 32


@pytest.mark.parametrize(
    "alias, key, value, shown",
    [
        ("max_position_size", "market_position_max", "5000", "5000.00"),
        ("max_total_exposure", "total_exposure_max", "10000", "10000.00"),
        ("max_daily_loss", "loss_per_day_max", "500", "500.00"),
        ("max_order_size", "order_shares_max", "100", "100.00"),
        ("maxPositionPerTrade", "trade_notional_max", "1", "1.00"),
        ("maxPositionPerWindow", "window_notional_max", "5", "5.00"),
        ("maxTotalExposure", "total_exposure_max", "20", "20.00"),
        ("maxOpenOrders", "open_orders_max", "5", 5),
        ("maxLossPerTrade", "loss_per_trade_max", "1", "1.00"),
        ("maxLossPerHour", "loss_per_hour_max", "5", "5.00"),
        ("maxLossPerDay", "loss_per_day_max", "20", "20.00"),
        ("stopTradingAfterConsecutiveLosses", "consecutive_losses_max", "49", 49),
    ],
)
@pytest.mark.requirement("S2-063")
def test_risk_names_of_the_customer_are_ours(
    load_in: Loader, alias: str, key: str, value: str, shown: object
) -> None:
    from_file = load_in(f"[risk]\n{alias} = {value}\n")
    assert from_file.values[f"risk.{key}"] == shown
    assert from_file.sources[f"risk.{key}"] == "pennyd.toml:2"
    variable = f"PENNYD_RISK__{alias.upper()}"
    assert load_in(environ={variable: value}).values[f"risk.{key}"] == shown
    assert load_in(flags={f"risk.{alias}": value}).values[f"risk.{key}"] == shown


def test_a_size_in_shares_and_one_in_dollars_are_two_limits(load_in: Loader) -> None:
    risk = load_in("[risk]\nmax_order_size = 7\nmaxPositionPerTrade = 3\n").settings.risk
    assert (risk.order_shares_max, risk.trade_notional_max) == (7_000_000, 3_000_000)


@pytest.mark.parametrize("name", ["strategy", "splitting_strategy"])
def test_both_names_of_the_splitting_are_known(load_in: Loader, name: str) -> None:
    toml = f'[[strategies]]\nname = "order_splitter"\nlimit_price = 0.4\n{name} = "twap"\n'
    assert load_in(toml).values["strategies[0].splitting_strategy"] == "TWAP"


@pytest.mark.parametrize(
    "variable, key",
    [
        ("POLYMARKET_PRIVATE_KEY", "private_key"),
        ("POLYMARKET_KEY", "private_key"),
        ("PENNYD_CREDENTIALS__PRIVATE_KEY", "private_key"),
        ("POLYMARKET_API_KEY", "api_key"),
        ("POLYMARKET_API_SECRET", "api_secret"),
        ("POLYMARKET_SECRET", "api_secret"),
        ("POLYMARKET_API_PASSPHRASE", "api_passphrase"),
        ("POLYMARKET_PASSPHRASE", "api_passphrase"),
    ],
)
@pytest.mark.requirement("S0-012", "S3-009", "S4-023")
def test_credentials_are_found_under_every_name_and_in_every_place(
    load_in: Loader, variable: str, key: str
) -> None:
    for place in ("dotenv", "dotenv_local"):
        loaded = load_in(**{place: f"{variable}={PRIVATE}\n"})  # type: ignore[arg-type]
        secret = getattr(loaded.settings.credentials, key)
        assert secret.reveal().removeprefix("0x") == PRIVATE
    loaded = load_in(dotenv="", dotenv_local="", environ={variable: PRIVATE})
    assert loaded.sources[f"credentials.{key}"] == f"environment {variable}"


@pytest.mark.parametrize("prefix", ["", "0x"])
def test_private_key_may_start_with_0x(load_in: Loader, prefix: str) -> None:
    credentials = load_in(environ={"POLYMARKET_KEY": prefix + PRIVATE.upper()}).settings.credentials
    assert credentials.private_key is not None
    assert credentials.private_key.reveal() == f"0x{PRIVATE}"


def test_two_names_that_agree_are_fine(load_in: Loader) -> None:
    both = {"POLYMARKET_PRIVATE_KEY": PRIVATE, "POLYMARKET_KEY": PRIVATE}
    assert load_in(environ=both).sources["credentials.private_key"] == (
        "environment POLYMARKET_PRIVATE_KEY"
    )


def test_other_variables_of_the_customer_are_read(load_in: Loader) -> None:
    settings = load_in(
        environ={
            "DATABASE_URL": "postgresql://u:p@h/db",
            "CRON_INTERVAL_MINUTES": "15",
            "POLYMARKET_SIGNATURE_TYPE": "2",
        }
    ).settings
    assert settings.database_url is not None
    assert settings.database_url.reveal() == "postgresql://u:p@h/db"
    assert settings.runtime.cron_interval_minutes == 15
    assert settings.venue.signature_type == 2


@pytest.mark.requirement("S2-088")
def test_venue_block_is_configurable(load_in: Loader) -> None:
    venue = load_in(
        '[venue]\nclob_url = "https://clob.example/"\nchain_id = 137\nsignature_type = 1\n'
    ).settings.venue
    assert (venue.clob_url, venue.chain_id, venue.signature_type) == (
        "https://clob.example",
        137,
        1,
    )
