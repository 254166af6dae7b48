"""The local socket: one line in, one line out, bounded in every direction, for its owner only."""

import asyncio
import contextlib
import json
import os
import socket
import stat
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvloop

from daemon.adapters import operator_socket
from daemon.adapters.operator_client import Hung, NobodyRuns, Refused, ask
from daemon.adapters.operator_socket import CLIENTS_MAX, OperatorSocket, socket_path
from daemon.errors import ConfigError, LockHeld, PennydError

Handlers = Mapping[str, Callable[[Mapping[str, Any]], Awaitable[Any]]]


async def status(fields: Mapping[str, Any]) -> Any:
    return {"state": "active", "fields": dict(fields)}


async def resume(_: Mapping[str, Any]) -> Any:
    raise PennydError("the kill file /x/KILL_SWITCH exists: remove it")


async def broken(_: Mapping[str, Any]) -> Any:
    raise ZeroDivisionError


async def for_ever(_: Mapping[str, Any]) -> Any:
    await asyncio.get_running_loop().create_future()


HANDLERS: Handlers = {"status": status, "resume": resume, "broken": broken, "for_ever": for_ever}


@asynccontextmanager
async def listening(path: Path, handlers: Handlers = HANDLERS) -> AsyncGenerator[Path]:
    """Run a socket until the block ends."""
    task = asyncio.ensure_future(OperatorSocket(path, handlers).run())
    async with asyncio.timeout(5):
        while not path.exists():
            assert not task.done(), task.exception()
            await asyncio.sleep(0.005)
    try:
        yield path
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def say(path: Path, line: bytes) -> dict[str, Any]:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(line)
    async with asyncio.timeout(5):
        reply = await reader.readline()
    writer.close()
    return json.loads(reply)


async def test_a_question_is_answered_with_its_result_and_the_process(state_dir: Path) -> None:
    async with listening(socket_path(state_dir)):
        answer = await asyncio.to_thread(ask, state_dir, "status", detail=3)
    assert answer.result == {"state": "active", "fields": {"detail": 3}}
    assert answer.pid == os.getpid()


async def test_a_refusal_arrives_in_the_daemons_own_words(state_dir: Path) -> None:
    async with listening(socket_path(state_dir)):
        with pytest.raises(Refused, match="KILL_SWITCH exists: remove it"):
            await asyncio.to_thread(ask, state_dir, "resume")


async def test_a_handler_that_breaks_does_not_break_the_socket(state_dir: Path) -> None:
    async with listening(socket_path(state_dir)):
        with pytest.raises(Refused, match="ZeroDivisionError"):
            await asyncio.to_thread(ask, state_dir, "broken")
        assert (await asyncio.to_thread(ask, state_dir, "status")).result["state"] == "active"


@pytest.mark.parametrize(
    "line, words",
    [
        (b"status\n", "one line of JSON"),
        (b'{"command": "\xff"}\n', "one line of JSON"),
        (b"[" * 10_000 + b"\n", "one line of JSON"),
        (b"[1]\n", "a JSON object"),
        (b'{"command": 7}\n', "not known here"),
        (b'{"command": "sell_all"}\n', "known: broken, for_ever, resume, status"),
        (b"x" * 40_000 + b"\n", "at most 16384 bytes"),
    ],
)
async def test_an_odd_request_is_refused_in_words(state_dir: Path, line: bytes, words: str) -> None:
    async with listening(socket_path(state_dir)) as path:
        reply = await say(path, line)
    assert reply["ok"] is False
    assert words in reply["error"]


async def test_several_questions_may_follow_on_one_connection(state_dir: Path) -> None:
    async with listening(socket_path(state_dir)) as path:
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b'{"command": "status"}\n{"command": "resume"}\n')
        replies = [json.loads(await reader.readline()) for _ in range(2)]
        writer.close()
    assert [reply["ok"] for reply in replies] == [True, False]


