"""From a market as discovery describes it to a market as the exchange lists it."""

from decimal import Decimal
from typing import Final

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import MICRO, NANOS_PER_MS, NANOS_PER_S, Nanos, Price, Shares, parse_micros
from daemon.sim.exchange.auth.signed_order import order_domain
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.listing import Listing

TAKER_DELAY: Final = Nanos(150 * NANOS_PER_MS)
"""How long marketable orders of up/down windows are held; the venue has used 50 to 250 ms."""


def list_record(record: TapeMarket) -> Listing:
    """Return the listing of a market; ValueError when the exchange could not trade it."""
    first, second = record.token_ids
    fee = record.fee
    contract = order_domain(TokenId(first), is_neg_risk=record.neg_risk).verifying_contract
    assert contract is not None
    seconds = Nanos(record.seconds_delay * NANOS_PER_S)
    return Listing(
        condition_id=ConditionId(record.condition_id),
        tokens=(TokenId(first), TokenId(second)),
        outcomes=record.outcomes,
        tick=Price(parse_micros(record.tick_size)),
        shares_min=Shares(parse_micros(record.min_order_size)),
        spender=contract,
        fee_rate=int(Decimal(fee.rate) * MICRO) if fee else 0,
        fee_exponent=fee.exponent if fee else 1,
        delay=seconds or (TAKER_DELAY if record.has_taker_delay else Nanos(0)),
        is_delay_silent=not seconds,
    )
