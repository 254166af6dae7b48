"""Relayer and geoblock over a real socket, as clients ask them when they start."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from daemon.exchange.geoblock import Geoblock
from daemon.exchange.relayer_lookups import RelayerLookups

Ask = Callable[..., Awaitable[tuple[int, Any]]]
EOA = "0x651FdBAb146239a0F3E94b919C5Abd7B9d6F5309"
DEPOSIT_WALLET = "0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1"


@pytest.fixture
async def relayer(venue: Any, serve: Callable[..., Awaitable[Ask]]) -> Ask:
    return await serve(RelayerLookups(venue.floor))


@pytest.mark.parametrize(
    "query, is_deployed",
    [
        (f"address={DEPOSIT_WALLET}&type=WALLET", True),
        (f"address={DEPOSIT_WALLET.lower()}", True),
        (f"address={DEPOSIT_WALLET}&type=SAFE", False),
        (f"address={EOA}&type=WALLET", False),
        (f"address=0x{5:040x}&type=WALLET", False),
    ],
)
async def test_wallets_of_this_exchange_are_deployed(
    relayer: Ask, query: str, is_deployed: bool
) -> None:
    assert await relayer(f"/deployed?{query}") == (200, {"deployed": is_deployed})


async def test_the_next_nonce_is_the_first_for_nothing_was_ever_sent(relayer: Ask) -> None:
    address = f"address={DEPOSIT_WALLET.lower()}"
    assert await relayer(f"/nonce?{address}") == (200, {"nonce": "0"})
    for page in ("/v1/account/transactions/params", "/relay-payload"):
        assert await relayer(f"{page}?{address}&type=WALLET") == (
            200,
            {"address": DEPOSIT_WALLET, "nonce": "0"},
        )
    for page in ("/deployed", "/nonce", "/relay-payload"):
        assert await relayer(f"{page}?address=me") == (400, {"error": "invalid address"})
    assert (await relayer("/v1/account/transactions/1"))[0] == 404


async def test_nothing_is_sent_for_anybody(relayer: Ask, venue: Any) -> None:
    assert await relayer("/submit", {"type": "WALLET"}) == (
        401,
        {"error": "invalid authorization"},
    )


async def test_nothing_is_sent_even_for_those_who_have_a_key(
    venue: Any, serve: Callable[..., Awaitable[Ask]], session: aiohttp.ClientSession
) -> None:
    session.headers["RELAYER_API_KEY"] = "anything"
    relayer = await serve(RelayerLookups(venue.floor))
    for page in ("/submit", "/v1/session-signers/authorizations"):
        status, body = await relayer(page, {"type": "WALLET"})
        assert (status, body) == (
            403,
            {"error": "transactions are disabled: this relayer sends nothing"},
        )


async def test_the_place_of_the_caller_can_be_changed(serve: Callable[..., Awaitable[Ask]]) -> None:
    place = Geoblock()
    ask = await serve(place)
    assert await ask("/api/geoblock") == (
        200,
        {"blocked": False, "ip": "127.0.0.1", "country": "IE", "region": "L"},
    )
    place.is_blocked, place.country = True, "US"
    assert (await ask("/api/geoblock"))[1]["blocked"] is True
