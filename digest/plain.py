"""The digest as plain text, 72 columns wide, for who reads mail without HTML."""

import textwrap
from collections.abc import Iterator, Sequence

from digest.report import Key, Report, Row, Section, Table, narrowed
from digest.voice import DASH, Voice
from digest.words import BEFORE, BEFORE_PERIOD, NOW, NOW_PERIOD, USUAL

WIDTH = 72
_NAME = 17  # columns of a name beside numbers
_FEW = 3  # columns that leave room for long names
_GAP = 2


def plain(report: Report, voice: Voice, *, week: bool) -> str:
    """Lines end without spaces."""
    return "\n".join(line.rstrip() for line in _lines(report, voice, week=week)) + "\n"


def _lines(report: Report, voice: Voice, *, week: bool) -> Iterator[str]:
    yield from (*_wrapped(report.title.upper()), *_wrapped(report.subtitle), "")
    for warning in report.warnings:
        yield from (*_wrapped(warning), "")
    for rank, sentence in enumerate(report.sentences, 1):
        yield from _wrapped(sentence, first=f"{rank}. ", after="   ")
    yield ""
    yield from (line for key in report.keys for line in _key(key))
    kinds = tuple(
        voice.say(source) for source in ((NOW, BEFORE, USUAL) if week else (NOW_PERIOD, BEFORE_PERIOD, USUAL))
    )
    for section in report.sections:
        if section.title:
            yield from ("", section.title.upper(), "-" * WIDTH, *_section(section, kinds, voice))
    yield from ("", report.unknown.title.upper(), "-" * WIDTH)
    for note in report.unknown.notes:
        yield from _wrapped(note, first="* ", after="  ")
    yield from ("", *_wrapped(report.made))


def _key(key: Key) -> Iterator[str]:
    """One number, and what it is compared with."""
    first = f"  {narrowed(key.label, 28):<28}{' '.join(each for each in (key.value, key.note) if each)}"
    yield from _wrapped(first + (f"  [{key.mark}]" if key.mark else ""), after=" " * 30)
    if key.was:
        yield from _wrapped(key.was, first=" " * 30, after=" " * 30)


def _section(section: Section, kinds: Sequence[str], voice: Voice) -> Iterator[str]:
    for at, table in enumerate(section.tables):
        yield from [""] if at else []
        yield from _wrapped(table.title) if table.title else []
        yield from _table(table, kinds, voice) if table.rows else _wrapped(table.empty)
        yield from (line for note in table.notes for line in _wrapped(note))
    yield from _wrapped(" ".join(section.notes[2:]))
    for picture in section.pictures:
        yield from ("", *_wrapped(voice.pair(picture.title, picture.alt))) if picture.drawn == "ages" else ()


def _table(table: Table, kinds: Sequence[str], voice: Voice) -> Iterator[str]:
    if table.words > 1:
        return _entries(table, voice)
    if table.compares:
        return _compared(table, kinds)
    return _numbers(table)


def _entries(table: Table, voice: Voice) -> Iterator[str]:
    """Each row as a small paragraph: what a table with many words would break."""
    room = max(len(row.name) for row in table.rows) + _GAP
    for row in table.rows:
        words = [cell.now for cell in row.cells]
        rest = (voice.pair(head, word) for head, word in zip(table.heads[3:], words[2:], strict=True))
        yield from _wrapped(", ".join(words[:2]), first=f"{row.name:<{room}}", after=" " * room)
        yield from _wrapped(voice.listed(rest), first=" " * room, after=" " * room)


def _compared(table: Table, kinds: Sequence[str]) -> Iterator[str]:
    """Three lines a row: now, the one before, usual."""
    columns = _columns(len(table.heads) - 1)
    yield from _heads(table.heads[1:], columns)
    for row in table.rows:
        yield from _name(row)
        for kind, numbers in zip(kinds, _three(row), strict=True):
            yield _line(f" {kind}", numbers, columns)


def _three(row: Row) -> tuple[list[str], ...]:
    return (
        [cell.now for cell in row.cells],
        [cell.before or DASH for cell in row.cells],
        [cell.usual or DASH for cell in row.cells],
    )


def _numbers(table: Table) -> Iterator[str]:
    many = len(table.heads) - 1
    columns = _columns(many) if many > _FEW else min(16, (WIDTH - 30) // many)
    name = WIDTH - columns * many
    yield from _heads(table.heads[1:], columns, table.heads[0])
    for row in table.rows:
        *above, last = _wrapped(row.name, width=name - 1, after="  ")
        yield from above
        yield _line(last, [cell.now for cell in row.cells], columns)


def _columns(many: int) -> int:
    """Each so wide."""
    return (WIDTH - _NAME) // many


def _heads(heads: Sequence[str], columns: int, name: str = "") -> Iterator[str]:
    """Over their numbers, on as many lines as the longest needs."""
    parts = [textwrap.wrap(head, columns - 1, break_long_words=False) or [""] for head in heads]
    deep = max(len(part) for part in parts)
    for level in range(deep):
        numbers = [part[level - deep + len(part)] if level >= deep - len(part) else "" for part in parts]
        yield _line(name if level == deep - 1 else "", numbers, columns)


def _line(name: str, numbers: Sequence[str], columns: int) -> str:
    room = WIDTH - columns * len(numbers)
    return f"{narrowed(name, room - 1):<{room}}" + "".join(f"{number:>{columns}}" for number in numbers)


def _name(row: Row) -> list[str]:
    return _wrapped(row.name)


def _wrapped(words: str, first: str = "", after: str = "", width: int = WIDTH) -> list[str]:
    return textwrap.wrap(
        words,  # a no-break space ends no line
        width,
        initial_indent=first,
        subsequent_indent=after,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
