"""Books as they were shown a while ago, and books with a level that is gone.

A book is remembered when it is asked for: who asks for the first time can be shown nothing old.
"""

import hashlib
import json
from collections import OrderedDict, deque
from typing import Any, Final

from daemon.domain.units import Nanos, parse_micros

REQUESTS_MAX: Final = 64
"""Different requests remembered; the one longest not asked for goes first."""
BOOKS_MAX: Final = 32
"""Different answers remembered of each."""

_SIDES: Final = ("bids", "asks")

_Book = dict[str, Any]
_Answer = _Book | list[_Book]


class BookMemory:
    """Answers that hold books, by the request they answered."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, deque[tuple[Nanos, str]]] = OrderedDict()

    def keep(self, request: str, text: str, at: Nanos) -> None:
        """Remember what a request is answered."""
        answers = self._answers.setdefault(request, deque(maxlen=BOOKS_MAX))
        self._answers.move_to_end(request)
        if not answers or answers[-1][1] != text:
            answers.append((at, text))
        if len(self._answers) > REQUESTS_MAX:
            self._answers.popitem(last=False)

    def stale(self, request: str, at: Nanos) -> str | None:
        """Return the answer of a time, or the first one remembered; None if there is none."""
        answers = self._answers.get(request, ())
        earlier = [text for known_at, text in answers if known_at <= at]
        return earlier[-1] if earlier else next((text for _, text in answers), None)

    def ghost(self, request: str, text: str) -> str:
        """Return the answer with a level that it no longer has; itself if none is known."""
        for _, past in reversed(self._answers.get(request, ())):
            haunted = _haunt(json.loads(text), json.loads(past))
            if haunted is not None:
                return haunted
        return text


def _haunt(now: _Answer, past: _Answer) -> str | None:
    books = now if isinstance(now, list) else [now]
    past_books = past if isinstance(past, list) else [past]
    before = {book["asset_id"]: book for book in past_books}
    is_changed = any(
        _add_gone_level(book, before[book["asset_id"]])
        for book in books
        if book["asset_id"] in before
    )
    return _compact(now) if is_changed else None


def _add_gone_level(book: _Book, past: _Book) -> bool:
    """Add one level that the past book has and the book has not; the hash goes with the levels."""
    for side in _SIDES:
        levels: list[dict[str, str]] = book[side]
        prices = {level["price"] for level in levels}
        gone = [level for level in past[side] if level["price"] not in prices]
        if gone:
            levels.append(gone[-1])
            levels.sort(key=lambda level: parse_micros(level["price"]), reverse=side == "asks")
            book["hash"] = ""
            hashed = {name: member for name, member in book.items() if name != "version"}
            digest = hashlib.sha1(_compact(hashed).encode(), usedforsecurity=False)
            book["hash"] = digest.hexdigest()
            return True
    return False


def _compact(value: _Answer) -> str:
    return json.dumps(value, separators=(",", ":"))
