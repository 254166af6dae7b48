"""A whole list or none: what the venue gives page by page.

To conclude anything from what is *not* in a list, the list must be whole. So a part of one is a
`Page`, a whole one is `Complete`, and only `read_all` makes the second from the first: it ends at the
venue's own end mark and nowhere else.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

from daemon.errors import Incomplete

Item = TypeVar("Item")

PAGES_MAX: Final = 1_000
"""Pages of one list; a venue that goes on for longer is not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """A part of a list."""

    items: tuple[Item, ...]
    next_cursor: str | None
    """Where the next page begins; None when the venue said that this was the last one."""


@dataclass(frozen=True, slots=True)
class Complete(Generic[Item]):
    """A whole list, as it was while it was read; an item that moved meanwhile may be in it twice."""

    items: tuple[Item, ...]


Fetch: TypeAlias = Callable[[str | None], Awaitable[Page[Item]]]
"""Gets the page that begins at a cursor, the first one for None; a failure is a VenueError."""


async def read_all(fetch: Fetch[Item]) -> Complete[Item]:
    """Read page after page to the end.

    Raises what `fetch` raises, and Incomplete when cursors go round in a circle or the list has more
    than PAGES_MAX pages.
    """
    items: list[Item] = []
    seen: set[str | None] = set()
    cursor: str | None = None
    while len(seen) < PAGES_MAX:
        seen.add(cursor)
        page = await fetch(cursor)
        items += page.items
        cursor = page.next_cursor
        if cursor is None:
            return Complete(tuple(items))
        if cursor in seen:
            raise Incomplete(f"the venue's list came back to cursor {cursor}: ask again")
    raise Incomplete(f"the venue's list has more than {PAGES_MAX} pages: ask for less")
