"""What rules of retention take, what they leave, and what is told of what is gone; on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.ports import Closure, Lesson, Rating, Taken
from bot.ports.public import Clearing
from channels.message import Media
from store.database import Database
from store.seal import Seal
from store.tables import closures, inbox, outbox, ratings
from tests.store.everything import opened
from tests.store.samples import ANA, BEA, NOON, SECRET, citizen, file, queued, ticket
from tests.town import CITY
from tickets.model import Actor, Author, Event, Place, Point, Status, Ticket
from tickets.retention import Duty, Hold, Rule
from tickets.workflow import comment, follow, move, reopen

DAY = timedelta(days=1)
WORD = "zanahoria"
CLERK = Actor(author=Author.CLERK, name="marta")
CLOSED = NOON + DAY
LATER = CLOSED + 400 * DAY
YEAR = timedelta(days=365)


def rule(do: Duty, **more: object) -> Rule:
    return Rule(after=YEAR, do=do, **more)  # type: ignore[arg-type]


async def lived(database: Database, number: str, *, service: str = "pothole", close: datetime | None = CLOSED) -> None:
    """A report with all that one may have: words of two people, a photo, ratings, a clerk's note."""
    ana, bea = await citizen(database, ANA), await citizen(database, BEA)
    place = Place(words=f"casa de {WORD}", point=Point(latitude=14.6, longitude=-66.5), street="Calle 8", area="centro")
    one = ticket(number, ana, service=service, place=place, description=f"soy {WORD}", answers=(("word", WORD),))
    await file(database, one)
    async with database.work() as work:
        one, note = comment(one, actor=CLERK, at=NOON, note=f"vi a {WORD}", public=True)
        await work.tickets.change(one, note)
        one, joined = follow(one, at=NOON, note=WORD, urgent_from=9)
        await work.tickets.change(one, joined)
        await work.followers.add(number, bea, NOON)
        await work.photos.add(number, "sms", [Media(reference=WORD, content_type="image/png")], NOON, ana)
        await work.public.clear(number, Clearing(words=WORD, news=WORD, at=NOON, login="marta"))
        await work.lessons.propose(Lesson(number=number, language="es", service="pothole", text=WORD), NOON)
        if close:
            one, moved = move(one, Status.RESOLVED, CITY.calendar, actor=CLERK, at=close, note=WORD)
            await work.tickets.change(one, moved)
            for who in (ana, bea):
                await work.ratings.rate(Rating(number=number, citizen=who, at=close, score=4, word=WORD))
            await work.closures.plan([
                Closure(number=number, citizen=who, resolved_at=close, due=close) for who in (ana, bea)
            ])  # fmt: skip
        await work.commit()


async def carried(database: Database, one: Rule, now: datetime = LATER, limit: int = 50) -> int:
    count, since = 0, None
    while True:
        async with database.work() as work:
            part = await work.retention.carry(one, now, since, limit)
            await work.retention.ran(now, one, part.reports)
            await work.commit()
        count, since = count + part.reports, part.next
        if since is None:
            return count


async def got(database: Database, number: str) -> Ticket | None:
    async with database.view() as view:
        return await view.tickets.get(number)


async def where(url: str, word: str = WORD) -> set[str]:
    return {name for name, held in (await opened(url, Seal(SECRET))).items() if word.encode() in held}


async def test_words_go_and_the_case_stays(database: Database, database_url: str) -> None:
    await lived(database, "RED-ACT")
    assert await carried(database, rule(Duty.REDACT_TEXT)) == 1
    one = await got(database, "RED-ACT")
    assert one
    assert (one.description, one.place.words, one.answers, one.followers) == ("", "", (), 1)
    assert one.place.point
    assert await where(database_url) == {"photos"}
    async with database.view() as view:
        last = (await view.tickets.history("RED-ACT"))[-1]
    assert (last.event, last.version) == (Event.TRIMMED, one.version)


async def test_it_is_found_by_no_word_any_more(database: Database) -> None:
    await lived(database, "RED-ACT")
    await carried(database, rule(Duty.REDACT_TEXT))
    async with database.view() as view:
        shown = await view.public.get("RED-ACT", CITY)
    assert shown
    assert (shown.words, shown.news) == (None, None)


async def test_photos_go_with_their_files(database: Database, database_url: str) -> None:
    await lived(database, "PHO-TOS")
    async with database.work() as work:
        [photo] = await work.photos.claim("test", NOON, 60, 1)
        await work.photos.fetched(photo, "a/name", NOON)
        await work.commit()
    await carried(database, rule(Duty.DELETE_MEDIA))
    async with database.view() as view:
        assert await view.photos.of_ticket("PHO-TOS") == []
        assert await view.photos.doomed(9) == ["a/name"]


