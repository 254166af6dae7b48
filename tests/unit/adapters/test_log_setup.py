"""Who gets which lines, and that no trouble of theirs is ours."""

import io
import json
import logging
import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import structlog

from daemon.adapters import log_file
from daemon.adapters.log_console import LogConsole
from daemon.adapters.log_file import LogFile
from daemon.adapters.log_losses import LogLosses
from daemon.adapters.log_setup import LogOptions, set_up_logging


@pytest.fixture(autouse=True)
def logging_put_back() -> Generator[None]:
    root = logging.getLogger()
    level = root.level
    yield
    for logger in (root, logging.getLogger("health")):
        for handler in tuple(logger.handlers):
            if isinstance(handler, LogFile | LogConsole):
                logger.removeHandler(handler)
                handler.close()
    root.setLevel(level)
    structlog.reset_defaults()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.requirement("S0-054", "S2-082", "S2-087")
def test_events_go_to_the_file_and_to_standard_output_as_json_lines(tmp_path: Path) -> None:
    stream, file = io.StringIO(), tmp_path / "logs" / "trading.log"
    losses = set_up_logging(LogOptions(file=file), stream=stream)
    log = structlog.get_logger("pennyd").bind(run="run-1")
    log.info("order.sent", seq=7, side="BUY", price="0.45")
    log.debug("book.resynced", seq=8)
    (line,) = read(file)
    assert line == json.loads(stream.getvalue())
    assert list(line)[:3] == ["ts", "level", "event"]
    assert line["ts"].endswith("Z")
    assert {key: line[key] for key in ("level", "event", "run", "seq", "price")} == {
        "level": "info",
        "event": "order.sent",
        "run": "run-1",
        "seq": 7,
        "price": "0.45",
    }
    assert losses.lines == 0
    assert (file.stat().st_mode & 0o777) == 0o600


def test_a_terminal_gets_sentences_and_a_pipe_does_not() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        set_up_logging(LogOptions(), stream=stream)
        structlog.get_logger().warning("trading.paused", reason="feed_lost")
        structlog.get_logger().info("decision.made", submits=1)
    (line,) = terminal.getvalue().splitlines()
    assert "WARNING Trading paused: feed_lost" in line
    assert [json.loads(text)["event"] for text in pipe.getvalue().splitlines()] == [
        "trading.paused",
        "decision.made",
    ]


def test_the_console_can_be_told_to_be_silent_or_pretty() -> None:
    silent, pretty = Terminal(), io.StringIO()
    set_up_logging(LogOptions(console="none"), stream=silent)
    structlog.get_logger().error("trading.halted", reason="operator")
    set_up_logging(LogOptions(console="pretty", level="DEBUG"), stream=pretty)
    structlog.get_logger().info("decision.made", submits=1)
    assert silent.getvalue() == ""
    assert pretty.getvalue()[9:] == "decision.made submits=1\n"


@pytest.mark.requirement("S3-068")
def test_health_has_a_file_of_its_own_and_only_its_troubles_go_to_the_others(
    tmp_path: Path,
) -> None:
    stream, health = io.StringIO(), tmp_path / "logs" / "health.log"
    set_up_logging(LogOptions(health_file=health, file=tmp_path / "trading.log"), stream=stream)
    log = structlog.get_logger("health")
    log.info("health.checked", ok=True)
    log.warning("health.failed", ok=False)
    structlog.get_logger().info("order.sent")
    assert [line["event"] for line in read(health)] == ["health.checked", "health.failed"]
    events = [line["event"] for line in read(tmp_path / "trading.log")]
    assert events == ["health.failed", "order.sent"]


def test_libraries_come_out_the_same_way_and_their_chatter_does_not(tmp_path: Path) -> None:
    stream = io.StringIO()
    set_up_logging(LogOptions(hidden=("hunter2-hunter2",)), stream=stream)
    logging.getLogger("aiohttp.access").info("GET /healthz")
    logging.getLogger("asyncio").warning("took %s with %s", "0.3 s", "hunter2-hunter2")
    (line,) = [json.loads(text) for text in stream.getvalue().splitlines()]
    assert (line["level"], line["logger"]) == ("warning", "asyncio")
    assert line["event"] == "took 0.3 s with ***"


