"""A copy of a database in one file, whatever database it came from and goes to: a ZIP with one member for each table,
`manifest.json` and `files.txt`, the names of the photos that lie in the folder `files` beside it.

A member `tables/NAME` holds chunks: their length (4 bytes) and that many bytes of msgpack, a list of rows, each a list
of values in the order of the manifest's columns. Times are microseconds since 1970, sealed values stay as they are: who
has the archive and not VECINO_SECRET_KEY reads no word and no contact.
"""

import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec

from store.atomic import sync_folder

FORMAT: Final = 1
ENDING: Final = ".vecino"
MANIFEST: Final = "manifest.json"
FILES: Final = "files.txt"
_LENGTH = 4  # bytes
_LARGEST = 1 << 28  # bytes of one chunk; ours have a few megabytes at most
_FAST = 1  # zlib's level: most of it is sealed and grows no smaller
_DRAFT = ".draft"
_BROKEN = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    msgspec.MsgspecError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
)


class BadArchive(Exception):
    """This file is no whole archive of Vecino; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table: its `columns` with the kind of each, its number of rows, and the SHA-256 of its member, in hex."""

    columns: Mapping[str, str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive holds. `at` is the instant that it shows; `keys`: the marks, in hex, of the keys that its
    contacts are sealed with; `last`: the highest id ever given out, by table; `files`: how many photos, `missing` of
    them on no disk any more; `bytes`: about how much room all of it takes in a database."""

    format: int = FORMAT
    version: str
    revision: str
    at: datetime
    keys: tuple[str, ...]
    last: Mapping[str, int]
    tables: Mapping[str, Part]
    files: int = 0
    missing: int = 0
    bytes: int = 0
    sha256: str = field(default="", repr=False)  # of files.txt, in hex

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.tables.values())


class Draft:
    """An archive that is being written; `drafted` makes one."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zip = zipped

    @contextmanager
    def table(self, name: str, columns: Mapping[str, str]) -> Iterator["Sheet"]:
        """Write the rows of a table, then ask the sheet for its `part`."""
        with self._zip.open(_member(name), "w", force_zip64=True) as into:
            yield Sheet(into, columns)

    def names(self, names: Sequence[str]) -> str:
        """Write the names of the photos; the SHA-256 of that."""
        content = "".join(f"{name}\n" for name in names).encode()
        self._zip.writestr(FILES, content)
        return sha256(content).hexdigest()

    def finish(self, manifest: Manifest) -> None:
        self._zip.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))


class Sheet:
    """The rows of one table, on their way into an archive."""

    def __init__(self, into: Any, columns: Mapping[str, str]) -> None:
        self._into, self._columns = into, columns
        self._rows, self._hash = 0, sha256()

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        packed = msgspec.msgpack.encode(rows)
        for piece in (len(packed).to_bytes(_LENGTH, "big"), packed):
            self._hash.update(piece)
            self._into.write(piece)
        self._rows += len(rows)

    @property
    def part(self) -> Part:
        return Part(columns=self._columns, rows=self._rows, sha256=self._hash.hexdigest())


@contextmanager
def drafted(path: Path) -> Iterator[Draft]:
    """An archive that stands at `path`, whole and on the disk, once this ends well; else none does. Raises OSError."""
    draft = path.with_suffix(_DRAFT)
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_FAST) as zipped:
                yield Draft(zipped)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    sync_folder(path.parent)


class Archive:
    """One that is read. Made by `opened`."""

    def __init__(self, zipped: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip, self.manifest = zipped, manifest

    def rows(self, name: str) -> Iterator[list[list[Any]]]:
        """The rows of a table, chunk by chunk; raises BadArchive where they are not what was written."""
        part, found, whole = self.manifest.tables[name], 0, sha256()
        try:
            with self._zip.open(_member(name)) as member:
                for chunk in _chunks(member, whole):
                    found += len(chunk)
                    yield chunk
        except _BROKEN:
            raise BadArchive(f"The table {name} in it cannot be read: the file is damaged. Use another copy") from None
        if (found, whole.hexdigest()) != (part.rows, part.sha256):
            raise BadArchive(f"The table {name} in it is not what was written: the file is damaged. Use another copy")

    def files(self) -> Sequence[str]:
        """The names of its photos; raises BadArchive."""
        try:
            content = self._zip.read(FILES)
        except _BROKEN:
            raise BadArchive("Its list of photos cannot be read: the file is damaged. Use another copy") from None
        if sha256(content).hexdigest() != self.manifest.sha256:
            raise BadArchive("Its list of photos is not what was written: the file is damaged. Use another copy")
        return content.decode().split()

    def verify(self) -> None:
        """Read all of it; raises BadArchive."""
        for name in self.manifest.tables:
            for _ in self.rows(name):
                pass
        self.files()


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Raises BadArchive."""
    try:
        zipped = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise BadArchive(f"There is no file {path.name} there; `python -m bot backup` makes one") from None
    except _BROKEN:
        raise BadArchive(f"{path.name} cannot be read as an archive: it is damaged, or was never one") from None
    with zipped:
        yield Archive(zipped, _manifest(zipped, path.name))


def _manifest(zipped: zipfile.ZipFile, name: str) -> Manifest:
    try:
        manifest = msgspec.json.decode(zipped.read(MANIFEST), type=Manifest)
    except _BROKEN:
        raise BadArchive(f"{name} has no manifest that can be read: it is damaged, or no archive of Vecino") from None
    if manifest.format > FORMAT:
        raise BadArchive(f"{name} was written by Vecino {manifest.version}, in a form that this one does not know")
    return manifest


def _chunks(member: Any, whole: Any) -> Iterator[list[list[Any]]]:
    while head := member.read(_LENGTH):
        size = int.from_bytes(head, "big")
        if size > _LARGEST:
            raise ValueError("no chunk of ours is so long")
        packed = member.read(size)
        whole.update(head)
        whole.update(packed)
        yield msgspec.msgpack.decode(packed, type=list[list[Any]])


def _member(table: str) -> str:
    return f"tables/{table}"
