"""What is remembered, reported and named: the vocabularies are complete and cannot be confused."""

from dataclasses import FrozenInstanceError, fields, is_dataclass
from enum import StrEnum
from typing import get_args

import pytest

from daemon.domain import facts, feed, order_events, venue_reports
from daemon.domain.feed import NOT_STATED, BookSnapshot, FeedLost, LostReason, SnapshotOrigin
from daemon.domain.prepared import PreparedOrder
from daemon.domain.reasons import DenialReason, HaltReason, MarketPauseReason, PauseReason
from daemon.domain.units import ONE, Nanos, Price
from tests.builders import YES, an_order


def classes_of(module: object, *, base: type = object) -> set[type]:
    """Return the classes that a module defines itself."""
    return {
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and thing.__module__ == getattr(module, "__name__", "")
        and issubclass(thing, base)
        and not issubclass(thing, StrEnum)
    }


def test_everything_worth_remembering_is_a_fact() -> None:
    assert classes_of(facts) | classes_of(order_events) == set(get_args(facts.Fact))


def test_everything_but_the_birth_is_an_order_event() -> None:
    events = set(get_args(order_events.OrderEvent))
    assert classes_of(order_events) - events == {order_events.OrderCreated}


def test_every_event_of_the_feed_is_a_market_event() -> None:
    assert classes_of(feed) == set(get_args(feed.MarketEvent))


def test_every_report_of_a_venue_is_a_venue_report() -> None:
    assert classes_of(venue_reports) == set(get_args(venue_reports.VenueReport))


@pytest.mark.parametrize("fact", get_args(facts.Fact), ids=lambda fact: fact.__name__)
def test_facts_are_frozen_and_built_by_name(fact: type) -> None:
    assert is_dataclass(fact)
    parameters = getattr(fact, "__dataclass_params__", None)
    assert parameters is not None
    is_hot = parameters.unsafe_hash  # Frozen by the type checker: daemon/domain/hot_value.py.
    assert parameters.frozen or is_hot
    assert all(field.kw_only for field in fields(fact))


def test_reasons_are_written_as_they_are_named_and_share_no_word() -> None:
    reasons: list[StrEnum] = [*PauseReason, *MarketPauseReason, *HaltReason, *DenialReason]
    assert [reason.value for reason in reasons] == [reason.name.lower() for reason in reasons]
    assert len({reason.value for reason in reasons}) == len(reasons)


def test_price_that_was_not_stated_is_no_price() -> None:
    assert not 0 <= NOT_STATED <= ONE


def test_snapshot_comes_from_the_feed_unless_it_says_otherwise() -> None:
    snapshot = BookSnapshot(YES, Nanos(1), Nanos(2), {}, {})
    assert (snapshot.origin, snapshot.tick, snapshot.last_trade) == (
        SnapshotOrigin.FEED,
        None,
        None,
    )
    assert FeedLost((YES,), LostReason.SILENT).detail == ""


def test_prepared_order_cannot_be_changed_before_it_leaves() -> None:
    prepared = PreparedOrder(order=an_order(), payload=b"the very bytes")
    with pytest.raises(FrozenInstanceError):
        prepared.order = an_order(price="0.99")  # type: ignore[misc]
    assert prepared.order.price != Price(990_000)
