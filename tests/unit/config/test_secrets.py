"""A secret shows nowhere: not in a repr, not in an error, not in JSON, not in a dump."""

import copy
import json
import pickle
import pprint
import traceback
from collections.abc import Callable
from dataclasses import asdict

import pytest
from pydantic import BaseModel

from config.loaded import Loaded
from config.secret import Secret
from daemon.errors import ConfigError
from tests.unit.config.conftest import Loader

WORD = "hunter2"
KEY = "5ec2e7" * 10 + "abcd"


PRINTERS: tuple[Callable[[object], str], ...] = (
    repr,
    str,
    ascii,
    "{}".format,
    "{!r:>9}".format,
    "{:>20}".format,
    lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - a way of printing
    lambda secret: pprint.pformat({"key": [secret]}),
    lambda secret: json.dumps(secret, default=repr),
    lambda secret: str(copy.deepcopy((secret,))),
    lambda secret: str(copy.copy(secret)),
)


@pytest.mark.parametrize("show", PRINTERS)
def test_every_way_of_printing_shows_stars(show: Callable[[object], str]) -> None:
    shown = show(Secret(WORD))
    assert WORD not in shown
    assert "***" in shown


def test_reveal_is_the_way_to_the_text() -> None:
    assert Secret(WORD).reveal() == WORD


def test_a_secret_is_not_written_down() -> None:
    with pytest.raises(TypeError, match="a secret is not written down"):
        pickle.dumps(Secret(WORD))
    with pytest.raises(TypeError):
        json.dumps(Secret(WORD))


def test_a_secret_has_no_attributes_to_look_into() -> None:
    assert not hasattr(Secret(WORD), "__dict__")


def test_secrets_are_equal_when_their_texts_are() -> None:
    assert Secret(WORD) == Secret(WORD)
    assert hash(Secret(WORD)) == hash(Secret(WORD))
    assert Secret(WORD) != Secret("other")
    assert Secret(WORD) != WORD


def test_pydantic_takes_secrets_and_writes_stars() -> None:
    class Holder(BaseModel):
        secret: Secret

    holder = Holder(secret=Secret(WORD))
    assert holder.model_dump_json() == '{"secret":"***"}'
    assert WORD not in repr(holder)


def full(load_in: Loader, **more: str) -> Loaded:
    return load_in(
        environ={
            "POLYMARKET_PRIVATE_KEY": KEY,
            "POLYMARKET_API_KEY": f"{WORD}-key",
            "POLYMARKET_API_SECRET": f"{WORD}-secret",
            "POLYMARKET_API_PASSPHRASE": f"{WORD}-phrase",
            "DATABASE_URL": f"postgresql://u:{WORD}@h/db",
            **more,
        }
    )


def test_loaded_settings_show_no_secret(load_in: Loader) -> None:
    loaded = full(load_in)
    settings = loaded.settings
    shown = [
        repr(loaded),
        str(loaded.values),
        repr(settings),
        settings.credentials.model_dump_json(),
        json.dumps(asdict(settings), default=repr),
        pprint.pformat(settings),
    ]
    for text in shown:
        assert WORD not in text
        assert KEY not in text
    assert shown[1].count("***") == 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"POLYMARKET_PRIVATE_KEY": KEY[:-1]},
        {"POLYMARKET_PRIVATE_KEY": f"{WORD} is no key"},
        {"DATABASE_URL": f"mysql://u:{WORD}@h/db"},
        {"POLYMARKET_KEY": f"0x{KEY[::-1]}"},
        {"POLYMARKET_PRIVTE_KEY": KEY},
        {"PENNYD_ACCOUNT": KEY},
        {"PENNYD_MODE": f"0x{KEY}"},
        {"PENNYD_VENUE__CLOB_URL": f"https://u:{WORD}@clob.example"},
        {"PENNYD_STRATEGIES": f"[{WORD}"},
        {"PENNYD_RISK__OPEN_ORDERS_MAX": "aGVsbG8gaHVudGVyMiBoZWxsbyB3b3JsZCBoZWxsbw=="},
    ],
)
def test_no_problem_and_no_traceback_shows_a_secret(load_in: Loader, wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as caught:
        full(load_in, **wrong)
    told = str(caught.value) + "".join(traceback.format_exception(caught.value))
    for secret in (WORD, KEY, KEY[:-1], KEY[::-1], "aGVsbG8"):
        assert secret not in told


@pytest.mark.parametrize(
    "place",
    [
        {"toml": f'[credentials]\nprivate_key = "{KEY}"\n'},
        {"flags": {"credentials.private_key": KEY}},
    ],
)
def test_credentials_are_refused_where_others_may_read_them(
    load_in: Loader, place: dict[str, object]
) -> None:
    with pytest.raises(ConfigError, match=r"set POLYMARKET_PRIVATE_KEY in \.env\.local") as caught:
        load_in(**place)  # type: ignore[arg-type]
    assert KEY not in str(caught.value)


def test_a_database_url_may_stand_in_a_file(load_in: Loader) -> None:
    loaded = load_in(f'database_url = "postgresql://u:{WORD}@h/db"\n')
    assert loaded.values["database_url"] == "***"
    assert loaded.sources["database_url"] == "pennyd.toml:1"
