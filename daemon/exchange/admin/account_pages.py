"""Admin pages of money: who holds what, whether any was lost, and bringing in more."""

from http import HTTPStatus
from typing import Any, Final

import msgspec
from aiohttp import web

from daemon.domain.ids import ConditionId
from daemon.exchange.admin.admin_body import read_body, refused
from daemon.exchange.cashier import Cashier
from daemon.exchange.doors import ADMIN_PREFIX
from daemon.exchange.floor import Floor
from daemon.exchange.funding import build_funding
from daemon.exchange.json_answer import Refused, answer
from daemon.sim.exchange.trading.account_ids import CASH
from daemon.sim.exchange.trading.holding import Holding


class _FundRequest(msgspec.Struct, forbid_unknown_fields=True):
    wallet: str
    owner: str
    usd: str
    signature_type: int | None = None


_NOTHING: Final = {"balance": 0, "active": 0, "matched": 0}
_FUND: Final = msgspec.json.Decoder(_FundRequest)


class AccountPages:
    """Handlers of /admin/ledger and /admin/fund; all figures are integers in millionths."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._cashier = Cashier(floor)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [
            web.get(f"{ADMIN_PREFIX}/ledger", self._ledger),
            web.post(f"{ADMIN_PREFIX}/fund", self._fund),
        ]

    async def _ledger(self, _request: web.Request) -> web.Response:
        now = self._floor.now()
        exchange = self._floor.marketplace.exchange
        wallets: dict[str, dict[str, Any]] = {}
        for wallet, asset, holding in exchange.ledger.holdings():
            account = wallets.setdefault(wallet, {"cash": dict(_NOTHING), "shares": {}})
            if asset == CASH:
                account["cash"] = _figures(holding)
            else:
                account["shares"][asset] = _figures(holding)
        return answer(
            {
                "now": now,
                "audit": self._audit(),
                "totals": exchange.ledger.totals()._asdict(),
                "wallets": wallets,
                "markets": {
                    condition_id: self._market(condition_id)
                    for condition_id in self._floor.marketplace.records
                },
            }
        )

    def _market(self, condition_id: ConditionId) -> dict[str, Any]:
        exchange = self._floor.marketplace.exchange
        market, vault = exchange.market(condition_id), exchange.ledger.vault(condition_id)
        assert market is not None
        return {
            "status": market.status,
            "tick": market.tick,
            "payouts": market.payouts,
            "pairs": vault.pairs,
            "locked": vault.locked,
            "redeemed": vault.redeemed,
        }

    def _audit(self) -> str:
        """Return "sound", or what does not add up."""
        try:
            self._floor.marketplace.exchange.audit()
        except AssertionError as error:
            return f"broken: {error}"
        return "sound"

    async def _fund(self, request: web.Request) -> web.Response:
        hint = (
            "wallet, owner and usd as texts; and signature_type, 0 to 3, where it does not follow"
        )
        wanted = await read_body(request, _FUND, hint)
        try:
            funding = build_funding(wanted.wallet, wanted.owner, wanted.usd, wanted.signature_type)
        except ValueError as error:
            raise refused(str(error)) from None
        try:
            self._cashier.fund(funding, self._floor.now())
        except ValueError as error:
            raise Refused(HTTPStatus.CONFLICT, str(error)) from None
        wallet = funding.wallet
        return answer(
            {
                "ok": True,
                "wallet": wallet.address,
                "owner": wallet.owner,
                "signature_type": wallet.signature_type,
            }
        )


def _figures(holding: Holding) -> dict[str, int]:
    return {
        "balance": holding.balance,
        "active": holding.active,
        "matched": holding.matched,
    }
