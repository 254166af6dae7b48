"""The exchange as a process: one ready line, and an end when it is time."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(repository: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def run(*flags: str, **more: Any) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "daemon.exchange", *flags]
        options: dict[str, Any] = {"stdin": subprocess.PIPE} | more
        process = subprocess.Popen(
            command,
            cwd=repository,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def ready_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def answers(ready: dict[str, Any]) -> bool:
    with urlopen(f"{ready['clob']}/ok", timeout=5) as reply:
        return reply.read() == b'"OK"'


def test_one_line_says_all_a_client_needs(start: Start) -> None:
    ready = ready_line(start("--tape", "nhl", "--speed", "10", "--minutes", "10", "--child"))
    assert ready["tape"] == "nhl"
    assert ready["market_ws"].startswith("ws://127.0.0.1:")
    assert ready["origin_at"] == 1_780_795_851_472_000_000
    assert ready["ends_at"] == ready["origin_at"] + 600_000_000_000
    assert ready["frames"] == 56_736
    assert len(ready["markets"]) == 6
    assert set(ready["markets"][0]) == {
        "condition_id", "slug", "token_ids", "outcomes", "tick_size", "min_order_size", "neg_risk",
        "version",
    }  # fmt: skip
    assert ready["accounts"] == []
    assert "MIT" in ready["attribution"]
    assert answers(ready)


def test_it_ends_when_its_parent_does(start: Start) -> None:
    process = start("--child")
    assert answers(ready_line(process))
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=10) == 0


def test_it_ends_on_sigterm_and_leaves_ctrl_c_to_the_parent(start: Start) -> None:
    process = start("--child")
    ready = ready_line(process)
    process.send_signal(signal.SIGINT)
    assert answers(ready)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0


def test_alone_it_ends_on_ctrl_c_and_needs_no_standard_input(start: Start) -> None:
    process = start(stdin=subprocess.DEVNULL)
    assert answers(ready_line(process))
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 0


def test_starting_later_says_where_it_starts(start: Start) -> None:
    ready = ready_line(start("--tape", "nhl", "--start-at", "1780795900000000000", "--speed", "0"))
    assert 0 <= ready["origin_at"] - 1_780_795_900_000_000_000 < 1_000_000_000
    assert ready["frames"] is None


def test_without_a_tape_the_line_names_markets_of_every_kind_and_the_accounts(start: Start) -> None:
    wallet = "0x" + "1a" * 20
    ready = ready_line(
        start("--quiet", "--child", "--seed", "7", "--fund", f"{wallet}={wallet}:25.5")
    )
    assert "tape" not in ready
    kinds = {(m["tick_size"], m["neg_risk"], m["version"]) for m in ready["markets"]}
    assert kinds == {
        ("0.01", False, "2"), ("0.001", False, "2"), ("0.01", True, "2"), ("0.01", False, "3"),
    }  # fmt: skip
    (account,) = ready["accounts"]
    assert account["wallet"] == account["owner"]
    assert account["wallet"].lower() == wallet
    assert (account["signature_type"], account["usd"]) == (0, "25.50")
    assert answers(ready)


@pytest.mark.parametrize(
    "flags, text", [(("--tape", "nobody"), "no such tape"), (("--speed", "99"), "--speed 99")]
)
def test_what_cannot_work_ends_with_one_line_and_code_two(
    start: Start, flags: tuple[str, ...], text: str
) -> None:
    process = start(*flags)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 2
    assert text in errors
    assert errors.count("\n") == 1


def test_a_tape_that_breaks_off_ends_with_one_line_and_code_two(
    start: Start, small_tape: Callable[[int], str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.tape.gz"
    broken.write_bytes(Path(small_tape(50)).read_bytes()[:-40])
    process = start("--tape", str(broken), "--start-at", "9000000000000000000")
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "build it again" in errors


def test_a_taken_port_is_named_in_one_line(start: Start) -> None:
    ready = ready_line(start("--child"))
    port = ready["clob"].rsplit(":", 1)[1]
    process = start("--port", port)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 2
    assert f"--port {port}" in errors
    assert errors.count("\n") == 1


def test_a_given_port_is_the_first_of_those_of_all_services(start: Start) -> None:
    for first in range(42_000, 43_000, 50):
        process = start("--port", str(first), "--child")
        assert process.stdout is not None
        if line := process.stdout.readline():
            break
    else:
        pytest.skip("no free ports in a row")
    ready = json.loads(line)
    ports = [
        ready[name].rpartition(":")[2].partition("/")[0] for name in ("clob", "gamma", "market_ws")
    ]
    assert ports == [str(first), str(first + 1), str(first + 2)]
