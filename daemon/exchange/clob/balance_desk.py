"""Balances and allowances, as the venue's cache of the chain has them."""

import re
from typing import Final

from aiohttp import web

from daemon.domain.ids import TokenId
from daemon.exchange.clob.gateway import Gateway, PrivateRequest
from daemon.exchange.clob.order_names import parse_token
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer
from daemon.exchange.request_faults import RequestFaults
from daemon.exchange.venue_response import respond_refusal
from daemon.sim.exchange.auth.signed_order import SignatureType, is_position_id
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.records.balance_record import NOTHING, build_balance
from daemon.sim.exchange.refusal import INVALID_TOKEN, Refusal
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Wallet

INVALID_ASSET_TYPE: Final = Refusal(400, "Invalid asset type")
INVALID_SIGNATURE_TYPE: Final = Refusal(400, "Invalid signature_type")

_IS_POSITION: Final = {"CONDITIONAL": False, "CONDITIONAL-V2": True}
_SIGNATURE_TYPE = re.compile("[0-3]")

_Account = tuple[Wallet, Asset]


class BalanceDesk:
    """Shows what the wallet of a key holds; a wallet that nobody knows holds nothing.

    The request does not name the wallet: it is the one of the given signature type that the key
    trades for.
    """

    def __init__(self, floor: Floor, gateway: Gateway, faults: RequestFaults) -> None:
        self._floor = floor
        self._gateway = gateway
        self._faults = faults

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        private, wrap = self._gateway.private, self._faults.wrap
        path = "/balance-allowance"
        return [
            web.get(path, wrap(FaultPoint.READ, private(self._show))),
            web.get(f"{path}/update", wrap(FaultPoint.READ, private(self._update))),
        ]

    async def _show(self, asked: PrivateRequest) -> web.Response:
        account = self._find(asked)
        if isinstance(account, Refusal):
            return respond_refusal(account)
        exchange = self._floor.marketplace.exchange
        shown = NOTHING if account is None else exchange.balance_allowance(*account, asked.now)
        return answer(build_balance(shown))

    async def _update(self, asked: PrivateRequest) -> web.Response:
        account = self._find(asked)
        if isinstance(account, Refusal):
            return respond_refusal(account)
        if account is not None:
            self._floor.marketplace.exchange.refresh_balance(*account)
        return answer("")

    def _find(self, asked: PrivateRequest) -> _Account | Refusal | None:
        kind = asked.query.get("signature_type", "")
        asset = _parse_asset(asked)
        if isinstance(asset, Refusal):
            return asset
        if _SIGNATURE_TYPE.fullmatch(kind) is None:
            return INVALID_SIGNATURE_TYPE
        is_listed = asset == CASH or self._floor.marketplace.record_of(TokenId(asset)) is not None
        for wallet in self._floor.wallets.values():
            is_own = wallet.is_key(asked.key.address)
            if is_listed and is_own and wallet.signature_type is SignatureType(int(kind)):
                return Wallet(wallet.address), asset
        return None


def _parse_asset(asked: PrivateRequest) -> Asset | Refusal:
    kind = asked.query.get("asset_type", "")
    if kind == "COLLATERAL":
        return CASH
    if kind not in _IS_POSITION:
        return INVALID_ASSET_TYPE
    token = parse_token(asked.query.get("token_id", ""))
    if token is None:
        return INVALID_TOKEN
    return Asset(token) if is_position_id(token) == _IS_POSITION[kind] else INVALID_ASSET_TYPE
