"""The discovery API's record of a market, made into a Market, or refused with the reason.

Lists come as JSON inside strings, numbers as numbers: they are read as decimals, never as binary
floats. What is missing or strange makes a market that we do not trade; nothing is guessed.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, TypeAlias

import msgspec

from daemon.adapters.polymarket.condition_text import parse_condition
from daemon.adapters.polymarket.exact_number import parse_price, parse_size
from daemon.domain.fee import NO_FEE, FeeSchedule
from daemon.domain.ids import TokenId
from daemon.domain.market import Market
from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.errors import MarketEnded

VERSIONS: Final = ("v1", "v2")
"""Generations of the venue's protocol whose ids and rules we know."""

_NANOS_PER_MICROSECOND: Final = 1_000
_Pair: TypeAlias = tuple[str, str]


class GammaFee(msgspec.Struct, rename="camel"):
    """`feeSchedule` of a market."""

    rate: Decimal
    exponent: Decimal = Decimal(1)
    taker_only: bool = True


class GammaMarket(msgspec.Struct, rename="camel", kw_only=True):
    """What we read of a market's record; every field may be missing or null."""

    slug: str | None = None
    question: str | None = None
    version: str | None = None
    condition_id: str | None = None
    outcomes: str | None = None
    clob_token_ids: str | None = None
    position_ids: list[str] | str | None = None
    """A plain list, unlike the others; a text would do, too."""
    active: bool | None = None
    closed: bool | None = None
    archived: bool | None = None
    accepting_orders: bool | None = None
    enable_order_book: bool | None = None
    neg_risk: bool | None = None
    end_date: str | None = None
    tick_size: Decimal | None = msgspec.field(default=None, name="orderPriceMinTickSize")
    size_min: Decimal | None = msgspec.field(default=None, name="orderMinSize")
    fees_enabled: bool | None = None
    fee_schedule: GammaFee | None = None

    @property
    def position_texts(self) -> str | None:
        """The position ids as JSON in a text, like the other lists."""
        ids = self.position_ids
        return msgspec.json.encode(ids).decode() if isinstance(ids, list) else ids


class ClobFee(msgspec.Struct):
    """`fd` of the compact market record: rate, exponent, takers only."""

    r: Decimal
    e: Decimal = Decimal(1)
    to: bool = False  # every boolean of this record may be missing when false


class ClobMarket(msgspec.Struct):
    """What we read of the compact market record: the fee, and the marker that there is one."""

    fd: ClobFee | None = None
    tbf: Decimal | None = None


_decode_pair = msgspec.json.Decoder(_Pair).decode


def refuse_untradable(record: GammaMarket, now: Nanos) -> None:
    """Raise MarketEnded when it cannot be traded at this time, ValueError when we do not know how."""
    if record.version not in VERSIONS:
        raise ValueError(f"its protocol version is {record.version!r}, we know v1 and v2")
    if record.closed or record.archived:
        raise MarketEnded("it is closed")
    ends_at = _ends_at(record)
    if ends_at is not None and ends_at <= now:
        raise MarketEnded(f"it ended at {record.end_date}")
    if not (record.active and record.accepting_orders and record.enable_order_book):
        raise MarketEnded("it does not accept orders")


def parse_market_record(record: GammaMarket, fee: FeeSchedule) -> Market:
    """Return the market; ValueError says what is missing or wrong."""
    if record.tick_size is None or record.size_min is None:
        raise ValueError("its tick size or smallest order is not stated")
    return Market(
        condition_id=parse_condition(record.condition_id or ""),
        slug=record.slug or "",
        question=record.question or "",
        tokens=_tokens(record),
        outcomes=_pair(record.outcomes, "outcomes"),
        tick=parse_price(str(record.tick_size)),
        shares_min=parse_size(str(record.size_min)),
        fee=fee,
        is_neg_risk=bool(record.neg_risk),
        ends_at=_ends_at(record),
    )


def parse_fee(record: GammaMarket) -> FeeSchedule | None:
    """Return the fee that the record states; None when another record must be asked."""
    if record.fees_enabled is False:
        return NO_FEE
    schedule = record.fee_schedule
    if schedule is None:
        return None
    return _fee(schedule.rate, schedule.exponent, taker_only=schedule.taker_only)


def parse_clob_fee(record: ClobMarket, *, is_charged: bool) -> FeeSchedule:
    """Return the fee of the compact record; ValueError when a fee is charged that it hides.

    `is_charged` says that the other record promised a fee.
    """
    if record.fd is not None:
        return _fee(record.fd.r, record.fd.e, taker_only=record.fd.to)
    if is_charged or record.tbf:
        raise ValueError("it charges a fee that is stated nowhere")
    return NO_FEE


def parse_instant(text: str) -> Nanos:
    """Return the instant of an ISO time in any of the venue's shapes; ValueError otherwise."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a time") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    seconds = since.days * 86_400 + since.seconds
    return Nanos(seconds * NANOS_PER_S + since.microseconds * _NANOS_PER_MICROSECOND)


def names_token(record: GammaMarket, token: str) -> bool:
    """Tell whether the record lists the token among its ids, whichever field they stand in."""
    texts = (record.clob_token_ids, record.position_texts)
    return any(f'"{token}"' in text for text in texts if text is not None)


def _ends_at(record: GammaMarket) -> Nanos | None:
    return None if record.end_date is None else parse_instant(record.end_date)


def _tokens(record: GammaMarket) -> tuple[TokenId, TokenId]:
    """Choose the ids by version: the other field may be filled, too, and wrong."""
    if record.version == "v1":
        first, second = _pair(record.clob_token_ids, "clobTokenIds")
    else:
        first, second = _pair(record.position_texts, "positionIds")
    for token in (first, second):
        if not (token.isascii() and token.isdigit()):
            raise ValueError(f"{token[:80]!r} is not a token id")
    return TokenId(first), TokenId(second)


def _pair(text: str | None, name: str) -> _Pair:
    try:
        return _decode_pair(text or "")
    except msgspec.DecodeError:
        raise ValueError(f"its {name} are not a list of two texts") from None


def _fee(rate: Decimal, exponent: Decimal, *, taker_only: bool) -> FeeSchedule:
    micros = rate * MICRO
    if not taker_only and rate:
        raise ValueError("it charges makers, which our fee rule does not know")
    if micros != int(micros) or exponent != int(exponent):
        raise ValueError(f"its fee (rate {rate}, exponent {exponent}) is not one we can compute")
    return FeeSchedule(rate=int(micros), exponent=int(exponent))
