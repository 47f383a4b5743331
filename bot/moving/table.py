"""A table in a file (CSV), however it is encoded and separated. Its rows come one by one; what is no row is refused
and the next one follows."""

import csv
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from bot.moving.mapping import Plan
from bot.moving.rows import Refused, Row, Why

_MARKS: Final = ((BOM_UTF8, "utf-8-sig"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"))
_SIGNS: Final = ",;\t|"
_BLOCK = 1 << 20  # bytes
_LONGEST_HEADER = 1 << 16  # characters
_OTHERWISE = "windows-1252"  # what is not UTF-8 was mostly written by a spreadsheet


class BadTable(Exception):
    """The file cannot be read as a table; the message says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a table is written, and its columns."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]


def form_of(path: Path, plan: Plan) -> Form:
    """As the mapping says, else found out: a byte order mark, else UTF-8 where all of it is, else windows-1252; of
    comma, semicolon, tab and bar the one that cuts the header into most of the columns that the mapping names. Raises
    BadTable."""
    try:
        encoding = plan.encoding or _encoding_of(path)
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            beginning = file.read(_LONGEST_HEADER)
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeError:
        raise BadTable(f"{path} is not {plan.encoding or encoding}; name its `encoding` in the mapping") from None
    wanted = {name for names in plan.columns.values() for name in names}
    signs = [plan.delimiter] if plan.delimiter else list(_SIGNS)
    cut = {sign: _header(beginning, sign) for sign in signs}
    sign = max(signs, key=lambda one: (len(wanted & set(cut[one])), len(cut[one])))
    return Form(encoding=encoding, delimiter=sign, header=_checked(cut[sign], plan))


def rows(path: Path, form: Form) -> Iterator[Row | Refused]:
    """All but the header, empty lines left out, counted as a spreadsheet does. A letter that the encoding does not know
    becomes U+FFFD."""
    with path.open(encoding=form.encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=form.delimiter)
        next(reader, None)
        at = 1
        while True:
            at += 1
            try:
                cells = next(reader, None)
            except csv.Error:
                yield Refused(at=at, external="", why=Why.BROKEN)
                continue
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield _row(at, cells, form.header)


def _row(at: int, cells: Sequence[str], header: Sequence[str]) -> Row | Refused:
    if len(cells) != len(header):
        return Refused(at=at, external="", why=Why.CELLS)
    return Row(at=at, cells=_filled(header, cells))


def _filled(header: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    return {name: cell for name, cell in zip(header, cells, strict=True) if cell}


def _header(beginning: str, sign: str) -> tuple[str, ...]:
    try:
        return tuple(cell.strip() for cell in next(csv.reader(StringIO(beginning, newline=""), delimiter=sign), ()))
    except csv.Error:
        return ()


def _checked(header: tuple[str, ...], plan: Plan) -> tuple[str, ...]:
    named = [name for name in header if name]
    if not named:
        raise BadTable("The file has no header: its first line must name the columns")
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise BadTable(f"These columns stand twice in the header: {', '.join(twice)}; rename one of each")
    lacking = sorted({
        " or ".join(names) for names in plan.columns.values() if not set(names) & set(named)
    })  # fmt: skip
    if lacking:
        raise BadTable(f"The header lacks: {', '.join(lacking)}; it has: {', '.join(named)}")
    return header


def _encoding_of(path: Path) -> str:
    with path.open("rb") as file:
        block = file.read(_BLOCK)
        for mark, encoding in _MARKS:
            if block.startswith(mark):
                return encoding
        return "utf-8" if _is_utf8(file.read, block) else _OTHERWISE


def _is_utf8(read: Callable[[int], bytes], block: bytes) -> bool:
    decoder = getincrementaldecoder("utf-8")()
    try:
        while block:
            decoder.decode(block)
            block = read(_BLOCK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
