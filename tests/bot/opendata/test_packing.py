"""Gzip files made of parts of others."""

import gzip
import hashlib
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as some

from bot.opendata.packing import Gzip, Part, joined

contents = some.binary(max_size=2_000)


@given(contents, contents)
def test_the_checksum_of_two_contents_follows_from_theirs(one: bytes, other: bytes) -> None:
    assert joined(zlib.crc32(one), zlib.crc32(other), len(other)) == zlib.crc32(one + other)


def packed(path: Path, head: bytes, body: list[bytes], tail: bytes) -> Part:
    with Gzip(path) as file:
        file.write(head)
        file.begin()
        for piece in body:
            file.write(piece)
        part = file.end()
        file.write(tail)
        written = file.close()
    content = path.read_bytes()
    assert (written.size, written.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert written.plain == len(gzip.decompress(content))
    return part


@given(some.lists(some.tuples(contents, some.lists(contents, max_size=3), contents), max_size=4), contents)
def test_parts_of_files_make_one_file_of_one_member(
    months: list[tuple[bytes, list[bytes], bytes]], between: bytes
) -> None:
    with TemporaryDirectory() as name:
        folder, parts = Path(name), []
        for n, (head, body, tail) in enumerate(months):
            parts.append(packed(folder / f"{n}.gz", head, body, tail))
            assert gzip.decompress((folder / f"{n}.gz").read_bytes()) == head + b"".join(body) + tail
        with Gzip(folder / "all.gz") as whole:
            for n, part in enumerate(parts):
                whole.append(folder / f"{n}.gz", part)
                whole.write(between)
            whole.close()
        reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
        read = reader.decompress((folder / "all.gz").read_bytes())
        assert read == b"".join(b"".join(body) + between for _, body, _ in months)
        assert reader.eof
        assert reader.unused_data == b""


def test_the_same_content_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        packed(tmp_path / name, b"head", [b"row"] * 1000, b"tail")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
