"""Every kind of mistake is refused in one line: key, source, what was expected, the nearest key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.load import load
from daemon.errors import ConfigError
from tests.unit.config.conftest import Loader

Problems = Callable[..., tuple[str, ...]]

BIDDER = '[[strategies]]\nname = "top_bidder"\nlimit_price = 0.4\n'
SPLITTER = '[[strategies]]\nname = "order_splitter"\nlimit_price = 0.4\n'


@pytest.mark.parametrize(
    "toml, problem",
    [
        ('mod = "live"', "mod (pennyd.toml:1): unknown key; did you mean mode?"),
        ("zzz = 1", "zzz (pennyd.toml:1): unknown key"),
        ("[riks]\nx = 1", "riks (pennyd.toml:1): unknown key"),
        (
            "[risk]\n\ntrade_notional_mx = 4",
            "risk.trade_notional_mx (pennyd.toml:3): unknown key; did you mean risk.trade_notional_max?",
        ),
        (
            "max_daily_loss = 4",
            "max_daily_loss (pennyd.toml:1): unknown key; did you mean risk.loss_per_day_max?",
        ),
        ("risk = 5", "risk (pennyd.toml:1): expected a table [risk]"),
        (
            'mode = "lve"',
            "mode (pennyd.toml:1): expected one of paper, dry_run, live, got 'lve'",
        ),
        ("mode = 1", "mode (pennyd.toml:1): expected one of paper, dry_run, live, got 1"),
        (
            'profile = "large"',
            "profile (pennyd.toml:1): expected one of starter, small, service, got 'large'",
        ),
        (
            "[runtime]\npulse_ms = 3.5",
            "runtime.pulse_ms (pennyd.toml:2): expected a whole number from 10 to 1000, got 3.5",
        ),
        (
            "[runtime]\npulse_ms = true",
            "runtime.pulse_ms (pennyd.toml:2): expected a whole number from 10 to 1000, got True",
        ),
        (
            "[risk]\ntrade_notional_max = inf",
            "risk.trade_notional_max (pennyd.toml:2): expected dollars above 0, like 2.50, got Infinity",
        ),
        (
            "[risk]\ntrade_notional_max = 0.0000001",
            "risk.trade_notional_max (pennyd.toml:2): expected dollars above 0, like 2.50, got 1E-7",
        ),
        (
            "[risk]\norder_shares_max = 1.234",
            "risk.order_shares_max (pennyd.toml:2): expected shares above 0 with at most two decimals, like 12.5, got 1.234",
        ),
        (
            "[risk]\ntrade_notional_max = []",
            "risk.trade_notional_max (pennyd.toml:2): expected dollars above 0, like 2.50, got []",
        ),
        (
            "[risk]\nprice_collar = 1",
            "risk.price_collar (pennyd.toml:2): expected a price between 0 and 1, like 0.42, got 1",
        ),
        (
            "[http]\nis_enabled = 1",
            "http.is_enabled (pennyd.toml:2): expected true or false, got 1",
        ),
        (
            "[risk]\nmax_daily_loss = 4\nloss_per_day_max = 4",
            "risk.loss_per_day_max (pennyd.toml:3): given twice, the other is pennyd.toml:2; keep one",
        ),
        (
            "[runtime]\nunknown_grace_ms = 6000",
            "runtime.unknown_grace_ms (pennyd.toml:2): expected more than submit_within_ms + request_timeout_ms = 6000: an order may be on its way that long",
        ),
        (
            "[venue]\nchain_id = 80002",
            "venue.chain_id (pennyd.toml:2): expected 137 (Polygon), the only chain pennyd trades on, got 80002",
        ),
        (
            "[venue]\nsignature_type = 4",
            "venue.signature_type (pennyd.toml:2): expected a whole number from 0 to 3, got 4",
        ),
        (
            '[venue]\nclob_url = "http://clob.example"',
            "venue.clob_url (pennyd.toml:2): expected https:// — without TLS only this machine may be addressed, got 'http://clob.example'",
        ),
        (
            "markets = [12]",
            "markets (pennyd.toml:1): expected a text: put the id in quotes, it is too long for a number, got [12]",
        ),
        (
            "strategies = 3",
            "strategies (pennyd.toml:1): expected [[strategies]] tables, one for each strategy",
        ),
        (
            "strategies = [3]",
            "strategies[0] (pennyd.toml:1): expected [[strategies]] tables, one for each strategy",
        ),
        (
            "[[strategies]]\nlimit_price = 0.4",
            "strategies[0].name (pennyd.toml:1): expected one of top_bidder, order_splitter",
        ),
        (
            '[[strategies]]\nname = "maker"',
            "strategies[0].name (pennyd.toml:2): expected one of top_bidder, order_splitter",
        ),
        (
            '[[strategies]]\nname = "top_bidder"',
            "strategies[0].limit_price (pennyd.toml:1): missing, expected a price between 0 and 1, like 0.42",
        ),
        (
            f"{BIDDER}{BIDDER}shares = 4",
            "strategies[1].shares (pennyd.toml:7): unknown key; did you mean shares_per_order?",
        ),
        (
            f"{BIDDER}wholly_other = 4",
            "strategies[0].wholly_other (pennyd.toml:4): unknown key",
        ),
        (
            f'{BIDDER}token_id = "12"\nmarket = "a"',
            "strategies[0].token_id (pennyd.toml:4): expected either token_id or market and outcome, not both",
        ),
        (
            f'{BIDDER}token_id = "abc"',
            "strategies[0].token_id (pennyd.toml:4): expected a token id: up to 78 digits, in quotes, got 'abc'",
        ),
        (
            f'{SPLITTER}strategy = "VWAP"',
            "strategies[0].splitting_strategy (pennyd.toml:4): VWAP arrives with the full strategy set; give TWAP, got 'VWAP'",
        ),
        (
            f'{SPLITTER}strategy = "TWAP"\nsplitting_strategy = "TWAP"',
            "strategies[0].splitting_strategy (pennyd.toml:5): given twice; keep one",
        ),
        (
            f"{SPLITTER}min_order_size = 6",
            "strategies[0].min_order_size (pennyd.toml:4): expected at most max_order_size = 5",
        ),
        (
            f"{SPLITTER}total_shares = 4.5",
            "strategies[0].total_shares (pennyd.toml:4): expected at least min_order_size = 5",
        ),
    ],
)
@pytest.mark.requirement("S2-038")
def test_a_mistake_is_named_in_one_line(problems_of: Problems, toml: str, problem: str) -> None:
    assert problems_of(toml) == (problem,)


def test_a_default_that_no_longer_fits_is_named_as_one(problems_of: Problems) -> None:
    (problem,) = problems_of("[runtime]\nrequest_timeout_ms = 20000\n")
    assert problem.startswith("runtime.unknown_grace_ms (default): expected more than ")


@pytest.mark.parametrize("word", ["VWAP", "iceberg", "Random"])
def test_splittings_of_the_full_set_are_announced(problems_of: Problems, word: str) -> None:
    (problem,) = problems_of(f'{SPLITTER}strategy = "{word}"')
    assert f"{word.upper()} arrives with the full strategy set" in problem


@pytest.mark.requirement("S0-002")
def test_another_chain_is_refused(problems_of: Problems) -> None:
    (problem,) = problems_of(environ={"PENNYD_VENUE__CHAIN_ID": "80002"})
    assert "137 (Polygon)" in problem


def test_all_problems_are_told_at_once(problems_of: Problems) -> None:
    problems = problems_of(
        'mod = "live"\n[risk]\nopen_orders_max = 0\n',
        dotenv="PENNYD_LGO__LEVEL=DEBUG\n",
        environ={"PENNYD_HTTP__PORT": "x"},
        flags={"log.level": "LOUD"},
    )
    assert [problem.split(" ")[0] for problem in problems] == [
        "mod", "PENNYD_LGO__LEVEL", "risk.open_orders_max", "log.level", "http.port",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "flags, problem",
    [
        (
            {"paper.liquidity_cap": 0.5},
            "paper.liquidity_cap (command line): expected an exact number: write it as a text, not as a binary fraction, got 0.5",
        ),
        ({"state_dir": ""}, "state_dir (command line): expected a path, got ''"),
        ({"state_dir": 5}, "state_dir (command line): expected a path, got 5"),
        (
            {"markets": 5},
            "markets (command line): expected a list of slugs, condition ids or token ids, got 5",
        ),
        (
            {"market": "x"},
            "market (command line): unknown key; did you mean markets?",
        ),
    ],
)
def test_flags_are_checked_like_files(
    problems_of: Problems, flags: dict[str, object], problem: str
) -> None:
    assert problems_of(flags=flags) == (problem,)


@pytest.mark.parametrize(
    "variable, problem",
    [
        (
            {"PENNYD_RISK__OPEN_ORDER_MAX": "3"},
            "PENNYD_RISK__OPEN_ORDER_MAX (environment): unknown key; did you mean PENNYD_RISK__OPEN_ORDERS_MAX?",
        ),
        (
            {"POLYMARKET_PRIVTE_KEY": "3"},
            "POLYMARKET_PRIVTE_KEY (environment): unknown key; did you mean POLYMARKET_PRIVATE_KEY?",
        ),
        (
            {"PENNYD_STRATEGIES": "[{"},
            'strategies (environment PENNYD_STRATEGIES): expected a JSON list like [{"name": "top_bidder", "limit_price": "0.95"}]',
        ),
        (
            {"PENNYD_STRATEGIES": "{}"},
            "strategies (environment PENNYD_STRATEGIES): expected [[strategies]] tables, one for each strategy",
        ),
        (
            {"PENNYD_RISK__MAX_DAILY_LOSS": "3", "PENNYD_RISK__LOSS_PER_DAY_MAX": "4"},
            "risk.loss_per_day_max (environment PENNYD_RISK__MAX_DAILY_LOSS): differs from PENNYD_RISK__LOSS_PER_DAY_MAX, which says the same thing; keep one",
        ),
    ],
)
def test_variables_are_checked_like_files(
    problems_of: Problems, variable: dict[str, str], problem: str
) -> None:
    assert problems_of(environ=variable) == (problem,)


@pytest.mark.parametrize(
    "content, problem",
    [
        (
            b"a = ",
            "pennyd.toml: is not TOML: Invalid value (at end of document); correct that line",
        ),
        (b"a = 1e9999999999999999999", "pennyd.toml: is not TOML: "),
        (b"\xff\xfe", "pennyd.toml: is not a UTF-8 text; save it as one"),
        (b"#" * 1_000_001, "pennyd.toml: larger than 1000000 bytes; give a file of settings"),
    ],
)
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "pennyd.toml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(None, {"HOME": "/nowhere"}, {}, folder=tmp_path)
    assert str(caught.value).startswith(problem)


def test_a_named_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none.toml: cannot be read \(No such file"):
        load(Path("none.toml"), {"HOME": "/nowhere"}, {}, folder=tmp_path)


def test_a_long_value_is_shortened(problems_of: Problems) -> None:
    (problem,) = problems_of(environ={"PENNYD_MODE": "very long " * 20})
    assert len(problem) < 150
    assert problem.endswith("…")


def test_wrong_mode_and_profile_are_told_with_the_rest(load_in: Loader) -> None:
    with pytest.raises(ConfigError) as caught:
        load_in(flags={"mode": "real", "profile": "huge"})
    assert [p.split(" ")[0] for p in caught.value.problems] == ["mode", "profile"]
