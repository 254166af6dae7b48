"""How a market ended, and what its tokens are, as the Data API writes it."""

from hashlib import sha256
from typing import Any

from daemon.domain.units import NANOS_PER_S, Nanos, as_decimal
from daemon.sim.exchange.discovery.number_of import number_of
from daemon.sim.exchange.discovery.shown_market import ShownMarket
from daemon.sim.exchange.rpc.block import block_at

Record = dict[str, Any]


def build_resolution(shown: ShownMarket, now: Nanos) -> Record:
    """Return the resolution; of a market that is not decided it says so."""
    record, resolution = shown.record, shown.resolution
    is_window = record.series_slug is not None
    at = now if resolution is None else resolution.at
    body: Record = {
        "condition_id": record.condition_id,
        "question_id": f"0x{sha256(record.condition_id.encode()).hexdigest()}",
        "status": "active" if resolution is None else "resolved",
        "extended_review": False,
        "was_disputed": False,
        "new_version_q": False,
        "market_type": "BINARY",
        "last_update_timestamp": at // NANOS_PER_S,
        "payouts": None,
        "resolved_at": None,
        "resolved_block": None,
        "reporter": None,
    }
    if resolution is None:
        return body
    return body | {
        "payouts": list(resolution.payouts),
        "resolution_source": "reported",
        "reporter": "CHAINLINK" if is_window else "UMA_OO",
        "resolved_at": at // NANOS_PER_S,
        "resolved_block": block_at(at),
        "transaction_hash": f"0x{sha256(f'{record.condition_id} resolved'.encode()).hexdigest()}",
    }


def build_tokens(shown: ShownMarket) -> list[Record]:
    """Return the reference facts of both tokens of a market."""
    record, resolution = shown.record, shown.resolution
    return [
        {
            "token_id": token,
            "condition_id": record.condition_id,
            "structural_condition_id": None,
            "module": "binary" if shown.is_v2 else "v1_ctf",
            "outcome_index": index,
            "clob_index": index,
            "outcome": record.outcomes[index],
            "opposite_token_id": record.token_ids[1 - index],
            "resolved": resolution is not None,
            "final_price": None if resolution is None else as_decimal(resolution.payouts[index]),
            "title": record.question,
            "market_slug": record.slug,
            "closed": resolution is not None,
            "neg_risk": record.neg_risk,
            "neg_risk_market_id": None,
            "question_index": None,
            "event_id": int(number_of("event", record.event_slug)),
            "event_slug": record.event_slug,
        }
        for index, token in enumerate(record.token_ids)
    ]
