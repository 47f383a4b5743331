"""Conditions by which words are found in the hashes of `store/words.py`, for each database.

PostgreSQL finds rows by the values of their array (GIN). SQLite has FTS5, which is told hashes in place of words. With
100,000 tickets a table of (hash, number) took five times its room and time to fill, and reading all rows 50 ms a word.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    column,
    false,
    func,
    literal_column,
    or_,
    select,
    table,
    type_coerce,
)

from bot.ports import Word
from store.seal import Seal
from store.tables import thread_words, ticket_words
from store.types import written
from store.words import AREA, PART, SAID, SERVICE, runs

_WRITTEN = type_coerce(thread_words.c.words, Text())  # as SQLite has them
_INDEX = table("found_words", column("rowid"))
Hash = tuple[int, ...]  # as each key makes it: one of them is there
Way = Sequence[Hash]  # all of them are there
Ways = Sequence[Way]  # one of them fits
Find = Callable[[Sequence[Ways]], list[ColumnElement[bool]]]


def tickets_with(words: Sequence[Word], seal: Seal, dialect: str, *, common: bool = False) -> ColumnElement[bool]:
    """Of `ticket_words`: those with all of these words. `common`: many have them, so that SQLite, which does not know,
    shall read in the order of the list until a page is full, rather than find them all and sort them."""
    row = ticket_words.c.id + 0 if common else ticket_words.c.id
    find = partial(_in_index, row) if dialect == "sqlite" else partial(_in_array, ticket_words)
    plain = find([_ways(word, seal) for word in words if not word.part])
    return and_(*plain, *(_or_in_number(word, seal, find) for word in words if word.part))


def threads_with(words: Sequence[Word], seal: Seal, dialect: str) -> ColumnElement[bool]:
    """Of `thread_words`."""
    ways = [[[seal.finders(SAID, word.stem)]] if word.stem else [] for word in words]
    if dialect == "sqlite":  # some thousands, at most
        return and_(*(or_(false(), *(_WRITTEN.contains(written(h)) for [k] in one for h in k)) for one in ways))
    return and_(*_in_array(thread_words, ways))


def _ways(word: Word, seal: Seal) -> Ways:
    names = [(SAID, word.stem)] if word.stem else []
    names += [*((SERVICE, code) for code in word.services), *((AREA, code) for code in word.areas)]
    return [[seal.finders(kind, name)] for kind, name in names]


def _or_in_number(word: Word, seal: Seal, find: Find) -> ColumnElement[bool]:
    """The characters of a part may stand apart in a number, so it is looked at itself as well."""
    ways = _ways(word, seal)
    at_all = find([[[seal.finders(PART, run) for run in runs(word.part)]]])
    holds = func.replace(ticket_words.c.number, "-", "").contains(word.part, autoescape=True)
    return or_(and_(*at_all, holds), *(find([ways]) if ways else ()))


def _in_array(where: Table, words: Sequence[Ways]) -> list[ColumnElement[bool]]:
    return [
        or_(false(), *(and_(*(_overlaps(where, keys) for keys in way)) for way in ways)) for ways in map(_fewer, words)
    ]


def _fewer(ways: Ways) -> Ways:
    """Ways of one hash each are one overlap together, which is one search in the index."""
    single, others = [way[0] for way in ways if len(way) == 1], [way for way in ways if len(way) > 1]
    return [*([[tuple(found for keys in single for found in keys)]] if single else []), *others]


def _overlaps(where: Table, keys: Hash) -> ColumnElement[bool]:
    some: ColumnElement[Any] = bindparam(None, list(keys), type_=ARRAY(Integer()))
    return where.c.words.op("&&", is_comparison=True)(some)


def _in_index(row: ColumnElement[Any], words: Sequence[Ways]) -> list[ColumnElement[bool]]:
    """In FTS5's own language, https://www.sqlite.org/fts5.html section 3: hashes are words of it."""
    if not words:
        return []
    if not all(words):
        return [false()]
    query = " AND ".join(f"({' OR '.join(map(_all, ways))})" for ways in words)
    match = literal_column(_INDEX.name).op("MATCH", is_comparison=True)(bindparam(None, query))
    return [row.in_(select(_INDEX.c.rowid).where(match))]


def _all(way: Way) -> str:
    any_key = [f"({' OR '.join(map(_quoted, keys))})" for keys in way]
    return f"({' AND '.join(any_key)})"


def _quoted(found: int) -> str:
    return f'"{written(found)}"'
