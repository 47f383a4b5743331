import asyncio
from collections.abc import Sequence

import pytest

from bot.ports import StoreUnavailable
from bot.together import Together


class Shelf:
    """Keeps what is not bad; each write takes a turn of the loop."""

    def __init__(self) -> None:
        self.writes: list[list[str]] = []
        self.away = False
        self.tries = 0

    async def write(self, items: Sequence[str]) -> None:
        await asyncio.sleep(0)
        self.tries += 1
        if self.away or ("last" in items and len(items) == 1):
            raise StoreUnavailable
        if "bad" in items:
            raise ValueError
        self.writes.append(list(items))


async def test_what_comes_during_a_write_is_written_together_in_its_order() -> None:
    shelf = Shelf()
    together = Together(shelf.write)
    first = asyncio.create_task(together.keep(["1"]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.gather(first, *(together.keep([name]) for name in "234"))
    assert shelf.writes == [["1"], ["2", "3", "4"]]


async def test_a_bad_one_fails_alone() -> None:
    shelf = Shelf()
    together = Together(shelf.write)
    done = await asyncio.gather(*(together.keep([name]) for name in ("1", "bad", "2")), return_exceptions=True)
    assert [type(one) for one in done] == [type(None), ValueError, type(None)]
    assert shelf.writes == [["1"], ["2"]]


async def test_while_the_database_is_away_all_are_told_so_at_once() -> None:
    shelf = Shelf()
    together, shelf.away = Together(shelf.write), True
    done = await asyncio.gather(*(together.keep([name]) for name in "123"), return_exceptions=True)
    assert [type(one) for one in done] == [StoreUnavailable] * 3
    shelf.away = False
    await together.keep(["4"])
    assert shelf.writes == [["4"]]


async def test_who_is_in_one_batch_with_a_bad_one_does_not_wait_for_an_absent_database_one_by_one() -> None:
    shelf = Shelf()
    together = Together(shelf.write)
    names = ["1", "bad", "last", *map(str, range(40))]
    done = await asyncio.gather(*(together.keep([name]) for name in names), return_exceptions=True)
    assert [type(one) for one in done] == [type(None), ValueError, *[StoreUnavailable] * 41]
    assert shelf.tries == 4  # all, and the first three each by itself
    await together.keep(["4"])
    assert shelf.writes == [["1"], ["4"]]


async def test_who_stops_waiting_disturbs_nobody() -> None:
    shelf = Shelf()
    together = Together(shelf.write)
    impatient, other = asyncio.create_task(together.keep(["1"])), asyncio.create_task(together.keep(["2"]))
    await asyncio.sleep(0)
    impatient.cancel()
    await other
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert [name for write in shelf.writes for name in write] == ["1", "2"]
