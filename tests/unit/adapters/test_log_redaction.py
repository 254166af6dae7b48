"""Secrets do not get through, whatever they come as."""

from collections.abc import Mapping
from typing import Any

import pytest

from config.secret import Secret
from daemon.adapters.log_redaction import Redactor

KEY = "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"


def redacted(keys: Mapping[str, Any], *hidden: str) -> dict[str, Any]:
    return dict(Redactor(hidden)(None, "info", dict(keys)))


@pytest.mark.requirement("S2-093")
@pytest.mark.parametrize(
    "key",
    [
        "private_key", "privateKey", "POLYMARKET_PRIVATE_KEY", "api_key", "apiKey", "secret",
        "api_secret", "passphrase", "db_password", "authorization", "POLY_SIGNATURE", "mnemonic",
    ],
)  # fmt: skip
def test_a_key_that_sounds_secret_hides_its_value(key: str) -> None:
    assert redacted({key: "hunter2"}) == {key: "***"}
    assert redacted({"headers": {key: "hunter2"}}) == {"headers": {key: "***"}}


def test_a_secret_by_type_is_hidden_under_any_name() -> None:
    assert redacted({"value": Secret(KEY)}) == {"value": "***"}
    assert redacted({"values": [{"deep": Secret(KEY)}]}) == {"values": [{"deep": "***"}]}


@pytest.mark.requirement("S2-093")
def test_a_known_secret_is_cut_out_of_texts_and_tracebacks() -> None:
    trace = f"ValueError: bad key {KEY.upper()} in line 3"
    lines = redacted({"event": f"key is {KEY[2:]}", "exception": trace}, KEY)
    assert lines == {"event": "key is ***", "exception": "ValueError: bad key *** in line 3"}


def test_a_text_too_short_to_be_a_secret_blots_out_nothing() -> None:
    assert redacted({"event": "we buy 0x12"}, "buy", "0x") == {"event": "we buy 0x12"}


def test_the_password_of_an_address_is_hidden_and_the_rest_stays() -> None:
    line = redacted({"reason": "cannot reach postgresql://me:hunter2@db.example:5432/trade"})
    assert line == {"reason": "cannot reach postgresql://me:***@db.example:5432/trade"}


def test_ordinary_keys_pass_unchanged() -> None:
    keys = {"token": "7674", "seq": 7, "price": "0.45", "is_ok": True, "none": None, "n": 1.5}
    assert redacted(keys) == keys
    assert redacted({"orders": ("a", "b"), "cause": {"Pulse": 2}}) == {
        "orders": ["a", "b"],
        "cause": {"Pulse": 2},
    }


def test_objects_become_texts_and_bottomless_ones_end() -> None:
    deep: list[Any] = []
    deep.append(deep)
    assert "***" in str(redacted({"deep": deep}))
    assert redacted({"error": ValueError("no")}) == {"error": "no"}
