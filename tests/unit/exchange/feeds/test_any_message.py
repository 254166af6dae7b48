"""Whatever a client sends to a price feed, it is answered or heard in silence; nothing is raised."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.auth.api_keys import ApiKey, ApiKeys
from daemon.sim.exchange.feeds.feed_session import FeedSession
from daemon.sim.exchange.feeds.polybolt_session import PolyboltSession
from daemon.sim.exchange.feeds.rtds_session import RtdsSession
from daemon.sim.exchange.feeds.spot_session import enter_spot
from daemon.sim.named_chance import NamedChance
from tests.unit.exchange.key_bench import made_key

NOW = Nanos(1_790_000_000 * NANOS_PER_S)
KEYS = ApiKeys(1)
KEY: ApiKey = made_key(KEYS)

NAMES = (
    "op", "rid", "auth", "subscriptions", "channel", "filter", "symbol", "window_seconds",
    "provider", "action", "topic", "filters", "method", "params", "id",
)  # fmt: skip
WORDS = (
    "subscribe", "unsubscribe", "SUBSCRIBE", "price.crypto", "price.crypto.twap", "btcusd",
    "crypto_prices", "btcusdt@trade", "chainlink", "{}", "[", "",
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=8,
)
MESSAGES = st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=5)


def known_polybolt() -> FeedSession:
    session = PolyboltSession(KEYS, {})
    session.receive(json.dumps({"op": "auth", "auth": KEY.answer()}), NOW)
    return session


def spot() -> FeedSession:
    session = enter_spot("/ws", NamedChance("1"))
    assert session is not None
    return session


@pytest.mark.parametrize("name", ["op", "action", "method", "channel"])
@pytest.mark.parametrize("value", [[], {}])
def test_a_name_that_is_no_text_is_refused(name: str, value: Any) -> None:
    item = {
        name: value,
        "subscriptions": [{name: value}],
        "op": value if name == "op" else "subscribe",
    }
    for session in (known_polybolt(), RtdsSession({}, NamedChance("1")), spot()):
        assert len(session.receive(json.dumps(item), NOW).texts) == 1


@given(message=MESSAGES)
def test_no_message_raises(message: dict[str, Any]) -> None:
    text = json.dumps(message)
    for session in (known_polybolt(), RtdsSession({}, NamedChance("1")), spot()):
        session.receive(text, NOW)
