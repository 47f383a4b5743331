"""The figures of an invented history of half a year, counted once more from all of its rows."""

import asyncio

from sqlalchemy import select

from bot.commands.demo import fill
from bot.ports import Closure, Rating
from store.database import Database
from store.seal import Seal
from store.tables import closures, outbox, ratings, tickets, updates
from store.tickets import ticket_of, update_of
from tests.store.recount import Message, Town, answers_by_history, recounted
from tests.store.test_figures import PER_SLICE, behind, check_series, cut, digest
from tests.town import CITY
from tickets.figures import Figure
from tickets.period import last_week


async def gathered(database: Database) -> Town:
    """Everything, by plain SQL."""
    async with database.view() as view:
        tx = view._tx
        histories = {number: [] for (number,) in await tx.execute(select(tickets.c.number))}
        for row in await tx.execute(select(updates).order_by(updates.c.number, updates.c.version)):
            histories[row.number].append(update_of(row, tx.codec))
        cases = [(ticket_of(row, tx.codec), histories[row.number]) for row in await tx.execute(select(tickets))]
        rated = [
            Rating(number=row.number, citizen=row.citizen, at=row.at, score=row.score)
            for row in await tx.execute(select(ratings))
        ]
        names = ("number", "citizen", "resolved_at", "due", "asked_at", "answer")
        asked = [Closure(**{name: getattr(row, name) for name in names}) for row in await tx.execute(select(closures))]
        notices = select(outbox).where(outbox.c.kind == "notice", outbox.c.number.is_not(None))
        sent = [
            Message(number=row.number, queued_at=row.queued_at, failed=row.delivery == "failed")
            for row in await tx.execute(notices)
        ]
    return Town(cases=cases, ratings=rated, closures=asked, messages=sent)


async def test_a_digest_of_the_demo_says_what_its_histories_come_to(
    database_url: str, database: Database, seal: Seal
) -> None:
    await asyncio.shield(fill(database_url, seal, CITY, tickets=1_500, weeks=26, seed=5))
    town = await gathered(database)
    kept = {(one.number, one.citizen, one.resolved_at): one.answer for one in town.closures}
    assert kept == answers_by_history(town)
    assert len(kept) > len({(one.number, one.citizen) for one in town.closures})  # some were resolved twice
    now = max(update.at for _, history in town.cases for update in history)
    for weeks in (0, 14):
        period = last_week(now, CITY.calendar.zone).before(weeks)
        found = await digest(database, period, now=now)
        assert found.whole.now.counts[Figure.FILED] > 20
        for series in (found.whole, *found.parts):
            check_series(town, series, now)
        numbers = recounted(town, found.whole.scope, *cut(period, now))
        for figure in found.whole.now.counts:
            rows, total = await behind(database, figure, period, now=now, size=2_000)
            assert {ticket.number for ticket in rows} == set(numbers[figure]) and len(rows) == total
            assert figure in PER_SLICE or total == found.whole.now.counts[figure]
