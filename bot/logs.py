"""Logs: one line an event, to stderr. Events carry ids and names of errors, never a citizen's words or number.

Whoever writes a line keeps to that; this is the net below them. What looks like a number or an address is masked in
every line, what is no plain value is told by its type, and fields that would hold words hold none.
"""

import io
import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from pathlib import PurePath
from types import TracebackType
from typing import Any, Final, TextIO, cast

import structlog

LONGEST = 200  # characters of a library's line, and of any value
MASK: Final = "***"
# Fields that would hold somebody's words, name or contact: whatever stands in them is not told.
PRIVATE: Final = frozenset({
    "address", "answer", "body", "chat", "contact", "description", "email", "note", "payload", "phone", "recipient",
    "sender", "text", "words",
})  # fmt: skip
# A telephone number or a chat's id as people and providers write it: 7 to 15 digits, with any blanks or dashes between,
# and no date. A word may stand right before it, but no ticket's number and no hash.
_BETWEEN: Final = r"[ \t\xa0\u2000-\u200a\u202f()./\u2010-\u2015\u2212-]{0,2}"
_NUMBER: Final = re.compile(
    rf"(?<![\d.A-Z])(?<![0-9a-f]{{3}})(?!\d{{4}}-\d\d-\d\d)[+(-]?(?:\d{_BETWEEN}){{6,14}}\d(?!\w)"
)  # fmt: skip
_EMAIL: Final = re.compile(r"[^\s@<>\"']{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


def configure(*, json: bool) -> None:
    """Readable lines on a terminal, JSON elsewhere. Libraries speak from WARNING on."""
    renderer = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            masking,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, Unfailing(sys.stderr))),
    )
    handler = logging.StreamHandler(Unfailing(sys.stderr))
    handler.setFormatter(Discreet())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _unexpected
    threading.excepthook = lambda told: _unexpected(told.exc_type, told.exc_value, told.exc_traceback)


def masking(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor of structlog: the last look at a line before its time is put to it."""
    return {key: MASK if key in PRIVATE and value is not None else _plain(value) for key, value in event.items()}


def masked(text: str) -> str:
    """Without whatever looks like a telephone number, a chat's id or an address of e-mail."""
    return _NUMBER.sub(MASK, _EMAIL.sub(MASK, text))


def _plain(value: object) -> object:
    """What can be told of a value."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str | PurePath):
        return masked(str(value))[:LONGEST]
    if isinstance(value, BaseException):
        return _where(value)
    if isinstance(value, Mapping):
        return {masked(str(key)): MASK if key in PRIVATE else _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return type(value).__name__


def _unexpected(kind: type[BaseException], _error: BaseException | None, trace: TracebackType | None) -> None:
    """In place of Python's own: where it happened and what it is called, not what it says."""
    with suppress(OSError, ValueError):
        sys.stderr.write("".join(traceback.format_tb(trace)) + f"{kind.__name__}\n")


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
        return masked(f"{record.levelname} {record.name} {line}") + (f" [{_where(error)}]" if error else "")


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = (f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
    return " ".join([type(error).__name__, *places])
