"""Small tapes to try things on."""

from collections.abc import Callable

import pytest

from daemon.sim.exchange.tape.tape import (
    FORMAT,
    TapeFee,
    TapeHeader,
    TapeLine,
    TapeMarket,
    TokenBook,
)

SECOND = 1_000_000_000
ORIGIN = 1_780_000_000 * SECOND


@pytest.fixture
def market() -> Callable[[int], TapeMarket]:
    def build(number: int) -> TapeMarket:
        return TapeMarket(
            id=str(1 + number),
            condition_id=f"0x{number:064x}",
            slug=f"market-{number}",
            question="Will it?",
            token_ids=(f"{number}1", f"{number}2"),
            outcomes=("Yes", "No"),
            tick_size="0.01",
            min_order_size="5",
            fee=TapeFee(rate="0.05", rebate_rate="0.15", fee_type="sports_fees_v2"),
            listed="2026-01-01T00:00:00Z",
            event_start="2026-05-28T00:00:00Z",
            end="2026-05-28T20:00:00Z",
            end_at=ORIGIN + 3600 * SECOND,
            event_slug="event",
            event_title="An event",
            constructed=True,
            constructed_note="made up for a test",
        )

    return build


@pytest.fixture
def header(market: Callable[[int], TapeMarket]) -> TapeHeader:
    return TapeHeader(
        format=FORMAT,
        name="small",
        title="A small tape",
        licence="none",
        attribution="nobody",
        source="nowhere",
        first_at=ORIGIN,
        last_at=ORIGIN + 100 * SECOND,
        frames=3,
        minute_frames=(2, 1),
        markets=(market(1), market(2)),
        start_books=(
            TokenBook(token=0, bids=(("0.4", "10"),), asks=(("0.6", "20"),)),
            TokenBook(token=1, bids=(("0.4", "20"),), asks=(("0.6", "10"),)),
        ),
    )


@pytest.fixture
def lines() -> list[TapeLine]:
    raw = '{"market":"0x1","asset_id":"21","timestamp":"1780000030000","hash":"ab","event_type":"book",'
    raw += '"bids":[{"price":".48","size":"5"}],"asks":[{"price":"0.52","size":"7"}]}'
    return [
        TapeLine(
            at=ORIGIN,
            rebuilt=True,
            change=(
                (0, "BUY", "0.41", "5", "0.41", "0.6"),
                (1, "SELL", "0.59", "5", "0.4", "0.59"),
            ),
        ),
        TapeLine(at=ORIGIN + 30 * SECOND, rebuilt=False, raw=raw),
        TapeLine(at=ORIGIN + 100 * SECOND, rebuilt=True, trade=(0, "BUY", "0.6", "2")),
    ]
