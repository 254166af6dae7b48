"""A list is whole, or it is no list."""

import pytest

from daemon.domain import complete as module
from daemon.domain.complete import Complete, Page, read_all
from daemon.errors import Incomplete, Unreachable


class Pages:
    """A list in pages by cursor; an exception in the place of a page is raised."""

    def __init__(self, pages: dict[str | None, Page[int] | Exception]) -> None:
        self.pages = pages

    async def fetch(self, cursor: str | None) -> Page[int]:
        page = self.pages[cursor]
        if isinstance(page, Exception):
            raise page
        return page


def a_page(*items: int, then: str | None = None) -> Page[int]:
    return Page(items=items, next_cursor=then)


async def test_pages_are_read_to_the_venues_own_end_mark() -> None:
    pages = Pages({None: a_page(1, 2, then="b"), "b": a_page(then="c"), "c": a_page(3)})
    assert await read_all(pages.fetch) == Complete((1, 2, 3))


async def test_a_page_that_fails_makes_the_whole_list_fail() -> None:
    pages = Pages({None: a_page(1, then="b"), "b": Unreachable("no route")})
    with pytest.raises(Unreachable, match="no route"):
        await read_all(pages.fetch)


@pytest.mark.parametrize("back_to", ["b", "c"])
async def test_cursors_that_go_round_in_a_circle_are_no_end(back_to: str) -> None:
    pages = Pages({None: a_page(1, then="b"), "b": a_page(2, then="c"), "c": a_page(then=back_to)})
    with pytest.raises(Incomplete, match=f"came back to cursor {back_to}"):
        await read_all(pages.fetch)


async def test_a_list_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGES_MAX", 2)
    pages = Pages({None: a_page(then="b"), "b": a_page(then="c"), "c": a_page()})
    with pytest.raises(Incomplete, match="more than 2 pages"):
        await read_all(pages.fetch)
