"""What the exchange says of itself when it is ready: printed as one JSON line."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from daemon.domain.ids import TokenId
from daemon.domain.units import format_micros
from daemon.exchange.floor import Floor
from daemon.exchange.service import Service
from daemon.sim.exchange.auth.signed_order import order_domain
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.tape.tape_player import TapePlayer
from daemon.sim.exchange.trading.account_ids import CASH
from daemon.sim.exchange.trading.account_ids import Wallet as WalletName

MARKETS_MAX: Final = 200
"""Most markets of the line; whoever needs more asks the discovery API."""


class ReadyMarket(msgspec.Struct, frozen=True, kw_only=True):
    """One market, as far as a client needs it to start.

    `version` is that of the contract that settles it, as it is signed: "2" or "3".
    """

    condition_id: str
    slug: str
    token_ids: tuple[str, str]
    outcomes: tuple[str, str]
    tick_size: str
    min_order_size: str
    neg_risk: bool
    version: str


class ReadyAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A wallet that may trade; `usd` is its cash."""

    wallet: str
    owner: str
    signature_type: int
    usd: str


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """Where the exchange answers, what it lists, who may trade, and what it plays if it plays a tape."""

    clob: str
    gamma: str
    market_ws: str
    user_ws: str
    data: str
    relayer: str
    geoblock: str
    rpc: str
    spot_ws: str
    """Before `/ws` and `/stream`."""
    reference_ws: str
    """Of the newer protocol; the older one is at the root of the same port."""
    origin_at: int
    """Venue time at the start, in ns."""
    tape: str | UnsetType = UNSET
    ends_at: int | UnsetType | None = UNSET
    frames: int | UnsetType | None = UNSET
    attribution: str | UnsetType = UNSET
    markets: tuple[ReadyMarket, ...]
    accounts: tuple[ReadyAccount, ...]


def build_ready(addresses: Mapping[Service, str], floor: Floor, player: TapePlayer | None) -> Ready:
    """Return the line of an exchange that has just opened."""
    markets = tuple(_market(record) for record in _first(floor.marketplace.records.values()))
    known = {service.value: address for service, address in addresses.items()}
    if player is None:
        played = {"origin_at": floor.marketplace.now}
    else:
        played = {
            "origin_at": player.origin_at,
            "tape": player.header.name,
            "ends_at": player.ends_at,
            "frames": player.total,
            "attribution": player.header.attribution,
        }
    line = known | played | {"markets": markets, "accounts": _accounts(floor)}
    return msgspec.convert(line, Ready, from_attributes=True)


def _first(records: Iterable[TapeMarket]) -> list[TapeMarket]:
    return list(records)[:MARKETS_MAX]


def _market(record: TapeMarket) -> ReadyMarket:
    first = TokenId(record.token_ids[0])
    return ReadyMarket(
        condition_id=record.condition_id,
        slug=record.slug,
        token_ids=record.token_ids,
        outcomes=record.outcomes,
        tick_size=record.tick_size,
        min_order_size=record.min_order_size,
        neg_risk=record.neg_risk,
        version=order_domain(first, is_neg_risk=record.neg_risk).version,
    )


def _accounts(floor: Floor) -> tuple[ReadyAccount, ...]:
    exchange = floor.marketplace.exchange
    return tuple(
        ReadyAccount(
            wallet=wallet.address,
            owner=wallet.owner,
            signature_type=wallet.signature_type.value,
            usd=format_micros(exchange.holding(WalletName(wallet.address), CASH).balance),
        )
        for wallet in floor.wallets.values()
    )
