"""A fill that turns out to be a ghost, in the whole exchange: listed among its faults, told, undone."""

from daemon.domain.units import MICRO
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.api_keys import ApiKey
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.trade import TradeStatus
from tests.integration.exchange.box_client import MIA, TOM, BoxClient

PLAN = {"fault": [{"kind": "ghost_fill", "nth": [1], "fails_after_ms": 5_000}]}


async def test_a_listed_ghost_fill_fails_and_gives_everything_back(quiet: BoxClient) -> None:
    floor = quiet.box.floor
    floor.keys.add(ApiKey(address=Address(MIA), nonce=0, id=MIA, secret="AAAA", passphrase="00"))
    assert (await quiet.post("/admin/faults", PLAN))[0] == 200
    yes, no = quiet.market().token_ids
    for _ in range(2):
        quiet.submit(MIA, yes, "BUY", "10", "0.52")
        quiet.submit(TOM, no, "BUY", "10", "0.48")
    ghost, sound = floor.marketplace.exchange.trades(Owner(MIA))
    assert (ghost.status, sound.status) == (TradeStatus.MATCHED, TradeStatus.MATCHED)
    await quiet.post("/admin/clock", {"step_s": 5})
    ghost, sound = floor.marketplace.exchange.trades(Owner(MIA))
    assert (ghost.status, sound.status) == (TradeStatus.FAILED, TradeStatus.CONFIRMED)
    _, ledger = await quiet.get("/admin/ledger")
    mia = ledger["wallets"][MIA]
    assert mia["cash"] == {"balance": 1_000 * MICRO - 5_200_000, "active": 0, "matched": 0}
    assert mia["shares"][yes]["balance"] == 10 * MICRO
    assert (await quiet.get("/admin/faults"))[1] == {"told": {"ghost_fill": 1}}
