"""What comes from outside never stops the exchange: it is refused, or its connection is closed."""

import asyncio
import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urljoin, urlsplit

import aiohttp
import msgspec
import pytest

from daemon.exchange import doors, traffic
from tests.integration.exchange.box_client import BoxClient, quiet_box

POSTS = [
    "/books", "/prices", "/midpoints", "/spreads", "/last-trades-prices", "/admin/fund",
    "/admin/faults", "/admin/clock", "/admin/service", "/admin/resolve", "/admin/tick",
]  # fmt: skip
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
OK = b"GET /ok HTTP/1.1\r\nHost: x\r\n\r\n"


@asynccontextmanager
async def raw(client: BoxClient) -> AsyncGenerator[Streams, None]:
    """Connect without a word of HTTP."""
    address = urlsplit(client.box.ready.clob)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def read_to_end(reader: asyncio.StreamReader) -> bytes:
    """Return all until the exchange closes the connection."""
    async with asyncio.timeout(10):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def is_alive(client: BoxClient) -> bool:
    return await client.get("/ok") == (200, "OK")


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"{", b"[" * 100_000, b'{"a":' * 50_000, b"null", b'"\xed\xa0\x80"', b"1e999"],
)
async def test_a_body_that_says_nothing_is_refused(
    quiet: BoxClient, session: aiohttp.ClientSession, path: str, body: bytes
) -> None:
    async with session.post(quiet.box.ready.clob + path, data=body) as reply:
        assert reply.status == 400
        assert list(await reply.json()) == ["error"]
    assert await is_alive(quiet)


@pytest.mark.parametrize("path", ["/books", "/admin/fund", "/ok", "/nowhere"])
async def test_a_body_of_ten_megabytes_is_refused(
    quiet: BoxClient, session: aiohttp.ClientSession, path: str
) -> None:
    body = io.BytesIO(b"x" * 10_000_000)
    try:
        async with session.post(quiet.box.ready.clob + path, data=body) as reply:
            assert reply.status == 413
            assert await reply.json() == {"error": "Payload exceeds the limit"}
    except aiohttp.ClientError:
        pass  # the connection may be closed before the body was read
    assert await is_alive(quiet)


