"""The kill file: present means stop, and so does not knowing."""

import asyncio
import os
from pathlib import Path

import pytest

from daemon.engine.inputs import KillSwitchChanged
from daemon.runtime.kill_switch import FILE_NAME, NO_REASON, TEXT_MAX, KillSwitch, clear, engage
from daemon.runtime.reconciler import until

FREE = KillSwitchChanged(is_engaged=False, text="")


class Bench:
    """A kill switch over some folders and what it reported."""

    def __init__(self, *folders: Path, poll_ms: int = 5) -> None:
        self.reports: list[KillSwitchChanged] = []
        self.switch = KillSwitch(folders, report=self.reports.append, poll_ms=poll_ms)

    def poll(self) -> list[KillSwitchChanged]:
        self.switch.poll()
        reports, self.reports[:] = list(self.reports), []
        return reports


def engaged(text: str) -> list[KillSwitchChanged]:
    return [KillSwitchChanged(is_engaged=True, text=text)]


@pytest.mark.requirement("S3-040")
def test_a_file_that_appears_is_reported_once_with_its_text(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    assert bench.poll() == []
    assert not bench.switch.is_engaged()
    (tmp_path / FILE_NAME).write_text("Emergency stop\n")
    assert bench.switch.is_engaged()
    assert bench.poll() == engaged("Emergency stop")
    assert bench.poll() == []
    (tmp_path / FILE_NAME).unlink()
    assert bench.poll() == [FREE]


@pytest.mark.requirement("S3-040")
def test_an_empty_file_counts_too(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    assert Bench(tmp_path).poll() == engaged(NO_REASON)


def test_a_file_that_is_there_at_the_start_is_reported_by_the_first_look(tmp_path: Path) -> None:
    engage(tmp_path, "from before")
    assert Bench(tmp_path).poll() == engaged("from before")


def test_any_of_the_folders_engages(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    bench = Bench(one, other, one)
    assert bench.switch.paths == (one / FILE_NAME, other / FILE_NAME)
    engage(other, "x")
    assert bench.switch.engaged_by() == other / FILE_NAME
    engage(one, "y")
    assert bench.poll() == engaged("y")
    (one / FILE_NAME).unlink()
    assert bench.switch.is_engaged()


def test_a_folder_that_is_not_there_engages_nothing(tmp_path: Path) -> None:
    assert not Bench(tmp_path / "missing").switch.is_engaged()


def test_a_folder_that_cannot_be_looked_into_counts_as_engaged(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    bench = Bench(tmp_path / "file")
    assert bench.switch.is_engaged()
    (report,) = bench.poll()
    assert report.is_engaged
    assert "cannot be read" in report.text


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_an_unreadable_folder_counts_as_engaged(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o000)
    assert Bench(folder).switch.is_engaged()
    folder.chmod(0o700)


@pytest.mark.parametrize("kind", ["link to nothing", "link to a file", "link to itself", "folder"])
def test_whatever_bears_the_name_engages(tmp_path: Path, kind: str) -> None:
    path = tmp_path / FILE_NAME
    match kind:
        case "link to nothing":
            path.symlink_to(tmp_path / "nowhere")
        case "link to a file":
            (tmp_path / "text").write_text("linked")
            path.symlink_to(tmp_path / "text")
        case "link to itself":
            path.symlink_to(path)
        case _:
            path.mkdir()
    (report,) = Bench(tmp_path).poll()
    assert report.is_engaged
    assert report.text == "linked" if kind == "link to a file" else "cannot be read" in report.text


def test_the_folder_may_be_reached_over_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    bench = Bench(link, real)
    assert len(bench.switch.paths) == 1
    engage(link, "x")
    assert bench.switch.is_engaged()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"two\nlines \t of  text\n", "two lines of text"),
        (b"\x00\x00", NO_REASON),
        (b"a\x00b\x1b[31mred", "a b [31mred"),
        (b"\xff\xfe?", "\N{REPLACEMENT CHARACTER}" * 2 + "?"),
        (b"x" * 10_000, "x" * TEXT_MAX),
        ("Größe ✓".encode(), "Größe ✓"),
    ],
)
def test_any_content_becomes_one_printable_line(tmp_path: Path, content: bytes, text: str) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert Bench(tmp_path).poll() == engaged(text)


@pytest.mark.requirement("S3-036")
async def test_the_watch_sees_a_file_within_a_second(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    task = asyncio.create_task(bench.switch.run())
    await asyncio.sleep(0.02)
    assert bench.reports == []
    engage(tmp_path, "now")
    assert await until(lambda: bool(bench.reports), within_s=1)
    task.cancel()
    await asyncio.wait([task])
    assert bench.reports == engaged("now")


@pytest.mark.requirement("S3-037")
def test_engaging_writes_the_reason_even_where_no_folder_is_yet(tmp_path: Path) -> None:
    path = engage(tmp_path / "new" / "state", "  because  ")
    assert path.read_text() == "because\n"
    assert engage(tmp_path, "  ").read_text() == f"{NO_REASON}\n"
    assert engage(tmp_path, "not \udcff utf-8").read_text() == "not ? utf-8\n"


def test_clearing_removes_the_files_and_says_which(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    bench = Bench(one, other)
    engage(other, "x")
    assert clear(bench.switch.paths) == (other / FILE_NAME,)
    assert clear(bench.switch.paths) == ()
    assert not bench.switch.is_engaged()