async def test_more_clients_than_the_bound_are_turned_away(state_dir: Path) -> None:
    async with listening(socket_path(state_dir)) as path:
        idle = [await asyncio.open_unix_connection(path) for _ in range(CLIENTS_MAX)]
        reply = await say(path, b'{"command": "status"}\n')
        for _, writer in idle:
            writer.close()
        async with asyncio.timeout(5):
            while not (again := await say(path, b'{"command": "status"}\n'))["ok"]:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
    assert "clients ask already" in reply["error"]
    assert again["ok"]


async def test_a_client_that_never_asks_is_let_go(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator_socket, "REQUEST_WITHIN_S", 0.05)
    async with listening(socket_path(state_dir)) as path:
        reader, writer = await asyncio.open_unix_connection(path)
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()


async def test_an_answer_that_takes_too_long_is_given_up(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator_socket, "ANSWER_WITHIN_S", 0.05)
    async with listening(socket_path(state_dir)):
        with pytest.raises(Refused, match="took longer"):
            await asyncio.to_thread(ask, state_dir, "for_ever")


async def test_a_silent_daemon_is_told_from_none(state_dir: Path) -> None:
    async with listening(socket_path(state_dir)):
        with pytest.raises(Hung, match="did not answer within"):
            await asyncio.to_thread(ask, state_dir, "for_ever", within_s=0.1)


async def test_the_socket_is_its_owners_alone(state_dir: Path) -> None:
    async with listening(socket_path(state_dir)) as path:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def stranger(*_: object) -> tuple[int, int, int]:
    return (1, 54321, 54321)


async def test_another_user_is_turned_away_even_with_the_socket_in_his_hand(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(socket_path(state_dir)) as path:
        monkeypatch.setattr(operator_socket.os, "geteuid", lambda: 12345)
        monkeypatch.setattr(operator_socket.struct, "unpack", stranger)
        reply = await say(path, b'{"command": "status"}\n')
    assert "only the user of the daemon and root" in reply["error"]


async def test_nobody_running_is_said_with_what_to_do(state_dir: Path) -> None:
    with pytest.raises(NobodyRuns, match=rf"no pennyd runs on state folder {state_dir}: start one"):
        ask(state_dir, "status")


async def test_the_socket_of_a_dead_daemon_is_replaced(state_dir: Path) -> None:
    path = socket_path(state_dir)
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(path))
    dead.close()
    with pytest.raises(NobodyRuns):
        ask(state_dir, "status")
    task = asyncio.ensure_future(OperatorSocket(path, HANDLERS).run())
    async with asyncio.timeout(5):
        while True:
            try:
                answer = await asyncio.to_thread(ask, state_dir, "status")
                break
            except NobodyRuns:
                await asyncio.sleep(0.005)
    assert answer.result["state"] == "active"
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert not path.exists()


async def test_the_socket_of_a_living_daemon_is_left_alone(state_dir: Path) -> None:
    async with listening(socket_path(state_dir)) as path:
        with pytest.raises(LockHeld, match="another pennyd answers"):
            await OperatorSocket(path, HANDLERS).run()
        assert (await asyncio.to_thread(ask, state_dir, "status")).result["state"] == "active"


async def test_a_file_in_the_way_is_never_removed(state_dir: Path) -> None:
    path = state_dir / "operator"
    path.write_text("mine")
    with pytest.raises((ConfigError, OSError)):
        await OperatorSocket(path, HANDLERS).run()
    assert path.read_text() == "mine"


async def test_leaving_ends_clients_and_removes_the_socket(state_dir: Path) -> None:
    async with listening(socket_path(state_dir)) as path:
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b'{"command": "for_ever"}\n')
        await asyncio.sleep(0.02)
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()
    assert not path.exists()
    assert not path.parent.exists()


def test_the_daemons_own_loop_answers_too(state_dir: Path) -> None:
    async def talk() -> Any:
        async with listening(socket_path(state_dir)):
            return (await asyncio.to_thread(ask, state_dir, "status")).result

    assert uvloop.run(talk())["state"] == "active"
