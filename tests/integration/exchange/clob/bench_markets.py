"""Markets of every kind: plain, negative risk, of the newer contract, with a silent delay, with one that is told."""

from typing import Any

import msgspec

from daemon.domain.ids import TokenId
from daemon.sim.exchange.tape.tape import TapeFee, TapeMarket
from tests.unit.exchange.auth.signing_bench import POSITION, UP

DOWN = TokenId("49802989779674741870608803021065167522448231420900286843946004348783189152413")


PLAIN = TapeMarket(
    id="1",
    condition_id=f"0x{1:064x}",
    slug="market-1",
    question="Up?",
    token_ids=(UP, DOWN),
    outcomes=("Up", "Down"),
    tick_size="0.01",
    min_order_size="5",
    fee=TapeFee(rate="0.07"),
    listed="",
    event_start="",
    end="",
    end_at=0,
    event_slug="event",
    event_title="An event",
    constructed=True,
)


def market_of(number: int, up: str, down: str, **more: Any) -> TapeMarket:
    return msgspec.structs.replace(
        PLAIN,
        id=str(number),
        condition_id=f"0x{number:064x}",
        slug=f"market-{number}",
        token_ids=(up, down),
        **more,
    )


def token(number: int) -> str:
    """Return an id of the older kind."""
    return str((number << 128) + (1 << 60))


NEG = market_of(2, token(21), token(22), neg_risk=True)
NEWER = market_of(3, POSITION, str(int(POSITION) + 1))
HOLDING = market_of(4, token(41), token(42), has_taker_delay=True)
SPORTS = market_of(5, token(51), token(52), seconds_delay=3)
MARKETS = (PLAIN, NEG, NEWER, HOLDING, SPORTS)
RECORD_OF = {one: market for market in MARKETS for one in market.token_ids}
