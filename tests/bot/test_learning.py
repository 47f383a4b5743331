"""A clerk corrects a service, and the model may learn from it."""

from dataclasses import replace

import pytest

from bot.learning import Correcting, UnknownService
from bot.notices import Unknown
from bot.ports import Lesson, Stale, Verdict
from channels.message import Contact, Inbound
from store.database import Database
from tests.samples import TICKET
from tests.store.everything import everything
from tests.town import CITY, START, Clock
from tickets.calendar import due_at
from tickets.model import CITIZEN, Change, Event, Field, Place, Status, Ticket
from tickets.workflow import NotAllowed, filed

TOLD = replace(
    TICKET, service="other", department="front", description="soy Ana Ruiz, farola apagada en calle 8 12\n5551234",
    place=Place(words="calle 8 12"), language="es", confidence=0.4, filed_at=START, due_at=START,
)  # fmt: skip


async def kept(database: Database, ticket: Ticket = TOLD) -> Ticket:
    async with database.work() as work:
        await work.inbox.accept(
            [Inbound(sender=Contact(channel="sms", address="1"), external_id="1", received_at=START)]
        )
        await work.tickets.file(ticket, filed(ticket, actor=CITIZEN))
        await work.commit()
    return ticket


async def lessons(database: Database, verdict: Verdict = Verdict.PROPOSED) -> list[Lesson]:
    async with database.view() as view:
        return list(await view.lessons.with_verdict(verdict, 100))


@pytest.fixture
def correct(database: Database) -> Correcting:
    return Correcting(database, CITY, Clock())


async def test_a_corrected_ticket_is_the_other_departments_and_promised_anew_from_its_filing(
    database: Database, correct: Correcting
) -> None:
    await kept(database)
    await correct(number=TOLD.number, service="lighting", version=1, login="ana")
    async with database.view() as view:
        ticket = await view.tickets.get(TOLD.number)
        *_, update = await view.tickets.history(TOLD.number)
        sent = await view.outbox.of_ticket(TOLD.number)
    service = CITY.service("lighting")
    assert ticket and service
    assert (ticket.service, ticket.department, ticket.version) == ("lighting", "electric", 2)
    assert ticket.due_at == due_at(START, service.target, CITY.calendar)
    assert update.event is Event.CORRECTED
    assert update.changes[0] == Change(field=Field.SERVICE, old="other", new="lighting")
    assert (update.old, update.new, update.public, sent) == (None, None, False, [])


async def test_what_was_written_becomes_a_proposed_example_that_tells_nobodys_name(
    database: Database, correct: Correcting, database_url: str
) -> None:
    await kept(database)
    await correct(number=TOLD.number, service="lighting", version=1, login="ana")
    (lesson,) = await lessons(database)
    assert lesson.text == "soy, farola apagada en [calle 0](location)"
    assert (lesson.number, lesson.service, lesson.language) == (TOLD.number, "lighting", "es")
    assert b"farola" not in await everything(database_url)
    assert "farola" not in repr(lesson)


async def test_a_second_correction_replaces_what_the_first_taught(database: Database, correct: Correcting) -> None:
    await kept(database)
    await correct(number=TOLD.number, service="lighting", version=1, login="ana")
    await correct(number=TOLD.number, service="tree", version=2, login="ana")
    assert [lesson.service for lesson in await lessons(database)] == ["tree"]


async def test_a_service_that_no_model_can_know_is_not_taught(database: Database) -> None:
    pond = replace(CITY.services[0], code="pond")
    await kept(database)
    city = replace(CITY, services=(*CITY.services, pond))
    await Correcting(database, city, Clock())(number=TOLD.number, service="pond", version=1, login="ana")
    assert await lessons(database) == []


async def test_a_photo_without_words_teaches_nothing(database: Database, correct: Correcting) -> None:
    await kept(database, replace(TOLD, description=""))
    await correct(number=TOLD.number, service="lighting", version=1, login="ana")
    assert await lessons(database) == []


@pytest.mark.parametrize(
    ("number", "service", "version", "status", "error"),
    [
        ("ZZZ-ZZZ", "lighting", 1, Status.RECEIVED, Unknown),
        (TOLD.number, "lighting", 2, Status.RECEIVED, Stale),
        (TOLD.number, "wish", 1, Status.RECEIVED, UnknownService),
        (TOLD.number, "other", 1, Status.RECEIVED, NotAllowed),
        (TOLD.number, "lighting", 1, Status.RESOLVED, NotAllowed),
    ],
)
async def test_what_cannot_be_corrected_changes_nothing(
    database: Database, correct: Correcting, number: str, service: str, version: int, status: Status, error: type
) -> None:
    closed_at = START if status is Status.RESOLVED else None
    await kept(database, replace(TOLD, status=status, closed_at=closed_at))
    with pytest.raises(error):
        await correct(number=number, service=service, version=version, login="ana")
    assert await lessons(database) == []
