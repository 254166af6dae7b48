"""The bench's market as discovery describes it."""

from daemon.sim.exchange.tape.tape import TapeMarket
from tests.unit.exchange.trading.venue_bench import CONDITION, DOWN, UP

MARKET = TapeMarket(
    id="1",
    condition_id=CONDITION,
    slug="market",
    question="Up?",
    token_ids=(UP, DOWN),
    outcomes=("Up", "Down"),
    tick_size="0.01",
    min_order_size="5",
    listed="",
    event_start="",
    end="",
    end_at=0,
    event_slug="event",
    event_title="An event",
    constructed=True,
)
