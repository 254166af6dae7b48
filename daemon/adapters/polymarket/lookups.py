"""Finds markets and books on request, over the venue's public interfaces; never with credentials."""

from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

import aiohttp
import msgspec

from daemon.adapters.polymarket.condition_text import is_condition, parse_condition
from daemon.adapters.polymarket.exact_event import parse_rest_book
from daemon.adapters.polymarket.gamma_market import (
    ClobMarket,
    GammaMarket,
    names_token,
    parse_clob_fee,
    parse_fee,
    parse_market_record,
    refuse_untradable,
)
from daemon.adapters.polymarket.http_reader import (
    RETRY_WAIT_S,
    Answer,
    HttpReader,
    OnAnswer,
    Query,
)
from daemon.domain.fee import FeeSchedule
from daemon.domain.feed import BookSnapshot
from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.market import Market
from daemon.errors import ConfigError, FeedGarbled, MarketEnded, VenueError
from daemon.ports import Clock

USER_AGENT: Final = "pennyd"
_SHORT_CONDITION_LENGTH: Final = 64
_PADDING: Final = "00"
_CLOSED: Final = ("closed", "true")

_decode_one = msgspec.json.Decoder(GammaMarket).decode
_decode_many = msgspec.json.Decoder(list[GammaMarket]).decode
_decode_clob = msgspec.json.Decoder(ClobMarket).decode


class _Page(msgspec.Struct):
    markets: list[GammaMarket] = []


_decode_page = msgspec.json.Decoder(_Page).decode


class PolymarketLookup:
    """Look-ups against two base addresses; use it as an asynchronous context.

    Opens a session of its own unless one is given, which then stays open.
    """

    def __init__(
        self,
        *,
        gamma_base: str,
        clob_base: str,
        clock: Clock,
        session: aiohttp.ClientSession | None = None,
        retry_wait_s: float = RETRY_WAIT_S,
        on_answer: OnAnswer | None = None,
    ) -> None:
        self._gamma, self._clob = gamma_base.rstrip("/"), clob_base.rstrip("/")
        self._clock = clock
        self._given = session
        self._retry_wait_s = retry_wait_s
        self._on_answer = on_answer
        self._session: aiohttp.ClientSession | None = None
        self._reader: HttpReader | None = None

    async def __aenter__(self) -> Self:
        """Open the session."""
        session = self._given
        if session is None:
            session = self._session = aiohttp.ClientSession(
                headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        self._reader = HttpReader(session, self._retry_wait_s, self._on_answer)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close what was opened here."""
        self._reader = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def resolve(self, reference: str) -> Market:
        """Return the market of a slug, condition id or token id.

        Raises ConfigError naming the reference when there is none or it cannot be traded;
        Unreachable when nobody answers.
        """
        try:
            record = await self._find(reference)
            refuse_untradable(record, self._clock.now())
            fee = parse_fee(record) or await self._clob_fee(record)
            market = parse_market_record(record, fee)
            if _is_token(reference) and reference not in market.tokens:
                raise ValueError("the venue trades this market by other tokens")
            return market
        except MarketEnded as ended:
            raise MarketEnded(
                f"market {reference}: {ended}; name a market that is open for trading"
            ) from ended
        except (ValueError, msgspec.MsgspecError, RecursionError) as problem:
            raise ConfigError(
                f"market {reference}: {problem}; name a market that is open for trading"
            ) from problem

    async def book(self, token: TokenId) -> BookSnapshot:
        """Return the REST snapshot of a book, which may be old or a ghost.

        Unreachable when nobody answers, VenueError when there is no such book, FeedGarbled when the
        answer cannot be believed.
        """
        answer = await self._get(f"{self._clob}/book", (("token_id", token),))
        if answer.status != 200:
            raise VenueError(
                f"no book of token {token}: status {answer.status} {answer.excerpt};"
                " check that its market is open"
            )
        try:
            snapshot = parse_rest_book(answer.body, self._clock.now())
        except (ValueError, msgspec.MsgspecError, RecursionError) as error:
            raise FeedGarbled(f"the book of token {token} cannot be read: {error}") from error
        if snapshot.token != token:
            raise FeedGarbled(f"asked for the book of {token}, was given that of {snapshot.token}")
        return snapshot

    async def _find(self, reference: str) -> GammaMarket:
        """Return the record that really is about the reference: an ignored filter returns others."""
        if is_condition(reference):
            full = parse_condition(reference)
            short = full[:_SHORT_CONDITION_LENGTH]
            forms = (full, short) if full == short + _PADDING else (full,)
            query = tuple(("condition_ids", form) for form in forms)
            found = await self._search(query)
            matches = [
                one for one in found if one.condition_id and _is_same(one.condition_id, full)
            ]
        elif _is_token(reference):
            found = await self._search((("clob_token_ids", reference),))
            found += await self._search_positions(reference) if not found else []
            matches = [one for one in found if names_token(one, reference)]
        else:
            found = await self._find_slug(reference)
            matches = [one for one in found if one.slug == reference]
        if len(matches) != 1:
            raise ValueError("there is no such market" if not matches else "it is ambiguous")
        return matches[0]

    async def _search(self, query: Query) -> list[GammaMarket]:
        """Return the open markets that match, or else the closed ones."""
        url = f"{self._gamma}/markets"
        found = _decode_many(_expect_ok(await self._get(url, query)).body)
        if not found:
            found = _decode_many(_expect_ok(await self._get(url, (*query, _CLOSED))).body)
        return found

    async def _search_positions(self, token: str) -> list[GammaMarket]:
        """Return the markets of a token id of the second protocol."""
        query = (("position_ids", token),)
        answer = _expect_ok(await self._get(f"{self._gamma}/markets/keyset", query))
        return _decode_page(answer.body).markets

    async def _find_slug(self, slug: str) -> list[GammaMarket]:
        answer = await self._get(f"{self._gamma}/markets/slug/{quote(slug, safe='')}")
        return [] if answer.status == 404 else [_decode_one(_expect_ok(answer).body)]

    async def _clob_fee(self, record: GammaMarket) -> FeeSchedule:
        condition = parse_condition(record.condition_id or "")
        answer = await self._get(f"{self._clob}/clob-markets/{condition}")
        if answer.status == 404:
            raise ValueError("its fee is stated nowhere")
        clob = _decode_clob(_expect_ok(answer).body)
        return parse_clob_fee(clob, is_charged=bool(record.fees_enabled))

    async def _get(self, url: str, query: Query = ()) -> Answer:
        assert self._reader is not None, "used outside its context"
        return await self._reader.get(url, query)


def _is_token(reference: str) -> bool:
    return reference.isascii() and reference.isdigit()


def _is_same(text: str, condition: ConditionId) -> bool:
    return is_condition(text) and parse_condition(text) == condition


def _expect_ok(answer: Answer) -> Answer:
    if answer.status != 200:
        raise ValueError(f"the look-up answered with status {answer.status} {answer.excerpt}")
    return answer
