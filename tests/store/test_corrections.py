"""A correction comes back from the store with old and new, and its words stand nowhere in clear."""

import pytest
from sqlalchemy import select

from bot.ports import Stale
from store.database import Database
from store.tables import updates
from tests.store.samples import NOON, citizen, file, ticket
from tests.town import CITY
from tickets.model import CITIZEN, Change, Field, Place, Point
from tickets.workflow import correct

PLACE = Place(words="frente a la casa de Ana", point=Point(latitude=14.6, longitude=-66.5), street="Calle 8")


async def test_old_and_new_are_kept_sealed(database: Database) -> None:
    filed = ticket("A", await citizen(database))
    await file(database, filed)
    service = CITY.service("tree")
    changed, update = correct(
        filed, CITY.calendar, service=service, place=PLACE, actor=CITIZEN, at=NOON, note="es un árbol, soy Ana"
    )
    async with database.work() as work:
        await work.tickets.change(changed, update)
        await work.commit()
    async with database.view() as view:
        assert await view.tickets.get("A") == changed
        assert (await view.tickets.history("A"))[-1] == update
        rows = list(await view._tx.execute(select(updates).where(updates.c.number == "A")))  # type: ignore[attr-defined]
    assert Change(field=Field.SERVICE, old=filed.service, new="tree") in update.changes
    assert update.change(Field.PLACE) == Change(field=Field.PLACE, old=filed.place.words, new=PLACE.words)
    assert b"Ana" not in b"".join(value for row in rows for value in row if isinstance(value, bytes))
    assert "Ana" not in str([value for row in rows for value in row if isinstance(value, str)])


async def test_who_corrects_an_older_version_is_told_so(database: Database) -> None:
    filed = ticket("A", await citizen(database))
    await file(database, filed)
    one = correct(filed, CITY.calendar, place=PLACE, actor=CITIZEN, at=NOON)
    other = correct(filed, CITY.calendar, service=CITY.service("tree"), actor=CITIZEN, at=NOON)
    async with database.work() as work:
        await work.tickets.change(*one)
        await work.commit()
    with pytest.raises(Stale):
        async with database.work() as work:
            await work.tickets.change(*other)
            await work.commit()
