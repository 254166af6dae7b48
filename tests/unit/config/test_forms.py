"""How values are written: what each form takes, exactly, and what it refuses."""

from decimal import Decimal
from pathlib import Path

import pytest

from config.form import FLAG, PRICE, RATIO, SHARES, USD, Form, Unfit, one_of, whole
from config.mode import Mode
from config.secret import Secret
from config.text_form import (
    DATABASE_URL,
    MARKET,
    MARKETS,
    MARKETS_MAX,
    OUTCOME,
    PATH,
    PRIVATE_KEY,
    SECRET,
    TOKEN,
    is_loopback,
    text,
    url,
)

CONDITION = "0x" + "c0" * 32


@pytest.mark.parametrize(
    "form, given, value",
    [
        (USD, 5, 5_000_000),
        (USD, "2.50", 2_500_000),
        (USD, Decimal("0.000001"), 1),
        (USD, Decimal("1E+3"), 1_000_000_000),
        (SHARES, "12.5", 12_500_000),
        (PRICE, " .48 ", 480_000),
        (PRICE, "0.9999", 999_900),
        (RATIO, 1, 1_000_000),
        (RATIO, 0, 0),
        (whole(1, 9), "9", 9),
        (whole(-5, 9), "-5", -5),
        (FLAG, True, True),
        (FLAG, " On ", True),
        (one_of(Mode), "dry-run", Mode.DRY_RUN),
        (MARKETS, ["a", CONDITION, "71" * 38], ("a", CONDITION, "71" * 38)),
        (MARKETS, "a, b", ("a", "b")),
        (MARKETS, (), ()),
        (MARKET, "*", "*"),
        (MARKET, "will-it", "will-it"),
        (TOKEN, None, None),
        (TOKEN, "71" * 38, "71" * 38),
        (OUTCOME, "Yes", "Yes"),
        (OUTCOME, "1", 1),
        (OUTCOME, 0, 0),
        (PATH, Path("a b"), Path("a b")),
        (url("http"), "https://a.example/x/", "https://a.example/x"),
        (url("http"), "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        (url("http"), "http://[::1]:80", "http://[::1]:80"),
        (url("ws"), "ws://localhost:1/ws", "ws://localhost:1/ws"),
        (url("ws"), "wss://a.example", "wss://a.example"),
        (SECRET, Secret(" x "), Secret("x")),
        (PRIVATE_KEY, Secret("AB" * 32), Secret("0x" + "ab" * 32)),
        (DATABASE_URL, Secret("postgres://h/db"), Secret("postgres://h/db")),
        (text("letters", "[a-z]+"), " abc ", "abc"),
    ],
)
def test_form_reads_exactly(form: Form, given: object, value: object) -> None:
    assert form.parse(given) == value


@pytest.mark.parametrize(
    "form, given",
    [
        (USD, 0), (USD, -1), (USD, True), (USD, "1e400"), (USD, "nan"), (USD, "1_000"),
        (USD, "1000000001"), (USD, "0.0000001"), (USD, ""), (USD, None),
        (SHARES, "0.005"), (SHARES, "1.001"), (PRICE, 0), (PRICE, 1), (PRICE, "0.00001"),
        (RATIO, "1.1"), (RATIO, "-0.1"),
        (whole(1, 9), "10"), (whole(1, 9), 0), (whole(1, 9), "1.0"), (whole(1, 9), "²"),
        (whole(1, 9), "9" * 30), (whole(1, 9), Decimal(3)), (whole(1, 9), True),
        (FLAG, "maybe"), (FLAG, 1), (one_of(Mode), ""), (one_of(Mode), None),
        (MARKETS, {"a": 1}), (MARKETS, [1]), (MARKETS, [True]), (MARKETS, [""]),
        (MARKETS, ["a b"]), (MARKETS, ["*"]), (MARKETS, ["https://x.example/event/y"]),
        (MARKETS, ["0x12"]), (MARKETS, ["a"] * (MARKETS_MAX + 1)), (MARKET, ""), (MARKET, 5),
        (TOKEN, "0"), (TOKEN, "1" * 79), (TOKEN, "abc"), (OUTCOME, 2), (OUTCOME, True),
        (OUTCOME, " "), (OUTCOME, "x" * 101), (PATH, " "), (PATH, "a\0b"), (PATH, 3),
        (url("http"), "a.example"), (url("http"), "ftp://a.example"), (url("http"), 5),
        (url("http"), "https://a.example:99999"), (url("http"), "https://u:p@a.example"),
        (url("http"), "https://a.example/?q=1"), (url("http"), "http://10.0.0.1"),
        (url("http"), "https://[::1"), (url("http"), "https://a example"),
        (url("http"), "https://a.example:0"), (url("ws"), "https://a.example"),
        (SECRET, Secret(" ")), (SECRET, "plain"), (PRIVATE_KEY, Secret("zz" * 32)),
        (DATABASE_URL, Secret("http://h")), (text("letters", "[a-z]+"), "a1"),
        (text("letters", "[a-z]+"), 5),
    ],
)  # fmt: skip
def test_form_refuses_what_does_not_fit(form: Form, given: object) -> None:
    with pytest.raises(Unfit):
        form.parse(given)


@pytest.mark.parametrize("form", [USD, SHARES, PRICE, RATIO])
def test_a_binary_fraction_is_no_number(form: Form) -> None:
    with pytest.raises(Unfit, match="expected an exact number"):
        form.parse(0.5)


@pytest.mark.parametrize(
    "host, expected",
    [("127.8.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("x", False)],
)
def test_this_machine_is_recognised(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    "mode, label, preset",
    [("paper", "paper", "paper"), ("dry_run", "dry_run", "live"), ("live", "real", "live")],
)
def test_mode_has_a_stored_label_and_a_preset(mode: str, label: str, preset: str) -> None:
    assert (Mode(mode).label, Mode(mode).preset) == (label, preset)
