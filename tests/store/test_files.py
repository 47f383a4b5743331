import os
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.files import Files
from store.seal import Seal, Unsealable
from tests.store.samples import NOON
from tests.store.test_unavailable import full_disk

MANY = 100


@pytest.fixture
def files(tmp_path: Path, seal: Seal) -> Files:
    return Files(tmp_path / "files", seal)


def paths(folder: Path) -> dict[str, Path]:
    return {path.name: path for path in (folder / "files").glob("*/*")}


def written_at_noon(folder: Path) -> None:
    for path in paths(folder).values():
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200), content_type=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
async def test_a_file_comes_back_as_it_was_put(files: Files, content: bytes, content_type: str) -> None:
    name = await files.put(content, content_type)
    assert await files.get(name) == (content, content_type)
    for _ in range(2):
        await files.keep(name)
        assert await files.get(name) == (content, content_type)


async def test_the_same_picture_twice_has_two_names(files: Files) -> None:
    assert await files.put(b"x", "image/png") != await files.put(b"x", "image/png")


@pytest.mark.parametrize("name", ["", "nothing", "0" * 32, "../" + "0" * 29, "0" * 32 + "\n", "0" * 32 + ".draft"])
async def test_a_name_that_is_none_of_ours_is_not_there(files: Files, name: str) -> None:
    with pytest.raises(KeyError):
        await files.get(name)


async def test_a_picture_is_sealed_and_opens_under_its_own_name_only(tmp_path: Path, files: Files) -> None:
    one, two = await files.put(b"SECRET" * 100, "image/png"), await files.put(b"other", "image/png")
    found = paths(tmp_path)
    assert set(found) == {one, two}
    assert b"SECRET" not in found[one].read_bytes()
    found[two].write_bytes(found[one].read_bytes())
    with pytest.raises(Unsealable):
        await files.get(two)


async def test_a_full_disk_leaves_no_half_file(tmp_path: Path, files: Files) -> None:
    with full_disk(1024), pytest.raises(OSError):
        await files.put(b"x" * 5000, "image/png")
    assert paths(tmp_path) == {}


@pytest.mark.parametrize("kept", [True, False])
async def test_a_removed_file_is_gone_wherever_it_lay(tmp_path: Path, files: Files, kept: bool) -> None:
    name = await files.put(b"x", "image/png")
    if kept:
        await files.keep(name)
    for _ in range(2):
        await files.remove(name)
    assert paths(tmp_path) == {}


async def test_only_what_was_never_kept_is_loose_and_only_once_it_is_old(tmp_path: Path, files: Files) -> None:
    names = [await files.put(b"x", "image/png") for _ in range(3)]
    await files.keep(names[0])
    written_at_noon(tmp_path)
    assert await files.loose(NOON, MANY) == []
    later = NOON + timedelta(seconds=1)
    assert set(await files.loose(later, MANY)) == set(names[1:])
    assert len(await files.loose(later, 1)) == 1


async def test_a_half_written_file_is_loose_too(tmp_path: Path, files: Files) -> None:
    name = await files.put(b"x", "image/png")
    path = paths(tmp_path)[name]
    path.rename(path.with_suffix(".draft"))
    written_at_noon(tmp_path)
    assert await files.loose(NOON + timedelta(seconds=1), MANY) == [name]
    await files.remove(name)
    assert paths(tmp_path) == {}
