"""A tick processor with a believed YES book, and questions to it."""

from daemon.domain.facts import BookDistrusted, BookResynced
from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import as_decimal
from daemon.engine.tick_processor import TickProcessor
from daemon.engine.tracked_book import TrackedBook
from tests.builders import YES, a_market
from tests.engine_builders import STALE_AFTER, a_snapshot


def a_processor(*, is_shown: bool = True, last_trade: str | None = None) -> TickProcessor:
    """Return the books of one market; the YES book is 100 at 0.48 and at 0.52, believed."""
    ticks = TickProcessor((a_market(),), STALE_AFTER)
    if is_shown:
        ticks.apply_snapshot(a_snapshot(last_trade=last_trade))
        forget_news(ticks)
    return ticks


def forget_news(ticks: TickProcessor) -> None:
    """Do what the engine does after it has read the news."""
    for news in (ticks.facts, ticks.resyncs, ticks.new_ticks, ticks.changed):
        news.clear()


def tracked(ticks: TickProcessor, token: TokenId = YES) -> TrackedBook:
    """Return a book with its trust."""
    return ticks.books[token]


def is_good(ticks: TickProcessor, token: TokenId = YES) -> bool:
    """Tell whether a strategy may see a book."""
    return ticks.books[token].is_good


def sizes(ticks: TickProcessor, side: Side, token: TokenId = YES) -> dict[str, str]:
    """Return price → size of one side, best first, as texts."""
    book = ticks.books[token].book
    return {f"{as_decimal(p):f}": f"{as_decimal(s).normalize():f}" for p, s in book.depth(side)}


def distrusted(ticks: TickProcessor) -> list[str]:
    """Return why books lost our trust since the news was read."""
    return [fact.reason for fact in ticks.facts if isinstance(fact, BookDistrusted)]


def resynced(ticks: TickProcessor) -> list[TokenId]:
    """Return which books won our trust since the news was read."""
    return [fact.token for fact in ticks.facts if isinstance(fact, BookResynced)]
