"""Whether a run is recorded for a replay, and how much of the disk that may take."""

from typing import Annotated

from config.form import FLAG, whole
from config.section import Section, key
from daemon.runtime.recording.packed_series import RecordingBounds


class RecordingSettings(Section):
    """Table [recording]."""

    is_enabled: Annotated[bool, FLAG] = key(
        "record every step for pennyd replay, in runs/RUN/recording of the state folder",
        default=False,
    )
    has_frames: Annotated[bool, FLAG] = key(
        "a recording holds every frame as received, too, for pennyd tape", default=True
    )
    file_bytes_max: Annotated[int, whole(10_000, 10_000_000_000)] = key(
        "a file of the recording is followed by another one at this size",
        default=64_000_000,
        unit="bytes",
    )
    total_bytes_max: Annotated[int, whole(10_000, 10_000_000_000_000)] = key(
        "the recording ends at this size: a replay needs it from the first step on",
        default=4_000_000_000,
        unit="bytes",
    )
    steps_waiting_max: Annotated[int, whole(100, 10_000_000)] = key(
        "steps that may wait for the disk; more end the recording", default=50_000, unit="steps"
    )
    frames_total_bytes_max: Annotated[int, whole(10_000, 10_000_000_000_000)] = key(
        "the frames of a recording, or of pennyd record, end at this size",
        default=16_000_000_000,
        unit="bytes",
    )
    frames_waiting_bytes_max: Annotated[int, whole(100_000, 10_000_000_000)] = key(
        "frames that may wait for the disk; more end the recording of frames",
        default=64_000_000,
        unit="bytes",
    )

    @property
    def bounds(self) -> RecordingBounds:
        """How much of the steps may lie on the disk."""
        return RecordingBounds(
            file_bytes_max=self.file_bytes_max, total_bytes_max=self.total_bytes_max
        )

    @property
    def frame_bounds(self) -> RecordingBounds:
        """How much of the frames may lie on the disk."""
        return RecordingBounds(
            file_bytes_max=self.file_bytes_max,
            total_bytes_max=self.frames_total_bytes_max,
            total_key="recording.frames_total_bytes_max",
        )
