"""What ends by an error is begun again, told and counted, and what is in trouble can be asked for."""

import asyncio
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from bot.metrics import Counters
from bot.roles import watching
from bot.roles.watching import Watching


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(watching, "LONGEST_PAUSE", 0.002)


class Fragile:
    """Work that breaks so often, and then lasts until it is cancelled."""

    def __init__(self, breaks: int) -> None:
        self.breaks, self.begun, self.lasting = breaks, 0, asyncio.Event()

    async def work(self) -> None:
        self.begun += 1
        if self.begun <= self.breaks:
            raise KeyError("hay un bache, 555-1234")
        self.lasting.set()
        await asyncio.Event().wait()


async def lasts(fragile: Fragile, watching: Watching) -> Callable[[], bool]:
    """Until it lasts; whether it still does."""
    task = watching.begin("polling", fragile.work)
    await asyncio.wait_for(fragile.lasting.wait(), 5)
    return lambda: not task.done()


async def test_what_breaks_is_begun_again_and_told_without_a_citizen_s_words() -> None:
    counters, fragile = Counters(), Fragile(3)
    with capture_logs() as told:
        going_on = await lasts(fragile, Watching(counters))
    assert going_on()
    assert [line["error"] for line in told] == ["KeyError"] * 3
    assert "bache" not in str(told)
    assert counters.get("failures", work="polling") == 3


async def test_what_broke_is_in_trouble_until_it_has_lasted(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watching()
    assert watch.health() == {}
    await lasts(Fragile(1), watch)
    assert watch.health() == {"polling": False}
    monkeypatch.setattr(watching, "PROBATION", 0.0)
    watch = Watching()
    await lasts(Fragile(1), watch)
    await asyncio.sleep(0.002)
    assert watch.health() == {"polling": True}


async def test_what_is_cancelled_from_inside_is_begun_again_and_what_is_cancelled_from_outside_is_not() -> None:
    fragile = Fragile(0)

    async def waits_for_what_is_cancelled() -> None:
        if not fragile.begun:
            fragile.begun += 1
            gone = asyncio.get_running_loop().create_future()
            gone.cancel()
            await gone
        await fragile.work()

    task = Watching().begin("polling", waits_for_what_is_cancelled)
    await asyncio.wait_for(fragile.lasting.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_is_done_is_not_begun_again() -> None:
    times = []

    async def once() -> None:
        times.append(1)

    await Watching().begin("rules", once)
    assert times == [1]


async def test_what_breaks_while_all_ends_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "FIRST_PAUSE", 3600.0)
    watch, fragile = Watching(), Fragile(9)
    task = watch.begin("polling", fragile.work)
    await asyncio.sleep(0)
    watch.end()
    await asyncio.wait_for(task, 5)
    assert fragile.begun == 1
