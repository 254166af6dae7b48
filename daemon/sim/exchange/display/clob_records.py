"""What the order-book API says of a market: the compact record, the long one, and whose a token is.

Pure: what a market is comes from its record, how it stands from the exchange, prices from its book.
"""

import hashlib
from decimal import Decimal
from typing import Any, Final

from daemon.domain.ids import TokenId
from daemon.domain.units import ONE, as_decimal
from daemon.sim.exchange.auth.signed_order import is_position_id
from daemon.sim.exchange.display.displayed_book import DisplayedBook
from daemon.sim.exchange.tape.fee_marker import FEE_MARKER
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.venue_market import MarketState, MarketStatus

Record = dict[str, Any]

NO_REWARDS: Final[Record] = {"rates": None, "min_size": 0, "max_spread": 0}

_ENDED: Final = (MarketStatus.CLOSED, MarketStatus.RESOLVED)


def build_compact_market(market: TapeMarket, state: MarketState, book: DisplayedBook) -> Record:
    """Return the compact record (`/clob-markets`); booleans that are false are left out.

    `book` is the one of either token; its grid is the one shown.
    """
    marker = FEE_MARKER if market.fee else 0
    pairs = zip(market.token_ids, market.outcomes, strict=True)
    record: Record = {
        "c": market.condition_id,
        "t": [{"t": token, "o": outcome} for token, outcome in pairs],
        "mos": Decimal(market.min_order_size),
        "mts": Decimal(book.tick_size),
        "mbf": marker,
        "tbf": marker,
        "ao": state.status is MarketStatus.OPEN,
        "aot": market.listed,
        "r": {"mi": 0, "ma": 0, "moas": 0},
    }
    if market.fee is not None:
        fee = market.fee
        record["fd"] = {"r": Decimal(fee.rate), "e": fee.exponent, "to": fee.taker_only}
    if market.neg_risk:
        record["nr"] = True
    if market.has_taker_delay:
        record["itode"] = True
    if market.seconds_delay:
        record["sd"] = market.seconds_delay
    if is_position_id(TokenId(market.token_ids[0])):
        record["v"] = "v2"
    return record | _origin(market)


def build_token_market(market: TapeMarket) -> Record:
    """Return which market a token belongs to; primary is the numerically smaller id."""
    primary, secondary = sorted(market.token_ids, key=int)
    return {
        "condition_id": market.condition_id,
        "primary_token_id": primary,
        "secondary_token_id": secondary,
    }


def build_tick_size(book: DisplayedBook) -> Record:
    """Return the token's price grid, as a JSON number."""
    return {"minimum_tick_size": Decimal(book.tick_size)}


def build_simple_market(market: TapeMarket, state: MarketState, book: DisplayedBook) -> Record:
    """Return the short record of a listing; `book` is that of the first token."""
    return {
        "condition_id": market.condition_id,
        "rewards": NO_REWARDS,
        "tokens": _tokens(market, state, book),
        "active": True,
        "closed": state.status in _ENDED,
        "archived": False,
        "accepting_orders": state.status is MarketStatus.OPEN,
    }


def build_listed_market(market: TapeMarket, state: MarketState, book: DisplayedBook) -> Record:
    """Return the long record of a listing; its end date names the day only, as the venue's does."""
    marker = FEE_MARKER if market.fee else 0
    neg_risk_id = _made_up(market, "neg_risk") if market.neg_risk else ""
    return build_simple_market(market, state, book) | {
        "question_id": _made_up(market, "question"),
        "question": market.question,
        "description": "",
        "market_slug": market.slug,
        "enable_order_book": True,
        "accepting_order_timestamp": market.listed,
        "minimum_order_size": Decimal(market.min_order_size),
        "minimum_tick_size": Decimal(book.tick_size),
        "end_date_iso": f"{market.end[:10]}T00:00:00Z",
        "game_start_time": None,
        "seconds_delay": market.seconds_delay,
        "fpmm": "",
        "maker_base_fee": marker,
        "taker_base_fee": marker,
        "neg_risk": market.neg_risk,
        "neg_risk_market_id": neg_risk_id,
        "neg_risk_request_id": neg_risk_id,
        "is_50_50_outcome": state.payouts == (ONE // 2, ONE // 2),
        "notifications_enabled": True,
        "icon": "",
        "image": "",
        "tags": None,
    } | _origin(market)  # fmt: skip


def _tokens(market: TapeMarket, state: MarketState, book: DisplayedBook) -> list[dict[str, Any]]:
    if state.payouts is None:
        first = as_decimal(book.best_bid + book.best_ask) / 2
        prices = (first, 1 - first)
    else:
        prices = (as_decimal(state.payouts[0]), as_decimal(state.payouts[1]))
    return [
        {
            "token_id": market.token_ids[index],
            "outcome": market.outcomes[index],
            "price": prices[index],
            "winner": state.payouts is not None and state.payouts[index] == ONE,
        }
        for index in (0, 1)
    ]


def _made_up(market: TapeMarket, name: str) -> str:
    """Return an id that the exchange never needs and the venue always shows."""
    return "0x" + hashlib.sha256(f"{market.condition_id}:{name}".encode()).hexdigest()


def _origin(market: TapeMarket) -> Record:
    if not market.constructed:
        return {}
    return {"constructed": True, "constructedNote": market.constructed_note}
