"""What a recording says of the configuration: everything that decides, nothing that is secret."""

import msgspec

from config.credentials import Credentials
from config.recorded_configuration import recorded_configuration
from tests.unit.config.conftest import Loader

SECRETS = {
    "POLYMARKET_PRIVATE_KEY": "0x" + "5eed0fad0be57ee1" * 4,
    "POLYMARKET_API_KEY": "key-throw-away",
    "POLYMARKET_API_SECRET": "dGhyb3ctYXdheQ==",
    "POLYMARKET_API_PASSPHRASE": "passphrase-throw-away",
    "DATABASE_URL": "postgresql://me:password-throw-away@db.example.com/pennyd",
}


def test_no_secret_is_in_it(load_in: Loader) -> None:
    settings = load_in(environ=SECRETS).settings
    assert settings.credentials != Credentials()
    text = msgspec.json.encode(recorded_configuration(settings)).decode()
    hidden = [*SECRETS.values(), "5eed0fad0be57ee1", "password-throw-away", "db.example.com"]
    assert [secret for secret in hidden if secret in text] == []


def test_the_seed_and_the_addresses_are_in_it(load_in: Loader) -> None:
    settings = load_in(environ={"PENNYD_PAPER__SEED": "42"}).settings
    found = recorded_configuration(settings)
    assert found["paper"]["seed"] == "42"
    assert found["venue"]["market_ws_url"] == settings.venue.market_ws_url
    assert [entry["name"] for entry in found["strategies"]] == [
        entry.name for entry in settings.strategies
    ]
