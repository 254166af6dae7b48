"""Every fact survives the way into a row and back, unchanged."""

import dataclasses
import json
from collections.abc import Callable
from enum import Enum
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.postgres.rows import KINDS, body_of, fact_from, kind_of, storable_json
from daemon.domain.facts import Fact, HaltLifted, StrangerReported, TradingHalted
from daemon.domain.order_events import OrderCreated
from daemon.domain.reasons import HaltReason
from daemon.errors import JournalConflict
from tests.builders import an_order

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
INTEGERS = st.integers(-(10**24), 10**24)
"""Sums of price × shares are products of two millionths and outgrow 64 bits."""


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for the values of a type, as facts use types."""
    if isinstance(hint, NewType):
        return values_of(hint.__supertype__)
    if get_origin(hint) in (Union, UnionType):
        return st.one_of(*(values_of(part) for part in get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(values_of(get_args(hint)[0]), max_size=4).map(tuple)
    if hint in SIMPLE:
        return SIMPLE[hint]
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    hints = get_type_hints(hint)
    fields = {field.name: values_of(hints[field.name]) for field in dataclasses.fields(hint)}
    build: Callable[..., Any] = hint
    return st.builds(build, **fields)


SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: INTEGERS,
    bool: st.booleans(),
    NoneType: st.none(),
}
FACTS: st.SearchStrategy[Fact] = st.sampled_from(sorted(KINDS)).flatmap(
    lambda name: values_of(KINDS[name])
)


@given(FACTS)
def test_every_fact_comes_back_from_its_row_as_it_was(fact: Fact) -> None:
    assert fact_from(kind_of(fact), body_of(fact)) == fact


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_kind_of_fact_can_be_read_back(name: str) -> None:
    @given(values_of(KINDS[name]))
    def round_trip(fact: Fact) -> None:
        back = fact_from(kind_of(fact), body_of(fact))
        assert back == fact
        assert type(back) is type(fact) is KINDS[name]

    round_trip()


@given(FACTS)
def test_postgres_may_reorder_a_body_without_changing_the_fact(fact: Fact) -> None:
    stored = json.dumps(json.loads(body_of(fact)), sort_keys=True, indent=1)
    assert fact_from(kind_of(fact), stored) == fact


def test_a_fact_of_an_older_version_gets_the_defaults_of_new_fields() -> None:
    body = json.loads(body_of(TradingHalted(reason=HaltReason.OPERATOR, detail="x")))
    del body["detail"]
    fact = fact_from("TradingHalted", json.dumps(body))
    assert fact == TradingHalted(reason=HaltReason.OPERATOR)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("OrderVaporized", "{}"),
        ("TradingHalted", '{"reason": "boredom"}'),
        ("TradingHalted", "{}"),
        ("OrderCreated", body_of(OrderCreated(order=an_order())).replace('"price":', '"prize":')),
    ],
)
def test_what_this_version_cannot_read_is_a_conflict_that_says_what_to_do(
    kind: str, body: str
) -> None:
    with pytest.raises(
        JournalConflict, match=f"a '{kind}' that this version cannot read"
    ) as caught:
        fact_from(kind, body)
    assert "run the version that wrote it" in str(caught.value)


def test_bodies_hold_exact_integers_and_no_floats() -> None:
    order = an_order(price="0.123456", shares="1234567.89")
    assert '"price":123456' in body_of(OrderCreated(order=order))
    assert "." not in body_of(HaltLifted(reason=HaltReason.OPERATOR))


@given(st.lists(st.sampled_from(["\0", "\\", "u0000", "a", '"', "\n"])).map("".join))
def test_a_nul_becomes_the_replacement_character_and_nothing_else_changes(text: str) -> None:
    body = body_of(StrangerReported(venue_order_id="0x1", detail=text))
    expected = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert fact_from("StrangerReported", body) == StrangerReported(
        venue_order_id="0x1", detail=expected
    )
    assert json.loads(storable_json(json.dumps(text))) == expected
