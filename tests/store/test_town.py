"""What everybody may know of the city's work, read from both databases as the tickets tell it one by one."""

from datetime import timedelta
from random import Random

from bot.ports import Closure, Query
from store.database import Database
from tests.store.samples import NOON, StillClock, citizen, file, ticket
from tests.town import CITY
from tickets.instant import instant
from tickets.model import Place, Status, Ticket
from tickets.town import Counting, Life, Verdict
from tickets.workflow import CLOSED

NOW = NOON + timedelta(days=90)


def life(one: Ticket) -> Life:
    return Life(
        service=one.service, area=one.place.area or "", filed=instant(one.filed_at),
        due=instant(one.first_due_at or one.due_at), closed=instant(one.closed_at) if one.closed_at else None,
        resolved=one.status is Status.RESOLVED, waits=one.status is Status.WAITING,
    )  # fmt: skip


async def several(database: Database, clock: StillClock) -> list[Ticket]:
    """Of all times around the weeks: open, closed before they began, in them and after they ended."""
    clock.time = NOW
    random, reporter = Random(5), await citizen(database)
    made = []
    for n in range(120):
        filed = NOW - timedelta(days=random.uniform(0, 160))
        status = random.choice([Status.RECEIVED, Status.WAITING, Status.RESOLVED, Status.RESOLVED, Status.DECLINED])
        closed = min(NOW, filed + timedelta(days=random.uniform(0, 60))) if status in CLOSED else None
        made.append(
            ticket(
                f"T{n:03}", reporter, service=random.choice(["pothole", "water"]), filed_at=filed, status=status,
                place=Place(words="x", area=random.choice(["centro", "hillside", None])), closed_at=closed,
                due_at=filed + timedelta(days=random.uniform(1, 90)),
                first_due_at=filed + timedelta(days=1) if random.random() < 0.2 else None,
            )
        )  # fmt: skip
    await file(database, *made)
    return made


async def test_the_figures_are_those_of_the_tickets_one_by_one(database: Database, clock: StillClock) -> None:
    made = await several(database, clock)
    expected = Counting(CITY, NOW)
    expected.add(life(one) for one in made)
    async with database.view() as view:
        assert await view.towns.count(CITY, NOW) == expected.town()


async def test_a_no_counts_in_the_weeks_in_which_it_was_asked_for(database: Database, clock: StillClock) -> None:
    made = await several(database, clock)
    done = next(one for one in made if one.status is Status.RESOLVED and one.closed_at)
    assert done.closed_at
    async with database.work() as work:
        await work.closures.plan([
            Closure(
                number=done.number, citizen=done.reporter, resolved_at=done.closed_at, due=None,
                asked_at=NOW - timedelta(days=days), answer="no",
            )
            for days in (10,)
        ])  # fmt: skip
        await work.commit()
    expected = Counting(CITY, NOW)
    expected.add(life(one) for one in made)
    expected.say([Verdict(done.service, done.place.area or "", False)])
    async with database.view() as view:
        assert await view.towns.count(CITY, NOW) == expected.town()


async def test_open_tickets_are_counted_by_service_and_area(database: Database, clock: StillClock) -> None:
    await several(database, clock)
    async with database.view() as view:
        counts = await view.towns.open()
        page = await view.tickets.page(Query(limit=500))
    assert sum(counts.values()) == page.total
    for (service, area), count in counts.items():
        assert count == sum(one.service == service and (one.place.area or "") == area for one in page.rows)
