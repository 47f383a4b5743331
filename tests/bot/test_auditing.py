"""How long the audit is kept."""

from datetime import timedelta

from bot.ports.audit import Deed, Entry
from bot.schedule import BY, Auditing
from store.database import Database
from tests.conftest import StillClock


async def test_old_lines_go_in_parts_and_that_they_went_is_noted(database: Database, clock: StillClock) -> None:
    job, days = Auditing(timedelta(days=730)), timedelta(days=1)
    async with database.work() as work:
        for n in range(12):
            at = clock.now() - 735 * days + n * days
            await work.audit.note(Entry(at=at, login="ana", deed=Deed.LOGGED_IN))
        await work.commit()
    async with database.work() as work:
        assert await job.step(work, clock.now(), 0) is None
        await work.commit()
    async with database.view() as view:
        kept = (await view.audit.page(0, 50)).rows
    assert (kept[0].login, kept[0].deed, kept[0].detail[:7]) == (BY, Deed.FORGOTTEN, "5 from ")
    assert len(kept) == 1 + 7
    assert min(one.at for one in kept) == clock.now() - 730 * days


async def test_where_nothing_is_old_nothing_is_noted(database: Database, clock: StillClock) -> None:
    async with database.work() as work:
        await work.audit.note(Entry(at=clock.now(), login="ana", deed=Deed.LOGGED_IN))
        assert await Auditing(timedelta(days=30)).step(work, clock.now(), 0) is None
        assert (await work.audit.page(0, 5)).total == 1
