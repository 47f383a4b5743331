"""One Chromium for each process of tests, one loop for all that use it, and one office that only readers visit."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.web.browser.hand import Sits, seats
from tests.web.browser.office import Office, office

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this room share the loop in which the browser lives."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and asyncio.iscoroutinefunction(getattr(item, "function", None)):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium on the PATH (Debian: apt-get install chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def desk_folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="vecino-office-") as folder:
        yield Path(folder)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shown(desk_folder: Path, empty: Path) -> AsyncIterator[Office]:
    """An office in which nobody changes anything."""
    async with office(desk_folder, empty) as here:
        yield here


@pytest_asyncio.fixture(loop_scope="session")
async def at_work(tmp_path: Path, empty: Path) -> AsyncIterator[Office]:
    """An office of the test's own."""
    async with office(tmp_path, empty) as here:
        yield here


@pytest.fixture
def sits(at_work: Office, browser: Browser) -> Sits:
    """Somebody sits down in an office of the test's own."""
    return seats(at_work, browser)