@pytest.mark.parametrize(
    "head",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET /ok HTTP/9.9\r\n\r\n",
        b"POST /books HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /books HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /ok HTTP/1.1\r\n" + b"A: b\r\n" * 1_000 + b"\r\n",
    ],
)
async def test_what_is_no_http_is_answered_with_an_error_or_nothing(
    quiet: BoxClient, head: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    async with raw(quiet) as (reader, writer):
        writer.write(head)
        writer.write_eof()
        assert (await read_to_end(reader))[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.0 400")
    assert await is_alive(quiet)
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "path", ["/book?token_id=%FF", "/clob-markets/%FF%00", "/%FF", "/book?%FF"]
)
async def test_a_path_that_is_no_text_finds_nothing(quiet: BoxClient, path: str) -> None:
    async with raw(quiet) as (reader, writer):
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert (await read_to_end(reader))[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 404")
    assert await is_alive(quiet)


@pytest.mark.parametrize("begun", [b"", b"GET /ok HT", OK])
async def test_a_client_that_falls_silent_is_let_go(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(doors, "IDLE_WITHIN_S", 0.1)
    async with quiet_box() as box, raw(BoxClient(box, session)) as (reader, writer):
        writer.write(begun)
        answer = await read_to_end(reader)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 200")
        assert await is_alive(BoxClient(box, session))


async def test_a_body_that_does_not_come_is_waited_for_in_vain_for_a_while(
    quiet: BoxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "READ_WITHIN_S", 0.1)
    async with raw(quiet) as (reader, writer):
        writer.write(b"POST /books HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n[")
        assert (await read_to_end(reader)).startswith(b"HTTP/1.1 408")
    assert await is_alive(quiet)


async def test_a_client_that_leaves_within_its_body_harms_nobody(
    quiet: BoxClient, capsys: pytest.CaptureFixture[str]
) -> None:
    async with raw(quiet) as (_, writer):
        writer.write(b"POST /books HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n[")
        await writer.drain()
        await asyncio.sleep(0.02)
    assert await is_alive(quiet)
    assert "Traceback" not in capsys.readouterr().err


async def test_a_client_that_does_not_read_its_answer_is_let_go(
    quiet: BoxClient, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "WRITE_WITHIN_S", 0.1)
    for _ in range(200):  # so that the page of requests is longer than all buffers
        async with session.post(f"{quiet.box.ready.clob}/books", data="x" * 65_536):
            pass
    async with raw(quiet) as (reader, writer):
        writer.write(b"GET /admin/requests HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(0.3)
        async with asyncio.timeout(10):
            answer = await read_to_end(reader)
    assert len(answer) < 200 * 65_536
    assert await is_alive(quiet)


async def test_one_connection_too_many_is_closed_and_room_is_made_again(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "CONNECTIONS_MAX", 3)
    async with quiet_box() as box:
        client = BoxClient(box, session)
        async with raw(client) as one, raw(client) as two, raw(client) as three:
            for _, writer in (one, two, three):
                writer.write(OK)
            for reader, _ in (one, two, three):
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            async with raw(client) as (reader, writer):
                writer.write(OK)
                assert await read_to_end(reader) == b""
        async with asyncio.timeout(10):
            while True:
                try:
                    assert await is_alive(client)
                    break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.01)


async def test_many_requests_on_one_connection_are_all_answered(quiet: BoxClient) -> None:
    async with raw(quiet) as (reader, writer):
        writer.write(OK * 3_000 + OK.removesuffix(b"\r\n") + b"Connection: close\r\n\r\n")
        assert (await read_to_end(reader)).count(b"HTTP/1.1 200 OK") == 3_001


async def test_the_log_of_requests_keeps_within_its_bounds(
    quiet: BoxClient, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traffic, "BYTES_MAX", 5_000)
    for number in range(20):
        async with session.post(f"{quiet.box.ready.clob}/books", data=str(number) * 1_000):
            pass
    _, page = await quiet.get("/admin/requests")
    assert page["total"] == 20
    assert 1 <= len(page["requests"]) <= 5
    assert page["requests"][-1]["body"].startswith("19")


@pytest.mark.parametrize("service", ["market_ws", "user_ws", "spot_ws", "reference_ws"])
@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\x16\x03\x01\x02",
        b"GET / HTTP/1.1\r\n",
        b"GET /ws/market HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /ws/\xff HTTP/1.1\r\nUpgrade: \xff\r\n\r\n",
        b"GET /ws/market HTTP/1.1\r\n" + b"A: b\r\n" * 1_000 + b"\r\n",
    ],
)
async def test_what_is_no_handshake_leaves_no_trace_in_the_log(
    quiet: BoxClient, service: str, head: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    ready: dict[str, str] = msgspec.to_builtins(quiet.box.ready)
    address = urlsplit(ready[service])
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(head)
    writer.write_eof()
    await read_to_end(reader)
    writer.transport.abort()
    assert await is_alive(quiet)
    assert [record for record in caplog.records if record.exc_info] == []


async def test_the_log_of_handshakes_keeps_within_its_bounds(
    quiet: BoxClient, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traffic, "HANDSHAKE_BYTES_MAX", 20_000)
    for number in range(10):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(
                f"{urljoin(quiet.box.ready.market_ws, '/')}{number}", headers={"X": "x" * 6_000}
            )
    _, page = await quiet.get("/admin/connections")
    assert [shake["path"] for shake in page["handshakes"]] == ["/7", "/8", "/9"]
    assert page["other"]["attempts"] == 10


async def test_an_unknown_method_is_refused(quiet: BoxClient) -> None:
    assert await quiet.post("/book", {}) == (405, {"error": "method not allowed"})
