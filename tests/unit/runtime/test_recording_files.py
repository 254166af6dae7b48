"""What was written is read back; what is torn ends at its last whole step; what is not ours is refused."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.domain.units import Nanos
from daemon.engine.inputs import Pulse
from daemon.errors import RecordingUnreadable
from daemon.runtime.recording import packed_file
from daemon.runtime.recording.codec import RecordedStep
from daemon.runtime.recording.packed_series import RecordingBounds, RecordingFull
from daemon.runtime.recording.reader import RecordingReader
from daemon.runtime.recording.writer import RecordingWriter
from tests.builders import START
from tests.unit.runtime.every_event import EVERY_EVENT

PLENTY = RecordingBounds(file_bytes_max=10**9, total_bytes_max=10**12)
LITTLE = RecordingBounds(file_bytes_max=1_000, total_bytes_max=10**12)
START_LINES = (b'{"version":"1"}\n', b"{}\n")


def steps(first: int, last: int) -> list[RecordedStep]:
    return [
        RecordedStep(
            number=number,
            now=Nanos(START + number),
            events=(EVERY_EVENT[number % len(EVERY_EVENT)], Pulse()),
            line=b'{"step":%d}\n' % number if number % 3 == 0 else None,
            venue_order_ids=(),
        )
        for number in range(first, last + 1)
    ]


def written(folder: Path, bounds: RecordingBounds = PLENTY, *, last: int = 200) -> RecordingWriter:
    writer = RecordingWriter(folder, START_LINES, bounds)
    for first in range(1, last + 1, 20):
        writer.write(steps(first, min(first + 19, last)))
    return writer


def killed(folder: Path, bounds: RecordingBounds = PLENTY) -> None:
    """Leave a recording as kill -9 does: the last file without its end, and not in the index."""
    written(folder, bounds)._series.abandon()


def index_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "index.json").read_text())


def read(folder: Path) -> Iterator[RecordedStep]:
    return RecordingReader(folder).steps()


def test_all_steps_come_back_in_order(tmp_path: Path) -> None:
    written(tmp_path / "r").close()
    reader = RecordingReader(tmp_path / "r")
    assert list(reader.start_lines()) == [line.rstrip(b"\n") for line in START_LINES]
    assert list(reader.steps()) == steps(1, 200)
    assert not reader.is_torn
    assert reader.index.is_ended
    assert (reader.index.decisions, reader.index.incomplete_from) == (66, None)


def test_files_are_of_bounded_size_and_the_index_says_what_each_holds(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    written(folder, LITTLE).close()
    files = index_of(folder)["files"]
    assert len(files) > 2
    assert [file["first_step"] for file in files[1:]] == [f["last_step"] + 1 for f in files[:-1]]
    for file in files:
        assert (folder / file["name"]).stat().st_size == file["bytes"] < 3_000
        assert file["first_at"] == START + file["first_step"]
        assert file["last_at"] == START + file["last_step"]
    assert list(read(folder)) == steps(1, 200)


def test_any_tool_that_reads_gzip_reads_a_finished_file(tmp_path: Path) -> None:
    written(tmp_path / "r").close()
    text = gzip.decompress((tmp_path / "r" / "steps-000001.jsonl.gz").read_bytes())
    assert [json.loads(line)[0] for line in text.splitlines()] == [*range(1, 201)]


def test_the_bound_on_the_whole_ends_the_recording_and_keeps_its_beginning(tmp_path: Path) -> None:
    bounds = RecordingBounds(file_bytes_max=1_000, total_bytes_max=4_000)
    with pytest.raises(RecordingFull, match="total_bytes_max"):
        written(tmp_path / "r", bounds, last=10_000)
    sizes = [path.stat().st_size for path in (tmp_path / "r").glob("*.gz")]
    assert 4_000 <= sum(sizes) < 8_000
    assert next(read(tmp_path / "r")).number == 1


@pytest.mark.parametrize("bounds", [PLENTY, LITTLE])
def test_a_killed_process_loses_nothing_that_was_written(
    tmp_path: Path, bounds: RecordingBounds
) -> None:
    killed(tmp_path / "r", bounds)
    reader = RecordingReader(tmp_path / "r")
    assert list(reader.steps()) == steps(1, 200)
    assert reader.is_torn
    assert not reader.index.is_ended


def test_a_file_torn_anywhere_counts_up_to_its_last_whole_step(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    killed(folder)
    file = folder / "steps-000001.jsonl.gz"
    whole = file.read_bytes()
    counts: list[int] = []
    for length in range(0, len(whole), 97):
        file.write_bytes(whole[:length])
        reader = RecordingReader(folder)
        found = list(reader.steps())
        assert found == steps(1, len(found))
        assert reader.is_torn
        counts.append(len(found))
    assert counts == sorted(counts)
    assert (counts[0], counts[-1] > 150) == (0, True)


def test_garbage_at_the_end_of_a_torn_file_is_left_out(tmp_path: Path) -> None:
    killed(tmp_path / "r")
    with (tmp_path / "r" / "steps-000001.jsonl.gz").open("ab") as file:
        file.write(b"\xff" * 500)
    assert list(read(tmp_path / "r")) == steps(1, 200)


def test_a_failed_write_leaves_what_the_disk_had_taken(tmp_path: Path) -> None:
    writer = written(tmp_path / "r")
    writer.abandon(incomplete_from=201, reason="no space left")
    reader = RecordingReader(tmp_path / "r")
    assert list(reader.steps()) == steps(1, 200)
    assert (reader.index.incomplete_from, reader.index.reason) == (201, "no space left")


def test_one_changed_byte_in_a_finished_file_is_found(tmp_path: Path) -> None:
    written(tmp_path / "r").close()
    file = tmp_path / "r" / "steps-000001.jsonl.gz"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(
        RecordingUnreadable, match=r"steps-000001.jsonl.gz is not what was recorded"
    ):
        list(read(tmp_path / "r"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    written(tmp_path / "r", LITTLE).close()
    (tmp_path / "r" / "steps-000002.jsonl.gz").unlink()
    with pytest.raises(RecordingUnreadable, match=r"steps-000002.jsonl.gz cannot be read"):
        list(read(tmp_path / "r"))


def test_a_missing_step_is_named(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "r", START_LINES, PLENTY)
    writer.write([*steps(1, 3), *steps(5, 6)])
    writer.close()
    with pytest.raises(RecordingUnreadable, match="step 4 is missing, 5 follows"):
        list(read(tmp_path / "r"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no index of a recording"),
        ("[]", "no index of a recording"),
        ('{"start": {"name": "x", "bytes": 1, "sha256": ""}, "version": 99}', "version 99"),
        ('{"start": {"name": "x", "bytes": 1, "sha256": ""}, "format": "tape"}', "'tape'"),
    ],
)
def test_a_foreign_index_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "index.json").write_text(text)
    with pytest.raises(RecordingUnreadable, match=said):
        RecordingReader(tmp_path)


def test_a_folder_without_an_index_and_no_folder_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingUnreadable, match=r"holds no index.json"):
        RecordingReader(tmp_path)
    with pytest.raises(RecordingUnreadable, match="is no folder"):
        RecordingReader(tmp_path / "none")


@pytest.mark.parametrize(
    "content", [b"", b"plain words", gzip.compress(b"no end of line", mtime=0)]
)
def test_a_file_that_is_none_of_ours_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(RecordingUnreadable, match="garbled or no file of a recording"):
        list(packed_file.packed_lines(path, may_be_torn=False))


def test_what_follows_a_finished_file_makes_it_foreign(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(b"line\n") + b"more")
    with pytest.raises(RecordingUnreadable, match="garbled"):
        list(packed_file.packed_lines(path, may_be_torn=True))


def test_an_endless_line_is_not_read_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_file, "LINE_BYTES_MAX", 1_000)
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(b"a" * 1_000_000))
    with pytest.raises(RecordingUnreadable, match="one endless line"):
        list(packed_file.packed_lines(path, may_be_torn=True))
