"""What is logged, how and where."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from config.form import one_of, whole
from config.section import Section, key
from config.text_form import PATH


class LogLevel(StrEnum):
    """What is worth a line."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LogFormat(StrEnum):
    """How stdout looks; the file is always JSON lines."""

    AUTO = "auto"
    JSON = "json"
    PRETTY = "pretty"


class LogSettings(Section):
    """Table [log]."""

    level: Annotated[LogLevel, one_of(LogLevel)] = key("what is logged", default=LogLevel.INFO)
    format: Annotated[LogFormat, one_of(LogFormat)] = key(
        "how standard output looks; auto is pretty on a terminal and json elsewhere",
        default=LogFormat.AUTO,
    )
    file: Annotated[Path, PATH] = key(
        "the log file; a relative path counts from the state folder",
        default=Path("logs/trading.log"),
    )
    health_file: Annotated[Path, PATH] = key(
        "the health log; a relative path counts from the state folder",
        default=Path("logs/health.log"),
    )
    file_bytes_max: Annotated[int, whole(10_000, 10_000_000_000)] = key(
        "a log file is rotated at this size", default=20_000_000, unit="bytes"
    )
    files_kept: Annotated[int, whole(1, 1_000)] = key(
        "rotated files that are kept", default=5, unit="files"
    )
