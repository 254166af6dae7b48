"""Books of a while ago, and levels that are gone, with a digest that fits."""

import hashlib
import json
from typing import Any

from daemon.domain.units import Nanos
from daemon.sim.exchange.faults.book_memory import BOOKS_MAX, REQUESTS_MAX, BookMemory


def a_book(bids: str = "", asks: str = "", asset: str = "1") -> dict[str, Any]:
    def levels(prices: str) -> list[dict[str, str]]:
        return [{"price": price, "size": "10"} for price in prices.split()]

    book = {"asset_id": asset, "hash": "", "bids": levels(bids), "asks": levels(asks)}
    return book | {"hash": hashlib.sha1(compact(book).encode()).hexdigest()}


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def remember(*books: object) -> BookMemory:
    memory = BookMemory()
    for number, book in enumerate(books):
        memory.keep("ask", compact(book), Nanos(number))
    return memory


def test_a_stale_book_is_the_latest_of_its_time_or_the_first_known() -> None:
    memory = remember(a_book("0.1"), a_book("0.2"), a_book("0.3"))
    for at, price in ((-5, "0.1"), (0, "0.1"), (1, "0.2"), (9, "0.3")):
        assert memory.stale("ask", Nanos(at)) == compact(a_book(price))
    assert memory.stale("another", Nanos(9)) is None


def test_a_ghost_level_stands_where_it_stood_and_the_digest_fits() -> None:
    past, now = a_book("0.1 0.3", "0.9 0.5"), a_book("0.1 0.3", "0.9 0.4")
    haunted = remember(past).ghost("ask", compact(now))
    assert haunted == compact(a_book("0.1 0.3", "0.9 0.5 0.4"))


def test_the_latest_book_that_had_more_is_the_one_that_haunts() -> None:
    memory = remember(a_book("0.1"), a_book("0.2"), a_book("0.3"))
    assert memory.ghost("ask", compact(a_book("0.3"))) == compact(a_book("0.2 0.3"))


def test_of_many_books_one_is_haunted_by_its_own_past() -> None:
    memory = remember([a_book("0.1"), a_book("0.2 0.3", asset="2")])
    now = [a_book("0.3", asset="2"), a_book("0.1"), a_book("0.1", asset="3")]
    haunted = json.loads(memory.ghost("ask", compact(now)))
    assert haunted == [a_book("0.2 0.3", asset="2"), *now[1:]]


def test_a_book_without_a_past_has_no_ghost() -> None:
    text = compact(a_book("0.1"))
    assert remember().ghost("ask", text) == text
    assert remember(a_book("0.1")).ghost("ask", text) == text


def test_memory_is_bounded() -> None:
    memory = BookMemory()
    for number in range(BOOKS_MAX + 1):
        memory.keep("many", str(number), Nanos(number))
    assert memory.stale("many", Nanos(0)) == "1"
    for number in range(REQUESTS_MAX):
        memory.keep(str(number), "book", Nanos(0))
    assert memory.stale("many", Nanos(0)) is None
    assert memory.stale("0", Nanos(0)) == "book"
