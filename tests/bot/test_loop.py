import asyncio
from collections.abc import Sequence

import pytest

from bot import loop
from bot.loop import Loop, insist
from bot.ports import StoreUnavailable
from store.wake import Bell


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "AFTER_TROUBLE", 0.0)
    monkeypatch.setattr(loop, "PAUSE", 0.0)


class Work:
    """Hands out these items, then nothing; an exception among them is raised, and handling `bad` fails."""

    def __init__(self, *found: str | Exception) -> None:
        self.found, self.done = list(found), asyncio.Event()

    async def claim(self, limit: int) -> Sequence[str]:
        if not self.found:
            return []
        item = self.found.pop(0)
        if isinstance(item, Exception):
            raise item
        return [item]

    async def handle(self, item: str) -> None:
        if item == "bad":
            raise KeyError("hay un bache, 555-1234")
        self.done.set()


@pytest.mark.parametrize("trouble", ["bad", KeyError("a row that cannot be read"), StoreUnavailable()])
async def test_whatever_goes_wrong_with_one_item_the_next_one_is_handled(
    trouble: str | Exception, capfd: pytest.CaptureFixture[str]
) -> None:
    work = Work(trouble, "good")
    running = Loop(work.claim, work.handle, Bell(), "inbox", poll=0.01)
    task = asyncio.create_task(running.run())
    await asyncio.wait_for(work.done.wait(), 5)
    running.stop()
    await task
    assert "bache" not in "".join(capfd.readouterr())


async def test_what_ends_the_work_on_an_item_is_written_once_the_store_is_back() -> None:
    troubles = [StoreUnavailable(), StoreUnavailable()]

    async def write() -> None:
        if troubles:
            raise troubles.pop()

    await insist(write)
    assert troubles == []


async def test_a_store_that_stays_away_is_not_waited_for_for_ever() -> None:
    async def write() -> None:
        raise StoreUnavailable

    with pytest.raises(StoreUnavailable):
        await insist(write, seconds=0.0)


async def test_while_the_store_is_away_a_loop_that_seldom_looks_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "AFTER_TROUBLE", 15.0)
    asked = asyncio.Event()

    async def claim(limit: int) -> Sequence[str]:
        asked.set()
        raise StoreUnavailable

    running = Loop(claim, Work().handle, Bell(), "photos", poll=15.0)
    task = asyncio.create_task(running.run())
    await asyncio.wait_for(asked.wait(), 5)
    running.stop()
    await asyncio.wait_for(task, 1)


async def test_when_the_store_is_back_a_loop_that_seldom_looks_notices_soon() -> None:
    work = Work(StoreUnavailable(), StoreUnavailable(), "good")
    running = Loop(work.claim, work.handle, Bell(), "photos", poll=15.0)
    task = asyncio.create_task(running.run())
    await asyncio.wait_for(work.done.wait(), 5)
    running.stop()
    await task
