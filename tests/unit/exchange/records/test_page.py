"""Pages: whoever follows the cursors sees every entry once and then the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.sim.exchange.records.page import END, build_cursor, build_page, parse_cursor


@given(st.lists(st.integers(), max_size=30), st.integers(1, 12))
def test_following_the_cursors_shows_every_entry_once(entries: list[int], limit: int) -> None:
    seen: list[int] = []
    cursor = ""
    while cursor != END:
        place = parse_cursor(cursor)
        assert place is not None
        page = build_page(entries, place, limit=limit)
        assert page["count"] == len(page["data"]) <= page["limit"] == limit
        seen += page["data"]
        cursor = page["next_cursor"]
    assert seen == entries


def test_the_first_page_has_the_cursor_of_zero_and_the_last_that_of_minus_one() -> None:
    assert build_cursor(0) == "MA=="
    assert build_cursor(-1) == END
    assert parse_cursor("MA==") == parse_cursor("") == 0


@pytest.mark.parametrize("text", [END, "!", "MA", "é", "MDA=", "eA==", "LTI=", "OTk5OTk5OTk5OTk="])
def test_what_names_no_place_is_no_cursor(text: str) -> None:
    assert parse_cursor(text) is None


def test_a_place_past_the_end_is_an_empty_last_page() -> None:
    assert build_page([1], 500) == {"limit": 500, "count": 0, "next_cursor": END, "data": []}
