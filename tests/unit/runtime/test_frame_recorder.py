"""Frames are recorded byte for byte, and whatever goes wrong ends their recording and nothing else."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from daemon.domain.received import Received, ReceivedKind
from daemon.domain.units import Nanos
from daemon.errors import RecordingUnreadable
from daemon.runtime import disk_queue
from daemon.runtime.frame_recorder import FrameRecorder
from daemon.runtime.recording.frame_reader import FrameReader
from daemon.runtime.recording.frame_writer import FrameWriter
from daemon.runtime.recording.packed_series import RecordingBounds
from daemon.runtime.recording.reader import RecordingReader
from daemon.runtime.recording.received_codec import received_from, received_line
from tests.builders import START

PLENTY = RecordingBounds(file_bytes_max=10**9, total_bytes_max=10**12)
LITTLE = RecordingBounds(file_bytes_max=500, total_bytes_max=10**12)
FRAME = ReceivedKind.FRAME
PAYLOADS = (
    b'{"event_type":"book", "price":".48"}',
    b"PONG",
    'with "quotes", \\ and ü\n'.encode(),
    b"",
    b"\xff\xfe no text \x00\n",
)


class HangingWriter(FrameWriter):
    """A disk that answers when the test lets it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, (), PLENTY)
        self.may_go_on = threading.Event()

    def write(self, items: Sequence[Received]) -> None:
        self.may_go_on.wait()
        super().write(items)


class FullDisk(FrameWriter):
    """A disk that takes one write."""

    writes = 1

    def write(self, items: Sequence[Received]) -> None:
        if not self.writes:
            raise OSError(28, "No space left on device")
        self.writes -= 1
        super().write(items)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_queue, "WRITE_EVERY_S", 0.001)


def recorded(
    writer: FrameWriter, frames: Sequence[bytes], *, waiting_bytes_max: int = 10**9
) -> FrameRecorder:
    """Record frames over one connection that comes up before and is lost after."""
    recorder = FrameRecorder(writer, waiting_bytes_max=waiting_bytes_max)
    with recorder:
        tap = recorder.tap("market_feed")
        tap(ReceivedKind.UP, b"ws://venue", START)
        for number, frame in enumerate(frames):
            tap(FRAME, frame, Nanos(START + number))
        tap(ReceivedKind.LOST, b"closed", START)
        if isinstance(writer, HangingWriter):
            writer.may_go_on.set()
    return recorder


def payloads(folder: Path) -> list[bytes]:
    return [item.payload for item in FrameReader(folder).received()]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_payload_comes_back_byte_for_byte_from_one_line(payload: bytes) -> None:
    item = Received(START, FRAME, "market_feed[0]", payload)
    line = received_line(item)
    assert line.count(b"\n") == 1
    assert received_from(line) == item


def test_a_line_that_is_none_of_ours_is_refused() -> None:
    for text in (b"{}", b"[1]", b'[1,"moon","x","y"]', b"\xff"):
        with pytest.raises(RecordingUnreadable, match="a frame is garbled"):
            received_from(text)


def test_frames_come_back_in_order_with_times_and_news_of_the_connection(tmp_path: Path) -> None:
    recorder = recorded(FrameWriter(tmp_path / "f", (b"{}\n",), PLENTY), PAYLOADS)
    reader = FrameReader(tmp_path / "f")
    assert list(reader.start_lines()) == [b"{}"]
    found = list(reader.received())
    assert [item.payload for item in found] == [b"ws://venue", *PAYLOADS, b"closed"]
    assert [item.kind for item in found] == ["up", *["frame"] * len(PAYLOADS), "lost"]
    assert [item.at for item in found[1:-1]] == [START + n for n in range(len(PAYLOADS))]
    assert reader.index.is_ended
    assert not reader.is_torn
    assert (recorder.frames, recorder.queue.count) == (len(PAYLOADS), len(PAYLOADS) + 2)
    assert (recorder.queue.missed, recorder.queue.incomplete_from) == (0, None)


def test_connections_are_told_apart_by_number(tmp_path: Path) -> None:
    recorder = FrameRecorder(FrameWriter(tmp_path / "f", (), PLENTY), waiting_bytes_max=10**6)
    with recorder:
        for _ in range(3):
            recorder.tap("market_feed")(FRAME, b"{}", START)
    sources = [item.source for item in FrameReader(tmp_path / "f").received()]
    assert sources == ["market_feed[0]", "market_feed[1]", "market_feed[2]"]


def test_files_are_of_bounded_size_and_the_index_says_what_each_holds(tmp_path: Path) -> None:
    frames = [b'{"number":%d}' % number for number in range(2_000)]
    recorder = recorded(FrameWriter(tmp_path / "f", (), LITTLE), frames)
    files = FrameReader(tmp_path / "f").index.files
    assert len(files) > 2
    assert [file.first for file in files] == [1, *(file.last + 1 for file in files[:-1])]
    assert files[-1].last == recorder.queue.count
    assert payloads(tmp_path / "f")[1:-1] == frames


def test_what_waits_is_bounded_in_bytes_and_the_overflow_is_counted(tmp_path: Path) -> None:
    frames = [b"x" * 1_000] * 50
    recorder = recorded(HangingWriter(tmp_path / "f"), frames, waiting_bytes_max=20_500)
    first_missing = recorder.queue.incomplete_from
    assert first_missing == 22, "the connection, and twenty frames of a thousand bytes"
    assert recorder.queue.missed == 52 - 21
    assert recorder.frames == 50
    assert payloads(tmp_path / "f")[1:] == frames[:20]
    index = FrameReader(tmp_path / "f").index
    assert (index.incomplete_from, index.missed) == (first_missing, 31)
    assert index.reason == "more than 20500 bytes waited for the disk"


def test_a_full_disk_ends_it_and_what_was_written_stays_readable(tmp_path: Path) -> None:
    recorder = recorded(FullDisk(tmp_path / "f", (), PLENTY), [b"{}"] * 500)
    whole = payloads(tmp_path / "f")
    assert recorder.queue.incomplete_from == len(whole) + 1 > 1
    assert "No space left" in FrameReader(tmp_path / "f").index.reason


def test_the_bound_on_the_whole_names_its_setting(tmp_path: Path) -> None:
    bounds = RecordingBounds(file_bytes_max=500, total_bytes_max=1_000, total_key="the.key")
    frames = [b'{"number":%d}' % number for number in range(20_000)]
    recorder = recorded(FrameWriter(tmp_path / "f", (), bounds), frames)
    assert recorder.queue.incomplete_from == len(payloads(tmp_path / "f")) + 1 < 20_000
    assert "(the.key)" in FrameReader(tmp_path / "f").index.reason


def test_steps_and_frames_are_not_taken_for_each_other(tmp_path: Path) -> None:
    recorded(FrameWriter(tmp_path / "f", (), PLENTY), [])
    with pytest.raises(RecordingUnreadable, match=r"reads 'pennyd recording'.*runs/RUN/recording,"):
        RecordingReader(tmp_path / "f")


def test_a_folder_that_holds_frames_is_not_written_over(tmp_path: Path) -> None:
    recorded(FrameWriter(tmp_path / "f", (), PLENTY), [b"{}"])
    with pytest.raises(FileExistsError):
        FrameWriter(tmp_path / "f", (), PLENTY)
    assert payloads(tmp_path / "f")[1:-1] == [b"{}"]
