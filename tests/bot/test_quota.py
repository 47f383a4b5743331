"""Nobody fills the disk alone: so many photos of one citizen are kept within a day, and never a word is lost by it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.inbox.pace import Limits
from bot.inbox.quota import within
from channels.message import Contact, Media
from handlers.effects import ChangeTicket, FileTicket, Follow
from handlers.say import Say, say
from handlers.turn import Answer, Citizen
from store.database import Database
from tests.bot.conftest import WHOLE
from tests.store.samples import NOON, citizen, file, ticket
from tests.town import ScriptedParser, Town, town
from tickets.model import CITIZEN
from tickets.workflow import comment

FULL = "más fotos de las que puedo guardar"
PICTURE = b"\xff\xd8\xff a picture"


@pytest.fixture
async def city(tmp_path: Path, database_url: str, parser: ScriptedParser) -> AsyncIterator[Town]:
    async with town(tmp_path, parser, database_url=database_url, limits=Limits(photos=2)) as place:
        yield place


async def reported(city: Town, phone: str = "p1") -> str:
    """The number of a report with a photo."""
    await city.says(WHOLE, phone=phone, photo=PICTURE)
    await city.presses("Sí", phone=phone)
    return (await city.tickets(phone=phone))[0].number


async def photos(city: Town, number: str) -> int:
    async with city.store.view() as view:
        found = await view.photos.of_ticket(number)
    assert all(one.name for one in found)  # each was fetched
    return len(found)


async def test_beyond_the_days_most_a_photo_is_not_kept_and_its_sender_is_told(city: Town) -> None:
    number = await reported(city)
    assert FULL not in "".join(await city.says(photo=PICTURE))
    assert FULL in "".join(await city.says(photo=PICTURE))
    assert await photos(city, number) == 2


async def test_the_words_of_a_photo_that_is_not_kept_stand_in_the_history(city: Town) -> None:
    number = await reported(city)
    await city.says(photo=PICTURE)
    assert FULL in "".join(await city.says(f"{number}: ya está peor", photo=PICTURE))
    async with city.store.view() as view:
        notes = [update.note for update in await view.tickets.history(number)]
        assert (await view.set_aside.page(0, 10)).total == 0
    assert any("ya está peor" in note for note in notes)
    assert await photos(city, number) == 2


async def test_a_report_is_filed_with_as_many_of_its_photos_as_fit(city: Town) -> None:
    await city.says(WHOLE, photo=PICTURE)
    await city.says(photo=PICTURE)
    await city.says(photo=PICTURE)
    assert FULL in "".join(await city.presses("Sí"))
    (filed,) = await city.tickets()
    assert await photos(city, filed.number) == 2


async def test_a_day_later_there_is_room_again(city: Town) -> None:
    number = await reported(city)
    await city.says(photo=PICTURE)
    city.clock.forward(hours=24, seconds=1)
    await city.says(f"{number}: otra foto", photo=PICTURE)
    assert await photos(city, number) == 3


async def test_what_one_sends_takes_nothing_from_another(city: Town) -> None:
    await reported(city)
    await city.says(photo=PICTURE)
    assert FULL not in "".join(await city.says(WHOLE, phone="p2", photo=PICTURE))


# The rule itself.


def media(*types: str) -> tuple[Media, ...]:
    return tuple(Media(reference=f"r{n}", content_type=type_) for n, type_ in enumerate(types))


def who(id_: int) -> Citizen:
    return Citizen(id=id_, contact=Contact(channel="telegram", address="1"))


def added(*types: str) -> ChangeTicket:
    changed, update = comment(ticket("A", 1), actor=CITIZEN, at=NOON, note="", public=False)
    return ChangeTicket(ticket=changed, update=update, media=media(*types))


async def sender(database: Database, *types: str) -> int:
    """Who has sent these for ticket A."""
    found = await citizen(database)
    await file(database, ticket("A", found))
    async with database.work() as work:
        await work.photos.add("A", "telegram", media(*types), NOON, found)
        await work.commit()
    return found


async def kept(database: Database, id_: int, *effects: ChangeTicket | FileTicket | Follow, most: int) -> Answer:
    async with database.view() as view:
        answer = Answer(replies=(say(Say.COMMENT_KEPT, number="A"),), effects=effects)
        return await within(view, who(id_), answer, most, NOON + timedelta(hours=1))


async def test_voice_notes_are_words_and_neither_counted_nor_left_out(database: Database) -> None:
    id_ = await sender(database, "audio/ogg; codecs=opus", "application/ogg", "image/jpeg")
    effect = added("image/jpeg", "audio/ogg", "image/png", "audio/amr")
    answer = await kept(database, id_, effect, most=2)
    (cut,) = answer.effects
    assert isinstance(cut, ChangeTicket)
    assert [one.content_type for one in cut.media] == ["image/jpeg", "audio/ogg", "audio/amr"]
    assert (cut.ticket, cut.update) == (effect.ticket, effect.update)


async def test_what_is_left_is_shared_by_all_that_a_message_does(database: Database) -> None:
    id_ = await sender(database, "image/jpeg")
    answer = await kept(
        database, id_, added("image/jpeg", "image/png"), Follow(number="A"), added("image/jpeg"), most=3
    )
    sizes = [len(one.media) if isinstance(one, ChangeTicket) else one for one in answer.effects]
    assert sizes == [2, Follow(number="A"), 0]
    assert [one.say for one in answer.replies] == [Say.PHOTOS_FULL, Say.COMMENT_KEPT]


async def test_without_a_limit_or_below_it_nothing_changes(database: Database) -> None:
    id_ = await sender(database, "image/jpeg", "image/jpeg")
    effect = added("image/jpeg")
    for most in (0, 3):
        answer = await kept(database, id_, effect, most=most)
        assert answer.effects == (effect,)
        assert [one.say for one in answer.replies] == [Say.COMMENT_KEPT]


async def test_who_is_told_nothing_is_not_told_this_either(database: Database) -> None:
    id_ = await sender(database, "image/jpeg")
    async with database.view() as view:
        answer = await within(view, who(id_), Answer(replies=(), effects=(added("image/jpeg"),)), 1, NOON)
    assert answer.replies == ()
