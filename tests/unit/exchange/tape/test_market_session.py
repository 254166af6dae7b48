"""The conversation on the market channel."""

import json

import pytest

from daemon.sim.exchange.tape import market_session
from daemon.sim.exchange.tape.frame import Frame, parse_raw
from daemon.sim.exchange.tape.market_session import INVALID_OPERATION, PONG, MarketSession
from daemon.sim.exchange.tape.tape import TapeHeader
from daemon.sim.exchange.tape.tape_book import TapeBooks


@pytest.fixture
def session(header: TapeHeader) -> MarketSession:
    return MarketSession(TapeBooks(header))


def hello(*tokens: str, **more: object) -> str:
    return json.dumps({"type": "market", "assets_ids": tokens} | more)


def change(*tokens: str) -> Frame:
    entries = ",".join(
        f'{{"asset_id":"{token}","price":"0.1","size":"1","side":"BUY"}}' for token in tokens
    )
    return parse_raw(1, f'{{"event_type":"price_change","price_changes":[{entries}]}}')


def test_the_first_message_is_answered_by_an_array_of_books(session: MarketSession) -> None:
    (text,) = session.receive(hello("11", "22", "unknown", custom_feature_enabled=True))
    assert [book["asset_id"] for book in json.loads(text)] == ["11", "22"]
    assert session.assets == {"11", "22"}


def test_no_snapshot_without_initial_dump(session: MarketSession) -> None:
    assert session.receive(hello("11", initial_dump=False)) == []
    assert session.is_subscribed


def test_assets_beyond_what_a_connection_may_have_are_ignored(
    session: MarketSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(market_session, "ASSETS_MAX", 2)
    (text,) = session.receive(hello("11", "12", "21"))
    assert len(json.loads(text)) == 2
    assert session.receive(json.dumps({"operation": "subscribe", "assets_ids": ["22"]})) == []
    assert session.assets == {"11", "12"}


def test_only_unknown_assets_are_no_subscription(session: MarketSession) -> None:
    assert session.receive(hello("unknown")) == []
    assert not session.is_subscribed


def test_ping_is_answered_at_any_time(session: MarketSession) -> None:
    assert session.receive("PING") == [PONG]
    session.receive(hello("11"))
    assert session.receive("PING") == [PONG]


@pytest.mark.parametrize(
    "text",
    [
        "hello", "{", "[]", "{}", "7", "ping", "\ud800", '{"type":"user"}',
        '{"type":"market","assets_ids":"11"}', '{"type":"market","assets_ids":[11]}',
        '{"operation":"subscribe","assets_ids":["11"]}', '{"operation":"explode"}',
    ],
)  # fmt: skip
def test_anything_else_is_an_invalid_operation(session: MarketSession, text: str) -> None:
    assert session.receive(text) == [INVALID_OPERATION]
    assert not session.is_subscribed


def test_a_frame_with_one_subscribed_asset_is_wanted(session: MarketSession) -> None:
    assert not session.wants(change("11"))
    session.receive(hello("11"))
    assert session.wants(change("12", "11"))
    assert not session.wants(change("12"))
    assert session.wants(parse_raw(1, "garbled")), "what nobody can read concerns everybody"


def test_subscribing_more_shows_only_the_new_books(session: MarketSession) -> None:
    session.receive(hello("11"))
    more = json.dumps({"operation": "subscribe", "assets_ids": ["11", "21", "21"]})
    (text,) = session.receive(more)
    assert [book["asset_id"] for book in json.loads(text)] == ["21"]
    assert session.receive(more) == []


def test_unsubscribing_ends_the_frames_and_a_new_subscription_shows_the_book_again(
    session: MarketSession,
) -> None:
    session.receive(hello("11", "21"))
    assert session.receive('{"operation":"unsubscribe","assets_ids":["11","nobody"]}') == []
    assert not session.wants(change("11"))
    assert session.wants(change("21"))
    assert session.receive('{"operation":"subscribe","assets_ids":["11"]}')


def test_custom_events_go_only_to_those_who_asked(session: MarketSession) -> None:
    custom = parse_raw(1, '{"event_type":"best_bid_ask","asset_id":"11"}')
    session.receive(hello("11"))
    assert not session.wants(custom)
    again = '{"operation":"subscribe","assets_ids":["11"],"custom_feature_enabled":true}'
    assert session.receive(again) == []
    assert session.wants(custom)


def test_credentials_in_a_message_are_counted(session: MarketSession) -> None:
    session.receive(hello("11"))
    assert session.auth_count == 0
    session.receive(hello("11", auth={"apiKey": "x"}))
    assert session.auth_count == 1
