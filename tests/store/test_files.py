from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.files import Files
from store.seal import Seal, Unsealable
from tests.store.test_unavailable import full_disk


@pytest.fixture
def files(tmp_path: Path, seal: Seal) -> Files:
    return Files(tmp_path / "files", seal)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200), content_type=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
async def test_a_file_comes_back_as_it_was_put(files: Files, content: bytes, content_type: str) -> None:
    assert await files.get(await files.put(content, content_type)) == (content, content_type)


async def test_the_same_picture_twice_has_two_names(files: Files) -> None:
    assert await files.put(b"x", "image/png") != await files.put(b"x", "image/png")


@pytest.mark.parametrize("name", ["", "nothing", "0" * 32, "../" + "0" * 29, "0" * 32 + "\n", "0" * 32 + ".draft"])
async def test_a_name_that_is_none_of_ours_is_not_there(files: Files, name: str) -> None:
    with pytest.raises(KeyError):
        await files.get(name)


async def test_a_picture_is_sealed_and_opens_under_its_own_name_only(tmp_path: Path, files: Files) -> None:
    one, two = await files.put(b"SECRET" * 100, "image/png"), await files.put(b"other", "image/png")
    paths = {path.name: path for path in (tmp_path / "files").glob("*/*")}
    assert set(paths) == {one, two}
    assert b"SECRET" not in paths[one].read_bytes()
    paths[two].write_bytes(paths[one].read_bytes())
    with pytest.raises(Unsealable):
        await files.get(two)


async def test_a_full_disk_leaves_no_half_file(tmp_path: Path, files: Files) -> None:
    with full_disk(1024), pytest.raises(OSError):
        await files.put(b"x" * 5000, "image/png")
    assert list((tmp_path / "files").glob("*/*")) == []
