"""A digest as its reader sees it, still without a form: words and written numbers, in the order in which they stand.

HTML, plain text and PDF all show this one, so they cannot differ. What changed, key numbers, then where (departments,
areas, places), how reports came in, the oldest, all figures, and what is not known.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from digest.voice import Voice
from digest.words import AND_MORE
from tickets.figures import Kind


class Tone(StrEnum):
    """How a number compares with what is usual; shown in words and by weight, never by colour alone."""

    WORSE = "worse"
    BETTER = "better"
    OTHER = "other"  # more or fewer, neither good nor bad
    SAME = "same"
    NONE = "none"  # nothing to compare with


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One of the numbers in the first row."""

    label: str
    value: str
    note: str  # "" or the cases behind it
    was: str
    mark: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`now`, and what it is compared with: "before · usual", or nothing."""

    now: str
    before: str = ""
    usual: str = ""
    tone: Tone = Tone.NONE

    @property
    def was(self) -> str:
        return f"{self.before} · {self.usual}" if self.before else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`heads`: of the names' column, then of each cell's. `words` columns (from the left) hold words, not numbers.
    `notes` stand below it; `empty` stands instead of it."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    words: int = 1
    notes: tuple[str, ...] = ()
    empty: str = ""

    @property
    def compares(self) -> bool:
        """Whether any number stands beside what it is compared with."""
        return any(cell.was for row in self.rows for cell in row.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart: the sentence above it, and what it shows for who cannot see it. `drawn` is its name."""

    drawn: str
    title: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`kind` says what it is about: trend, department, area, clusters, oldest, intake, figures, unknown."""

    kind: str
    title: str
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    language: str
    subject: str
    title: str
    subtitle: str
    warnings: tuple[str, ...]
    top: str  # the heading of the sentences
    sentences: tuple[str, ...]
    keys: tuple[Key, ...]
    sections: tuple[Section, ...]
    unknown: Section
    made: str


def shortened(section: Section, rows: int, voice: Voice, *, name: int, lists: bool = False) -> Section:
    """With so many departments or areas at most, and names of so many characters; how many are left out is told.
    `lists`: so too the lists of places and tickets."""
    if section.kind in (Kind.DEPARTMENT, Kind.AREA) or (lists and section.kind != "figures"):
        return replace(section, tables=tuple(_shortened(table, rows, name, voice) for table in section.tables))
    return section


def narrowed(name: str, room: int) -> str:
    """Cut in its middle, for names of one kind often differ at their ends."""
    if len(name) <= room:
        return name
    end = room // 3
    return f"{name[: room - end - 1].rstrip()}…{name[-end:].lstrip()}"


def _shortened(table: Table, rows: int, name: int, voice: Voice) -> Table:
    kept = tuple(replace(row, name=narrowed(row.name, name)) for row in table.rows[:rows])
    left = len(table.rows) - rows
    notes = (voice.count(*AND_MORE, left), *table.notes) if left > 0 else table.notes
    return replace(table, rows=kept, notes=notes)
