"""Which transactions of trades are on chain, for those who ask for a receipt."""

from collections import OrderedDict
from typing import Any, Final, NamedTuple

from daemon.domain.units import Nanos
from daemon.sim.exchange.rpc.block import block_at
from daemon.sim.exchange.rpc.contracts import EXCHANGES
from daemon.sim.exchange.trading.trade import TradeStatus
from daemon.sim.exchange.trading.venue_event import TradeReported, VenueEvent

RECEIPTS_MAX: Final = 10_000
"""Receipts remembered; the oldest go."""
GAS_USED: Final = 250_000
GAS_PRICE: Final = 30 * 10**9


class _Receipt(NamedTuple):
    at: Nanos
    is_good: bool


class ReceiptIndex:
    """Watches a marketplace; its transactions are those of mined trades."""

    def __init__(self) -> None:
        self._receipts: OrderedDict[str, _Receipt] = OrderedDict()

    def watch(self, events: tuple[VenueEvent, ...]) -> None:
        """Take in what happened."""
        for event in events:
            if not isinstance(event, TradeReported) or not event.trade.transaction_hash:
                continue
            trade = event.trade
            if trade.status in {TradeStatus.MINED, TradeStatus.FAILED}:
                self._receipts[trade.transaction_hash] = _Receipt(
                    trade.updated_at, trade.status is TradeStatus.MINED
                )
                if len(self._receipts) > RECEIPTS_MAX:
                    self._receipts.popitem(last=False)

    def receipt(self, transaction_hash: str) -> dict[str, Any] | None:
        """Return a receipt, None for a transaction that is not on chain."""
        found = self._receipts.get(transaction_hash)
        if found is None:
            return None
        return {
            "transactionHash": transaction_hash,
            "transactionIndex": "0x0",
            "blockNumber": hex(block_at(found.at)),
            "blockHash": block_hash(block_at(found.at)),
            "status": "0x1" if found.is_good else "0x0",
            "to": EXCHANGES[0].lower(),
            "gasUsed": hex(GAS_USED),
            "effectiveGasPrice": hex(GAS_PRICE),
            "logs": [],
        }


def block_hash(number: int) -> str:
    """Return the hash that stands for a block."""
    return f"0x{number:064x}"
