"""A few markets that are always there: one of each kind that a client must tell apart.

They begin when the exchange opens and end a month later. Ids are derived from slug and seed, so that
a run repeats them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.tape.tape import TapeFee, TapeMarket

LENGTH: Final = Nanos(30 * 86_400 * NANOS_PER_S)
MIN_ORDER_SIZE: Final = "5"
EVENT: Final = "pennyd-standing"
CONSTRUCTED_NOTE: Final = "Constructed: a market of the simulated exchange; its ids are made up."

_FEE: Final = TapeFee(rate="0.05", exponent=1, rebate_rate="0.2", fee_type="general_fees_v2")
_BINARY_MODULE: Final = 1
_ARITY: Final = 2
"""How many outcomes a market has, as a position id says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    slug: str
    question: str
    tick_size: str = "0.01"
    fee: TapeFee | None = None
    is_neg_risk: bool = False
    has_positions: bool = False
    """It lives on the newer contract, whose token ids are position ids."""
    seconds_delay: int = 0
    """How long takers wait, as in sports."""


_KINDS: Final = (
    _Kind(slug="standing-free", question="A market without a fee?"),
    _Kind(slug="standing-fee", question="A market with a fee for takers?", fee=_FEE),
    _Kind(slug="standing-mill", question="A market of tenths of a cent?", tick_size="0.001"),
    _Kind(slug="standing-neg-risk", question="A market of many outcomes?", is_neg_risk=True),
    _Kind(slug="standing-position", question="A market of positions?", has_positions=True),
    _Kind(slug="standing-delayed", question="A market where takers wait?", seconds_delay=3),
)


def build_standing_markets(seed: str, now: Nanos) -> tuple[TapeMarket, ...]:
    """Return the markets of an exchange that opens now; one delays who takes, as those of sports do."""
    return tuple(_build(kind, seed, now) for kind in _KINDS)


def _build(kind: _Kind, seed: str, now: Nanos) -> TapeMarket:
    condition_id, token_ids = _positions(kind, seed) if kind.has_positions else _tokens(kind, seed)
    start, end = _date(now), _date(Nanos(now + LENGTH))
    return TapeMarket(
        id=str(1_000_000 + int.from_bytes(_digest(kind, seed, "id")) % 9_000_000),
        condition_id=condition_id,
        slug=kind.slug,
        question=kind.question,
        token_ids=token_ids,
        outcomes=("Yes", "No"),
        tick_size=kind.tick_size,
        min_order_size=MIN_ORDER_SIZE,
        fee=kind.fee,
        neg_risk=kind.is_neg_risk,
        seconds_delay=kind.seconds_delay,
        listed=start,
        event_start=start,
        end=end,
        end_at=now + LENGTH,
        event_slug=EVENT,
        event_title="Standing markets of the simulated exchange",
        constructed=True,
        constructed_note=CONSTRUCTED_NOTE,
    )


def _tokens(kind: _Kind, seed: str) -> tuple[str, tuple[str, str]]:
    first, second = (int.from_bytes(_digest(kind, seed, name)) for name in ("yes", "no"))
    return f"0x{_digest(kind, seed, 'condition').hex()}", (str(first), str(second))


def _positions(kind: _Kind, seed: str) -> tuple[str, tuple[str, str]]:
    """Return padded condition and position ids: module 8 bits, hash 128, arity 16, zeros to the end."""
    name = int.from_bytes(_digest(kind, seed, "condition")[:16])
    yes = _BINARY_MODULE << 248 | name << 120 | _ARITY << 104
    return f"0x{yes:064x}", (str(yes), str(yes + 1))


def _digest(kind: _Kind, seed: str, name: str) -> bytes:
    return sha256(repr((seed, kind.slug, name)).encode()).digest()


def _date(at: Nanos) -> str:
    return f"{datetime.fromtimestamp(at // NANOS_PER_S, UTC):%Y-%m-%dT%H:%M:%SZ}"
