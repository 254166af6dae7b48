"""Environment variables and .env files: what is taken, what is left alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.load import load
from daemon.errors import ConfigError
from tests.unit.config.conftest import Loader

Problems = Callable[..., tuple[str, ...]]


def test_an_empty_variable_is_not_set(load_in: Loader) -> None:
    loaded = load_in(environ={"PENNYD_MODE": "", "DATABASE_URL": " "}, dotenv="POLYMARKET_KEY=\n")
    assert loaded.sources["mode"] == "default"
    assert loaded.settings.database_url is None


def test_an_empty_variable_does_not_hide_the_one_in_a_file(load_in: Loader) -> None:
    loaded = load_in(dotenv="PENNYD_ACCOUNT=mine\n", environ={"PENNYD_ACCOUNT": ""})
    assert loaded.settings.account == "mine"


@pytest.mark.parametrize(
    "name", ["PENNYD_DB_PASSWORD", "POLYMARKET_FUNDER", "POLYMARKET_HOST", "PATH", "MODE"]
)
def test_variables_of_others_are_left_alone(load_in: Loader, name: str) -> None:
    assert load_in(environ={name: "x"}).settings == load_in().settings


def test_markets_are_separated_by_commas(load_in: Loader) -> None:
    settings = load_in(environ={"PENNYD_MARKETS": "a-b, c-d,,a-b"}).settings
    assert settings.markets == ("a-b", "c-d")


@pytest.mark.parametrize(
    "line, passphrase",
    [
        ("POLYMARKET_PASSPHRASE=$HOME${HOME}", "$HOME${HOME}"),
        ("POLYMARKET_PASSPHRASE='a # b'", "a # b"),
        ('export POLYMARKET_PASSPHRASE="a b"', "a b"),
        ("POLYMARKET_PASSPHRASE=a # a comment", "a"),
        ("POLYMARKET_PASSPHRASE=first\nPOLYMARKET_PASSPHRASE=last", "last"),
    ],
)
def test_a_value_is_taken_as_it_stands(load_in: Loader, line: str, passphrase: str) -> None:
    secret = load_in(dotenv_local=f"{line}\n").settings.credentials.api_passphrase
    assert secret is not None
    assert secret.reveal() == passphrase


def test_a_name_without_a_value_says_nothing(load_in: Loader) -> None:
    assert load_in(dotenv="PENNYD_MODE\n").sources["mode"] == "default"


def test_a_line_that_is_no_variable_is_named_and_not_shown(problems_of: Problems) -> None:
    problems = problems_of(dotenv_local="A=1\nPOLYMARKET_KEY='verysecret\n")
    assert problems == (".env.local:2: expected NAME=value, with quotes closed",)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"\.env: is not a UTF-8 text"):
        load(None, {"HOME": "/nowhere"}, {}, folder=tmp_path)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(ConfigError, match=r"\.env: cannot be read \(Is a directory\)"):
        load(None, {"HOME": "/nowhere"}, {}, folder=tmp_path)


@pytest.mark.parametrize(
    "word, value", [("true", True), ("YES", True), ("0", False), ("off", False)]
)
def test_flags_are_words(load_in: Loader, word: str, value: bool) -> None:
    assert load_in(environ={"PENNYD_HTTP__IS_ENABLED": word}).settings.http.is_enabled is value
