"""Sets logging up, once per process: who gets which lines, in which form, without secrets.

JSON lines go to rotating files (`trading.log`, and `health.log` for the logger `health`), the console
gets JSON or lines for people. Libraries that use the standard library's logging come out the same
way. No handler ever raises or waits: what cannot be written is counted in `LogLosses`.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

import msgspec
import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from daemon.adapters.log_console import LogConsole
from daemon.adapters.log_file import LogFile
from daemon.adapters.log_lines import lines_of
from daemon.adapters.log_losses import LogLosses
from daemon.adapters.log_redaction import Redactor

HEALTH: Final = "health"
"""`structlog.get_logger("health")` writes to the health file; to the others from WARNING on."""
CONSOLE_FORMATS: Final = ("auto", "json", "pretty", "none")
_NOISY: Final = ("aiohttp", "asyncio", "picows", "websockets")
"""Libraries whose chatter below WARNING is nobody's business."""
_COLORS: Final = {"warning": "\x1b[33m", "error": "\x1b[31m", "critical": "\x1b[1;31m"}
_PLAIN: Final = "\x1b[0m"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOptions:
    """What is logged, how and where."""

    level: str = "INFO"
    console: str = "auto"
    """`auto` is pretty on a terminal and json elsewhere; `none` while a live view owns the screen."""
    file: Path | None = None
    health_file: Path | None = None
    file_bytes_max: int = 20_000_000
    files_kept: int = 5
    hidden: tuple[str, ...] = ()
    """Texts that must never be written: keys, passphrases."""


def set_up_logging(options: LogOptions, *, stream: TextIO | None = None) -> LogLosses:
    """Configure structlog and the standard library; return the count of lost lines.

    May be called again; the earlier handlers are closed. `stream` is standard output unless given.
    """
    level = logging.getLevelNamesMapping()[options.level.upper()]
    losses = LogLosses()
    before = _processors(Redactor(options.hidden))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            *before,
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    foreign: list[Processor] = [structlog.stdlib.add_log_level, _add_logger_name, *before]
    main = _main_handlers(options, stream or sys.stdout, losses, foreign, level)
    _attach(logging.getLogger(), level, main)
    health = logging.getLogger(HEALTH)
    _attach(health, level, _health_handlers(options, losses, foreign))
    for handler in main:
        handler.addFilter(_is_for_main)
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    return losses


def _processors(redact: Redactor) -> list[Processor]:
    """What happens to every event, ours and foreign, before it is rendered; secrets go last."""
    return [
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact,
    ]


def _main_handlers(
    options: LogOptions,
    stream: TextIO,
    losses: LogLosses,
    foreign: Sequence[Processor],
    level: int,
) -> list[logging.Handler]:
    handlers: list[logging.Handler] = []
    is_terminal = stream.isatty()
    form = options.console
    if form == "auto":
        form = "pretty" if is_terminal else "json"
    if form != "none":
        console = LogConsole(stream, losses=losses)
        pretty = PrettyLines(is_colored=is_terminal, is_verbose=level <= logging.DEBUG)
        console.setFormatter(_formatter(pretty if form == "pretty" else render_json, foreign))
        handlers.append(console)
    if options.file is not None:
        handlers.append(_file(options.file, options, losses, foreign))
    return handlers


def _health_handlers(
    options: LogOptions, losses: LogLosses, foreign: Sequence[Processor]
) -> list[logging.Handler]:
    if options.health_file is None:
        return []
    return [_file(options.health_file, options, losses, foreign)]


def _file(
    path: Path, options: LogOptions, losses: LogLosses, foreign: Sequence[Processor]
) -> LogFile:
    file = LogFile(
        path, bytes_max=options.file_bytes_max, files_kept=options.files_kept, losses=losses
    )
    file.setFormatter(_formatter(render_json, foreign))
    return file


def _formatter(
    render: Callable[[WrappedLogger, str, EventDict], str], foreign: Sequence[Processor]
) -> ProcessorFormatter:
    return ProcessorFormatter(
        processors=[ProcessorFormatter.remove_processors_meta, render],
        foreign_pre_chain=foreign,
        keep_exc_info=False,
    )


def _attach(logger: logging.Logger, level: int, handlers: Sequence[logging.Handler]) -> None:
    for old in tuple(logger.handlers):
        if isinstance(old, LogFile | LogConsole):
            logger.removeHandler(old)
            old.close()
    logger.setLevel(level)
    for handler in handlers:
        logger.addHandler(handler)


def _is_for_main(record: logging.LogRecord) -> bool:
    return record.name != HEALTH or record.levelno >= logging.WARNING


def _add_logger_name(_: WrappedLogger, __: str, event_dict: EventDict) -> EventDict:
    event_dict["logger"] = event_dict["_record"].name
    return event_dict


_encode: Final = msgspec.json.Encoder(enc_hook=str).encode


def render_json(_: WrappedLogger, __: str, event_dict: EventDict) -> str:
    """Return the event as one line of JSON: time, level and name first."""
    first = {key: event_dict.pop(key, None) for key in ("ts", "level", "event")}
    return _encode({**first, **event_dict}).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrettyLines:
    """Renders events for people, with the time of day (UTC) before every line."""

    is_colored: bool
    is_verbose: bool

    def __call__(self, _: WrappedLogger, __: str, event_dict: EventDict) -> str:
        """Return the lines of the event; an empty text is not written."""
        clock = str(event_dict.pop("ts", ""))[11:19]
        level = str(event_dict.pop("level", "info"))
        event = str(event_dict.pop("event", ""))
        exception: Any = event_dict.pop("exception", None)
        lines = lines_of(event, event_dict, is_verbose=self.is_verbose)
        if exception is not None:
            lines += str(exception).splitlines()
        mark = "" if level in {"info", "debug"} else f"{level.upper()} "
        color = _COLORS.get(level, "") if self.is_colored else ""
        end = _PLAIN if color else ""
        return "\n".join(f"{clock} {color}{mark}{line}{end}" for line in lines)
