"""What `config show` prints, given back, is the same configuration."""

import contextlib
import string
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from config.catalogue import KEYS, STRATEGIES
from config.load import load
from config.loaded import Loaded
from daemon.domain.units import format_micros
from daemon.errors import ConfigError

EMPTY = Path(__file__).parent / "no-such-folder"
HOME = {"HOME": "/nowhere", "XDG_STATE_HOME": "/var/tmp/state"}

Strategies: TypeAlias = dict[str, st.SearchStrategy[Any]]


def micros(low: int, high: int, step: int = 1) -> st.SearchStrategy[str]:
    return st.integers(low // step, high // step).map(lambda n: format_micros(n * step))


USD = micros(1, 10**15)
SHARES = micros(10_000, 10**15, 10_000)
PRICE = micros(100, 999_900)
SLUG = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20).filter(
    lambda name: not name.startswith("0x")  # That would be a condition id.
)
WHERE: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries(
        {"market": st.one_of(st.just("*"), SLUG), "outcome": st.sampled_from([0, 1, "Yes"])}
    ),
    st.fixed_dictionaries({"token_id": st.integers(1, 10**77).map(str)}),
    st.builds(dict[str, Any]),
)
COMMON: Strategies = {"side": st.sampled_from(["BUY", "SELL"]), "limit_price": PRICE}


@st.composite
def bidders(draw: st.DrawFn) -> dict[str, Any]:
    own: Strategies = {"name": st.just("top_bidder"), "enable_top_bidder": st.booleans()}
    more = st.fixed_dictionaries({**COMMON, **own}, optional={"shares_per_order": SHARES})
    return draw(WHERE) | draw(more)


@st.composite
def splitters(draw: st.DrawFn) -> dict[str, Any]:
    sizes = sorted(draw(st.lists(st.integers(1, 10**9), min_size=3, max_size=3)))
    names = ("min_order_size", "max_order_size", "total_shares")
    own: Strategies = {
        "name": st.just("order_splitter"),
        "time_window_minutes": st.integers(1, 10_080),
        "patience_s": st.integers(0, 86_400),
        **{n: st.just(format_micros(size * 10_000)) for n, size in zip(names, sizes, strict=True)},
    }
    return draw(WHERE) | draw(st.fixed_dictionaries({**COMMON, **own}))


SETTINGS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(["paper", "live", "dry_run"]),
        "profile": st.sampled_from(["starter", "small", "service"]),
        "markets": st.lists(SLUG, max_size=4),
        "strategies": st.lists(st.one_of(bidders(), splitters()), max_size=4),
        "state_dir": st.just("/srv/pennyd data"),
        "risk.trade_notional_max": USD,
        "risk.order_shares_max": SHARES,
        "risk.price_collar": PRICE,
        "risk.open_orders_max": st.integers(1, 10_000),
        "paper.liquidity_cap": micros(0, 10**6),
        "paper.seed": st.text(string.ascii_letters, max_size=10),
        "paper.cash": USD,
        "runtime.pulse_ms": st.integers(10, 1_000),
        "log.level": st.sampled_from(["DEBUG", "ERROR"]),
        "http.is_enabled": st.booleans(),
        "venue.clob_url": st.just("http://127.0.0.1:8080"),
    },
)


def given_back(loaded: Loaded) -> dict[str, object]:
    """Return the shown values as flags."""
    flags: dict[str, object] = {}
    entries: dict[str, dict[str, object]] = {}
    for key, value in loaded.values.items():
        if key.startswith(f"{STRATEGIES}["):
            entry, _, name = key.partition(".")
            entries.setdefault(entry, {})[name] = value
        elif not KEYS[key].is_secret:
            flags[key] = value
    return {**flags, STRATEGIES: list(entries.values())}


@given(SETTINGS)
def test_shown_values_given_back_are_the_same_settings(flags: dict[str, Any]) -> None:
    loaded = load(None, HOME, flags, folder=EMPTY)
    again = load(None, HOME, given_back(loaded), folder=EMPTY)
    assert again.settings == loaded.settings
    assert again.values == loaded.values
    for key, value in flags.items():
        if key != STRATEGIES:
            assert again.sources[key] == "command line"
            assert loaded.sources[key] == "command line", value


@given(
    st.dictionaries(
        st.text(max_size=12),
        st.one_of(st.none(), st.text(), st.integers(), st.binary(), st.lists(st.none())),
        max_size=4,
    )
)
def test_nonsense_is_a_problem_and_never_a_crash(flags: dict[str, Any]) -> None:
    with contextlib.suppress(ConfigError):
        load(None, HOME, flags, folder=EMPTY)