@pytest.mark.requirement("S2-093")
def test_a_traceback_is_one_line_without_the_secret() -> None:
    stream = io.StringIO()
    set_up_logging(LogOptions(hidden=("hunter2-hunter2",)), stream=stream)
    try:
        raise ValueError("password hunter2-hunter2")
    except ValueError:
        structlog.get_logger().exception("task.failed")
    (text,) = stream.getvalue().splitlines()
    assert "hunter2" not in text
    assert "Traceback" in json.loads(text)["exception"]


def test_files_rotate_by_size_and_the_oldest_goes(tmp_path: Path) -> None:
    file = tmp_path / "trading.log"
    set_up_logging(LogOptions(console="none", file=file, file_bytes_max=2_000, files_kept=2))
    for number in range(200):
        structlog.get_logger().info("order.sent", number=number)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["trading.log", "trading.log.1", "trading.log.2"]
    assert all(path.stat().st_size <= 2_000 for path in tmp_path.iterdir())
    older, old, now = (read(tmp_path / name) for name in reversed(files))
    numbers = [line["number"] for line in (*older, *old, *now)]
    assert numbers == list(range(numbers[0], 200))


def test_setting_up_again_closes_what_was_open_before(tmp_path: Path) -> None:
    first, second = tmp_path / "a.log", tmp_path / "b.log"
    set_up_logging(LogOptions(console="none", file=first))
    structlog.get_logger().info("order.sent")
    set_up_logging(LogOptions(console="none", file=second))
    structlog.get_logger().info("order.accepted")
    assert [line["event"] for line in (*read(first), *read(second))] == [
        "order.sent",
        "order.accepted",
    ]


def test_a_full_disk_is_counted_and_the_log_goes_on_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "RETRY_S", 0.05)
    link = tmp_path / "trading.log"
    link.symlink_to("/dev/full")
    losses = set_up_logging(LogOptions(console="none", file=link))
    log = structlog.get_logger()
    log.info("order.sent", number=1)
    log.info("order.sent", number=2)
    assert losses.lines == 2
    link.unlink()
    time.sleep(0.06)
    log.info("order.sent", number=3)
    assert [line["number"] for line in read(link)] == [3]


def test_a_folder_that_cannot_be_made_is_no_reason_not_to_trade() -> None:
    losses = set_up_logging(LogOptions(console="none", file=Path("/proc/nowhere/trading.log")))
    structlog.get_logger().info("order.sent")
    assert losses.lines == 1


def test_a_reader_that_stands_still_costs_lines_and_no_time() -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w", encoding="utf-8") as stream, os.fdopen(reader) as back:
        losses = set_up_logging(LogOptions(console="json"), stream=stream)
        for number in range(5_000):
            structlog.get_logger().info("order.sent", number=number)
        assert losses.lines > 0
        os.set_blocking(back.fileno(), False)
        written = back.read().splitlines()
        assert len(written) + losses.lines == 5_000
        assert json.loads(written[-1])["number"] == len(written) - 1


def test_a_record_that_cannot_be_formatted_costs_one_line(tmp_path: Path) -> None:
    class Broken:
        def __str__(self) -> str:
            raise ValueError("no words")

    losses = LogLosses()
    file = LogFile(tmp_path / "x.log", bytes_max=1_000, files_kept=1, losses=losses)
    for text in ("%s", "fine"):
        args = (Broken(),) if text == "%s" else ()
        file.emit(logging.LogRecord("x", logging.INFO, "x", 1, text, args, None))
    file.close()
    assert losses.lines == 1
    assert (tmp_path / "x.log").read_text(encoding="utf-8") == "fine\n"
