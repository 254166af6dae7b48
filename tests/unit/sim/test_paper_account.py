"""What the paper venue answers when it is asked about our orders and trades."""

import pytest

from daemon.domain.ids import VenueOrderId
from daemon.domain.units import Nanos
from daemon.errors import Incomplete
from daemon.ports import Account, Canceled, Ended, NotCanceled, Venue
from daemon.sim import paper_account as module
from daemon.sim.paper_account import PaperAccount
from tests.builders import START, YES, an_order, price, shares
from tests.unit.sim.paper_bench import PaperBench


def open_bench() -> PaperBench:
    """Return a venue that shows 0.48 bid and 0.52 asked, 100 shares each."""
    bench = PaperBench()
    bench.book()
    return bench


def test_the_paper_venue_is_a_venue_and_has_an_account() -> None:
    bench = open_bench()
    venue: Venue = bench.venue
    account: Account = bench.venue.account
    assert venue is not account


async def test_open_orders_are_told_with_what_has_matched() -> None:
    bench = open_bench()
    await bench.submit(an_order(price="0.52", shares="150"))
    (told,) = (await bench.venue.account.open_orders()).items
    assert (told.token, told.price, told.shares) == (YES, price("0.52"), shares("150"))
    assert told.matched == shares("100")


async def test_trades_are_told_since_an_instant_as_they_were_reported() -> None:
    bench = open_bench()
    await bench.submit(an_order(price="0.52", shares="1"))
    await bench.submit(an_order(price="0.52", shares="2"))
    assert len(bench.fills) == 2
    for since, told in ((START, bench.fills), (bench.fills[1].at, bench.fills[1:])):
        assert list((await bench.venue.account.trades(since)).items) == told
    after = Nanos(bench.fills[1].at + 1)
    assert (await bench.venue.account.trades(after)).items == ()


async def test_trades_that_were_forgotten_are_not_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "TRADES_MAX", 1)
    bench = open_bench()
    for size in ("1", "2"):
        await bench.submit(an_order(price="0.52", shares=size))
    first, second = bench.fills
    assert (await bench.venue.account.trades(second.at)).items == (second,)
    with pytest.raises(Incomplete, match="ask for less"):
        await bench.venue.account.trades(first.at)


async def test_an_order_can_be_cancelled_by_its_id_alone() -> None:
    bench = open_bench()
    order = an_order(price="0.4")
    await bench.submit(order)
    reply = await bench.run(bench.venue.cancel_stranger(order.venue_order_id))
    assert reply == Canceled(matched=shares("0"))
    ended = Ended(matched=shares("0"), reason="ended")
    assert await bench.venue.account.lookup(order) == ended
    nobody = VenueOrderId("0xnobody")
    assert isinstance(await bench.run(bench.venue.cancel_stranger(nobody)), NotCanceled)


async def test_an_account_without_markets_has_nothing() -> None:
    account = PaperAccount(())
    assert (await account.open_orders()).items == ()
    assert account.find(VenueOrderId("0x")) is None
