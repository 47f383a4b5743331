"""Logs: one line an event, to stderr. Events carry ids and names of errors, never a citizen's words or number."""

import io
import logging
import sys
import traceback
from contextlib import suppress
from typing import TextIO, cast

import structlog

LONGEST = 200  # characters of a library's line


def configure(*, json: bool) -> None:
    """Readable lines on a terminal, JSON elsewhere. Libraries speak from WARNING on."""
    renderer = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, Unfailing(sys.stderr))),
    )
    handler = logging.StreamHandler(Unfailing(sys.stderr))
    handler.setFormatter(Discreet())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


class Unfailing(io.TextIOBase):
    """A stream whose disk may be full or whose reader may be gone: a line is lost then, never the work it tells of."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()


class Discreet(logging.Formatter):
    """Libraries quote what they could not read, which may be a citizen's: of each record the first line, and of an
    error its name and where it happened."""

    def format(self, record: logging.LogRecord) -> str:
        line = (record.getMessage().splitlines() or [""])[0][:LONGEST]
        error = record.exc_info[1] if record.exc_info else None
        return f"{record.levelname} {record.name} {line}" + (f" [{_where(error)}]" if error else "")


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = (f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
    return " ".join([type(error).__name__, *places])
