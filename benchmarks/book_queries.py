"""What a strategy asks a book most: the touch, the size at a price, the average price of a walk."""

from typing import Final

from benchmarks.effort import Effort
from benchmarks.figure import Figure, compared, reported
from benchmarks.recording import BOOKS, CHANGES, recording
from benchmarks.stopwatch import race_calls, settled_memory
from benchmarks.typed_decode import typed_decode
from daemon.adapters.polymarket.protocol import parse_market
from daemon.domain.book import OrderBook
from daemon.domain.feed import BookSnapshot
from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import Nanos, Price, Shares

LOOK_BAR: Final = 0.2
WALK_BAR: Final = 1.5
LEVELS: Final = 10


def measure_book_queries(effort: Effort) -> list[Figure]:
    """Time the questions to a recorded book, beside the typed decode of one price change."""
    book = _deep_book(effort)
    price, shares = _tenth(book)
    frames = recording(CHANGES, effort.calls).runs()
    raw = next(run.frames[0] for run in frames if run.kind == "change")
    buy = Side.BUY
    with settled_memory():
        times = race_calls(
            {
                "typed": lambda: typed_decode(raw),
                "top": lambda: (book.best_bid, book.best_ask),
                "size": lambda: book.bids.get(price, 0),
                "walk": lambda: book.vwap(buy, shares),
                "nothing": lambda: None,
            },
            calls=effort.calls,
            repetitions=effort.repetitions,
        )
    # The empty call that carries a question is taken off each of them.
    bare = {
        name: [max(spent - empty, 0.0) for spent, empty in zip(each, times["nothing"], strict=True)]
        for name, each in times.items()
    }
    floor = bare["typed"]
    levels = f"a book of {len(book.bids)} bids"
    return [
        reported("query typed decode", "µs", floor, "one price change"),
        compared("query best bid and ask", "µs", bare["top"], floor, bar=LOOK_BAR),
        compared("query size at a price", "µs", bare["size"], floor, bar=LOOK_BAR),
        compared(
            f"query average price over {LEVELS} levels",
            "µs",
            bare["walk"],
            floor,
            bar=WALK_BAR,
            note=levels,
        ),
    ]


def _deep_book(effort: Effort) -> OrderBook:
    """Return the first recorded book that is deep enough."""
    for frame in recording(BOOKS, effort.books).frames:
        events = parse_market(frame.payload, Nanos(frame.at))
        assert isinstance(events, tuple)
        for event in events:
            if isinstance(event, BookSnapshot) and len(event.bids) > LEVELS:
                book = OrderBook(TokenId(event.token))
                book.replace(event.bids, event.asks, event.at)
                return book
    raise AssertionError(f"no book of the tape has more than {LEVELS} bids")


def _tenth(book: OrderBook) -> tuple[Price, Shares]:
    """Return the tenth best bid, and a size that needs it to the half."""
    ladder = list(book.depth(Side.BUY))[:LEVELS]
    return ladder[-1][0], Shares(sum(size for _, size in ladder) - ladder[-1][1] // 2)