async def test_nobody_is_behind_it_any_more_and_figures_count_as_before(database: Database, database_url: str) -> None:
    await lived(database, "ANO-NYM")
    async with database.work() as work:
        await work._tx.execute(delete(inbox))  # as a week after the answer
        await work.commit()
    await carried(database, rule(Duty.ANONYMISE_REPORTER))
    assert ANA.address[1:] not in str(await opened(database_url, Seal(SECRET)))
    async with database.view() as view:
        assert await view.citizens.find(ANA) is None
        assert await view.citizens.find(BEA) is None
        assert len((await view._tx.execute(select(closures))).all()) == 2
        assert [row.score for row in await view._tx.execute(select(ratings))] == [4, 4]


async def test_who_has_another_report_is_still_known_by_it(database: Database) -> None:
    await lived(database, "ANO-NYM")
    await lived(database, "YOU-NGR", close=LATER)
    await carried(database, rule(Duty.ANONYMISE_REPORTER))
    async with database.view() as view:
        ana = await view.citizens.find(ANA)
        assert ana
        assert [one.number for one in await view.tickets.of_reporter(ana.id, 9)] == ["YOU-NGR"]


async def test_a_tombstone_stays_and_its_number_is_never_given_again(database: Database, database_url: str) -> None:
    await lived(database, "GON-GON")
    await carried(database, rule(Duty.DELETE_CASE))
    assert await got(database, "GON-GON") is None
    assert await where(database_url) == set()
    assert await where(database_url, "GON-GON") == {"tombstones"}
    async with database.view() as view:
        stone = await view.retention.buried("GON-GON")
        counted = await view.tickets.count_by_status()
    assert stone
    assert (stone.service, stone.area, stone.closed_at, stone.deleted_at) == ("pothole", "centro", CLOSED, LATER)
    assert sum(counted.values()) == 0
    ana = await citizen(database, ANA)
    with pytest.raises(Taken):
        await file(database, ticket("GON-GON", ana))


async def test_what_is_open_never_grows_old(database: Database) -> None:
    await lived(database, "OPE-NED", close=None)
    for duty in Duty:
        assert await carried(database, rule(duty), LATER + 9000 * DAY) == 0


async def test_what_is_held_is_left_alone_until_it_is_released(database: Database) -> None:
    await lived(database, "HEL-DDD")
    async with database.work() as work:
        await work.retention.hold(Hold(number="HEL-DDD", at=LATER, login="sofia"))
        await work.commit()
    assert await carried(database, rule(Duty.DELETE_CASE)) == 0
    async with database.work() as work:
        assert await work.retention.held("HEL-DDD")
        await work.retention.release("HEL-DDD")
        await work.commit()
    assert await carried(database, rule(Duty.DELETE_CASE)) == 1


async def test_a_rule_takes_only_its_status_and_service(database: Database) -> None:
    await lived(database, "POT-HOL")
    await lived(database, "TRE-EEE", service="tree")
    assert await carried(database, rule(Duty.REDACT_TEXT, status=Status.DECLINED)) == 0
    assert await carried(database, rule(Duty.REDACT_TEXT, status=Status.RESOLVED, service="tree")) == 1
    one = await got(database, "POT-HOL")
    assert one
    assert one.description


async def test_it_is_done_once_in_parts_and_again_after_it_was_open_again(database: Database) -> None:
    for number in ("AAA-AAA", "BBB-BBB", "CCC-CCC"):  # closed at one instant
        await lived(database, number)
    redact = rule(Duty.REDACT_TEXT)
    async with database.view() as view:
        assert await view.retention.due(redact, LATER) == {("pothole", NOON.year): 3}
    assert await carried(database, redact, limit=2) == 3
    assert await carried(database, redact) == 0
    async with database.view() as view:
        assert sum(one.reports for one in await view.retention.runs(9)) == 3
    async with database.work() as work:
        one = await work.tickets.get("AAA-AAA")
        assert one
        one, again = reopen(one, at=LATER + DAY)
        await work.tickets.change(one, again)
        one, closed = move(one, Status.RESOLVED, CITY.calendar, actor=CLERK, at=LATER + 2 * DAY, note="otra vez")
        await work.tickets.change(one, closed)
        await work.commit()
    assert await carried(database, redact, LATER + 2 * YEAR) == 1


async def test_what_was_sent_of_it_goes_and_what_waits_is_kept(database: Database, database_url: str) -> None:
    await lived(database, "SEN-TTT")
    ana = await citizen(database, ANA)
    async with database.work() as work:
        await work.outbox.enqueue([queued("later", ana, number="SEN-TTT"), queued("sent", ana, number="SEN-TTT")], NOON)
        await work._tx.execute(update(outbox).where(outbox.c.key == "sent").values(done_at=NOON))
        await work.commit()
    await carried(database, rule(Duty.REDACT_TEXT))
    assert await where(database_url, "text of sent") == set()
    assert await where(database_url, "text of later") == {"outbox"}


async def test_the_year_of_each_is_told_before(database: Database) -> None:
    await lived(database, "AAA-AAA")
    async with database.view() as view:
        assert await view.retention.due(rule(Duty.DELETE_CASE), CLOSED + DAY) == {}
        assert await view.retention.due(rule(Duty.DELETE_CASE), LATER) == {("pothole", NOON.year): 1}
