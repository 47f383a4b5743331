"""Rows as a database takes very many of them: written column by column, as bytes that another process can hand over.

SQLite's are tuples for `executemany`, in `marshal`, which is quicker than `pickle`; PostgreSQL's are the body of its
binary COPY. Words that come again are sealed once and the sealed bytes are used again: equal bytes
tell that two texts are the same, no more (one nonce never meets two texts), and these texts are invented.
"""

import marshal
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain, repeat
from struct import Struct, pack
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Dialect, Double, Integer, SmallInteger

from store.codec import Codec
from store.engine import parse_url
from store.seal import Seal
from store.tables import metadata
from store.types import Clear, Hash, Hashes, Sealed, Time

Layout = Mapping[str, Sequence[str]]  # tables in the order in which they are filled -> the columns of their rows
Rows = Sequence[Sequence[Any]]  # as the program knows them; times in whole seconds since 1970, codes as plain text
Sheet = bytes  # of one table
Named = Iterable[tuple[str, str]]  # of a column of hashes: (kind, word) of each
_MOST = 65_536  # values of a column that are remembered as they are written
_EPOCH = 946_684_800  # PostgreSQL counts from 2000
_SECOND = 1_000_000  # microseconds
_INT4 = 23  # the type's number in PostgreSQL's catalogue
_NULL = b"\xff\xff\xff\xff"
_EIGHT, _FOUR, _TWO, _ONE, _FLOAT = (Struct(shape) for shape in (">iq", ">ii", ">ih", ">i?", ">id"))

Write = Callable[[Iterable[Any]], Iterable[Any]]  # a whole column


class Sheets:
    """Makes sheets for the database of this URL; may be used in a process that is not connected to it."""

    def __init__(self, url: str, seal: Seal, layout: Layout) -> None:
        """Raises BadUrl."""
        self._codec = Codec(seal)
        dialect, tables = parse_url(url).get_dialect()(), metadata.tables
        kind = _Tuples if dialect.name == "sqlite" else _Copied
        self._sheets = {
            name: kind([tables[name].c[column] for column in columns], dialect, self._codec)
            for name, columns in layout.items()
        }  # fmt: skip

    def contact_hash(self, channel: str, address: str) -> bytes:
        return self._codec.seal.lookup("contact", channel, address)

    def made(self, rows: Mapping[str, Rows]) -> list[Sheet]:
        """Of each table of the layout, an empty one where it has no rows."""
        return [sheet.filled(rows[name]) if rows.get(name) else b"" for name, sheet in self._sheets.items()]


class _Tuples:
    """For SQLite."""

    def __init__(self, columns: Sequence[Column[Any]], dialect: Dialect, codec: Codec) -> None:
        self._columns = [_plain(column, dialect, codec) for column in columns]

    def filled(self, rows: Rows) -> Sheet:
        written = (write(column) for write, column in zip(self._columns, zip(*rows, strict=True), strict=True))
        return marshal.dumps(list(zip(*written, strict=True)))


class _Copied:
    """For PostgreSQL, without the head and the end of the whole: sheets of one table may be put together."""

    def __init__(self, columns: Sequence[Column[Any]], dialect: Dialect, codec: Codec) -> None:
        self._head = len(columns).to_bytes(2, "big")
        self._columns = [_binary(column, dialect, codec) for column in columns]

    def filled(self, rows: Rows) -> Sheet:
        written = (write(column) for write, column in zip(self._columns, zip(*rows, strict=True), strict=True))
        return b"".join(chain.from_iterable(zip(repeat(self._head, len(rows)), *written, strict=True)))


class _Memo(dict[Any, Any]):
    """Values as they are written, each worked out once; `null` for None."""

    def __init__(self, write: Callable[[Any], Any], null: bytes | None = None) -> None:
        super().__init__()
        self._write, self._null = write, null

    def __missing__(self, value: Any) -> Any:
        if len(self) >= _MOST:
            self.clear()
        written = self[value] = self._null if value is None else self._write(value)
        return written

    def __call__(self, values: Iterable[Any]) -> Iterable[Any]:
        return map(self.__getitem__, values)


def _plain(column: Column[Any], dialect: Dialect, codec: Codec) -> Write:
    kind = column.type
    if isinstance(kind, Time):
        return lambda values: [None if at is None else at * _SECOND for at in values]
    if isinstance(kind, Sealed):
        return _Memo(partial(codec.pack, column))
    if isinstance(kind, Clear):
        return _Memo(partial(kind.process_bind_param, dialect=dialect))
    if isinstance(kind, Hashes):
        found = _finding(codec)
        return lambda values: [kind.process_bind_param(found(value), dialect) for value in values]
    return iter


def _binary(column: Column[Any], dialect: Dialect, codec: Codec) -> Write:
    kind = column.type
    if isinstance(kind, Sealed):
        return _Memo(lambda value: _sized(codec.pack(column, value)), _NULL)
    if isinstance(kind, Clear):
        return _Memo(lambda value: _sized((kind.process_bind_param(value, dialect) or "").encode()), _NULL)
    if isinstance(kind, Hashes):
        found = _finding(codec)
        return lambda values: [_sized(_array(found(value))) for value in values]
    for one, (write, again) in _BINARY.items():
        if isinstance(kind, one):
            return _Memo(write, _NULL) if again else partial(_packed, write)
    raise TypeError(f"No binary form of {column} is known here")


def _finding(codec: Codec) -> Callable[[Named], Collection[int]]:
    """Hashes of (kind, word), each worked out once."""
    known = _Memo(lambda named: codec.seal.finder(*named))
    return lambda words: {known[named] for named in words}


def _array(values: Collection[int]) -> bytes:
    """Of integers: PostgreSQL's array_send, one dimension that begins at 1."""
    head = pack(">5i", 1, 0, _INT4, len(values), 1) if values else pack(">3i", 0, 0, _INT4)
    return head + b"".join(_FOUR.pack(4, value) for value in sorted(values))


def _packed(write: Callable[[Any], bytes], values: Iterable[Any]) -> Iterable[bytes]:
    return [_NULL if value is None else write(value) for value in values]


def _sized(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


# How values of a type are written, and whether they come again; the wider integers before those that they are kinds of.
_BINARY: Mapping[type[Any], tuple[Callable[[Any], bytes], bool]] = {
    Time: (lambda at: _EIGHT.pack(8, (at - _EPOCH) * _SECOND), False),
    Double: (partial(_FLOAT.pack, 8), False),
    BigInteger: (partial(_EIGHT.pack, 8), False),  # ids
    SmallInteger: (partial(_TWO.pack, 2), True),
    Integer: (partial(_FOUR.pack, 4), True),
    Boolean: (partial(_ONE.pack, 1), True),
    Hash: (_sized, False),
}
