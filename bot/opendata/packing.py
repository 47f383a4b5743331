"""Gzip files (RFC 1952) that can be put together from parts of others without being packed anew: a year's file is made
of its months'.

Each part begins and ends at a full flush, after which nothing refers to what stands before, so its packed bytes mean
the same anywhere. It is all one member: browsers drop whatever follows the first.
"""

import hashlib
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

LEVEL = 4  # half the time of the usual 6, for a twentieth more bytes
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # no name, no time: the same bytes for the same content
_AT_ONCE = 1 << 20  # bytes
_POLYNOMIAL = 0xEDB88320  # of CRC-32, its bits reversed


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Where the packed bytes of a part lie in their file, and the length and CRC-32 of what they hold."""

    begin: int
    length: int
    plain: int
    crc: int


class Gzip:
    """A gzip file while it is written, at once on the disk when it is closed. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._hash = hashlib.sha256()
        self._at, self._plain, self._crc = 0, 0, 0
        self._begun: tuple[int, int, int] = (0, 0, 0)
        self._part = 0
        self._put(_HEAD)

    def write(self, content: bytes | memoryview) -> None:
        self._plain += len(content)
        self._crc = zlib.crc32(content, self._crc)
        self._part = zlib.crc32(content, self._part)
        self._put(self._packer.compress(content))

    def begin(self) -> None:
        """What is written from now on is a part."""
        self._flush()
        self._begun, self._part = (self._at, self._plain, 0), 0

    def end(self) -> Part:
        """Of what was written since `begin`."""
        self._flush()
        begin, plain, _ = self._begun
        return Part(begin=begin, length=self._at - begin, plain=self._plain - plain, crc=self._part)

    def append(self, source: Path, part: Part) -> None:
        """A part of another file, as it is packed there."""
        self._flush()
        with source.open("rb") as file:
            file.seek(part.begin)
            left = part.length
            while left and (content := file.read(min(left, _AT_ONCE))):
                left -= len(content)
                self._put(content)
        self._plain += part.plain
        self._crc = joined(self._crc, part.crc, part.plain)

    def close(self) -> "Written":
        self._put(self._packer.flush())
        self._put(self._crc.to_bytes(4, "little") + (self._plain & 0xFFFFFFFF).to_bytes(4, "little"))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return Written(size=self._at, sha256=self._hash.hexdigest(), plain=self._plain)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def _flush(self) -> None:
        self._put(self._packer.flush(zlib.Z_FULL_FLUSH))

    def _put(self, packed: bytes) -> None:
        self._at += len(packed)
        self._hash.update(packed)
        self._file.write(packed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file's size in bytes, its hash, and how long its content is when unpacked (None: it is not packed)."""

    size: int
    sha256: str
    plain: int | None = None


def joined(first: int, second: int, length: int) -> int:
    """The CRC-32 of two contents one after the other, from theirs and the length of the second, in bytes: what each of
    its zero bits would do to the first one's, applied by squaring (as zlib's crc32_combine, which Python lacks)."""
    if not length:
        return first
    bit = [_POLYNOMIAL, *(1 << n for n in range(31))]  # what one zero bit does, as a matrix of 32 rows
    power = _squared(_squared(_squared(bit)))  # eight of them: a byte
    while length:
        if length & 1:
            first = _times(power, first)
        power, length = _squared(power), length >> 1
    return first ^ second


def _times(matrix: list[int], vector: int) -> int:
    found, row = 0, 0
    while vector:
        if vector & 1:
            found ^= matrix[row]
        vector, row = vector >> 1, row + 1
    return found


def _squared(matrix: list[int]) -> list[int]:
    return [_times(matrix, row) for row in matrix]
