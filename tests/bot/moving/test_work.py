"""Cases of another system become tickets, on both databases."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.desk.seeing import clerk
from bot.moving.report import Outcome, Report
from bot.moving.rows import Item, Why
from bot.moving.table import form_of, rows
from bot.moving.work import PART
from bot.ports import Query, Store, Word
from bot.ports.moving import IMPORT
from handlers.phrases.stems import stems
from store.database import Database
from store.engine import parse_url
from tests.bot.moving.samples import (
    MAPPING,
    NAME,
    NOON,
    PHONE,
    imported,
    importing,
    line,
    one_by_one,
    outcomes,
    plan,
    table,
)
from tests.town import CITY
from tickets.model import Event, Field, Status, Ticket
from tickets.promise import is_late
from tickets.workflow import comment, move, postpone

BOLIVAR = "Av. Bolívar 123"


async def tickets(store: Store, **query: object) -> list[Ticket]:
    """All of them, open first."""
    async with store.view() as view:
        page = await view.tickets.page(Query(open=None, limit=500, **query))  # type: ignore[arg-type]
    return list(page.rows)


async def counted(url: str, *names: str) -> dict[str, int]:
    engine = create_async_engine(parse_url(url))
    async with engine.connect() as connection:
        found = {name: (await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one() for name in names}
    await engine.dispose()
    return found


async def test_a_case_is_filed_with_the_history_that_it_had(database: Database, tmp_path: Path) -> None:
    path = table(tmp_path, line("2019-77", estado="Cerrado", cierre="05/02/2026", lugar=BOLIVAR, detalle="muy hondo"))
    assert outcomes(await imported(database, path)) == {Outcome.FILED: 1}
    [ticket] = await tickets(database)
    assert ticket.service == "pothole"
    assert ticket.department == CITY.service("pothole").department  # type: ignore[union-attr]
    assert (ticket.status, ticket.channel, ticket.language) == (Status.RESOLVED, IMPORT, CITY.languages[0])
    assert ticket.filed_at == datetime(2026, 2, 1, 14, 30, tzinfo=UTC)
    assert ticket.closed_at == datetime(2026, 2, 5, 5, tzinfo=UTC)
    assert ticket.description == "hueco enorme\nmuy hondo"
    assert ticket.place.words == BOLIVAR
    assert ticket.place.point
    async with database.view() as view:
        first, second = await view.tickets.history(ticket.number)
    assert (first.event, first.at, first.version) == (Event.FILED, ticket.filed_at, 1)
    assert first.change(Field.FORMER).new == "2019-77"  # type: ignore[union-attr]
    assert (second.event, second.at, second.new) == (Event.MOVED, ticket.closed_at, Status.RESOLVED)
    assert ticket.version == 2


async def test_the_same_file_again_changes_nothing(database: Database, database_url: str, tmp_path: Path) -> None:
    path = table(tmp_path, *(line(str(n), fecha=f"{n % 28 + 1:02}/01/2026 10:00") for n in range(1200)))
    assert outcomes(await imported(database, path)) == {Outcome.FILED: 1200}
    before = await counted(database_url, "tickets", "updates", "moved_in", "citizens")
    assert outcomes(await imported(database, path, seed=2)) == {Outcome.SAME: 1200}
    assert await counted(database_url, "tickets", "updates", "moved_in", "citizens") == before
    assert before == {"tickets": 1200, "updates": 1200, "moved_in": 1200, "citizens": 1}


async def test_what_changed_there_changes_here_and_nothing_comes_twice(database: Database, tmp_path: Path) -> None:
    await imported(database, table(tmp_path, line("1"), line("2", asunto="otro hueco"), line("3")))
    closed = line("1", estado="Cerrado", cierre="20/02/2026")
    path = table(tmp_path, closed, line("2", tipo="alumbrado  público", asunto="una luz", lugar=BOLIVAR), line("3"))
    report = await imported(database, path)
    assert outcomes(report) == {Outcome.CHANGED: 2, Outcome.SAME: 1}
    assert len(await tickets(database)) == 3
    [resolved] = await tickets(database, status=Status.RESOLVED)
    assert resolved.closed_at == datetime(2026, 2, 20, 5, tzinfo=UTC)
    [lit] = await tickets(database, services=("lighting",))
    assert (lit.description, lit.place.words, lit.version) == ("una luz", BOLIVAR, 2)
    assert lit.department == CITY.service("lighting").department  # type: ignore[union-attr]
    assert outcomes(await imported(database, path)) == {Outcome.SAME: 3}


async def test_what_is_open_again_there_is_open_again_here(database: Database, tmp_path: Path) -> None:
    await imported(database, table(tmp_path, line("1", estado="Cerrado", cierre="20/02/2026")))
    await imported(database, table(tmp_path, line("1", estado="En curso")))
    [ticket] = await tickets(database)
    assert (ticket.status, ticket.closed_at) == (Status.IN_PROGRESS, None)
    assert ticket.due_at > NOON


async def test_a_date_that_is_promised_anew_there_is_promised_anew_here(database: Database, tmp_path: Path) -> None:
    for date, told, first in (
        ("10/03/2026", datetime(2026, 3, 10, 5, tzinfo=UTC), None),
        ("20/03/2026", datetime(2026, 3, 20, 5, tzinfo=UTC), datetime(2026, 3, 10, 5, tzinfo=UTC)),
        ("15/03/2026", datetime(2026, 3, 15, 5, tzinfo=UTC), datetime(2026, 3, 10, 5, tzinfo=UTC)),
        ("01/02/2026 10:00", datetime(2026, 3, 15, 5, tzinfo=UTC), datetime(2026, 3, 10, 5, tzinfo=UTC)),  # gone
    ):
        await imported(database, table(tmp_path, line("1", compromiso=date)))
        [ticket] = await tickets(database)
        assert (ticket.due_at, ticket.first_due_at) == (told, first)


async def test_a_date_that_was_missed_here_makes_the_ticket_nobodys_work(database: Database, tmp_path: Path) -> None:
    await imported(database, table(tmp_path, line("1", compromiso="10/03/2026")))
    [ticket] = await tickets(database)
    later = NOON + timedelta(days=30)
    async with database.work() as work:
        await work.tickets.change(*postpone(ticket, later + timedelta(days=5), at=later))
        await work.commit()
    path = table(tmp_path, line("1", estado="Cerrado", cierre="25/03/2026", compromiso="10/03/2026"))
    assert outcomes(await imported(database, path, at=later)) == {Outcome.CHANGED: 1}
    [closed] = await tickets(database)
    assert (closed.status, closed.closed_at) == (Status.RESOLVED, datetime(2026, 3, 25, 5, tzinfo=UTC))
    assert outcomes(await imported(database, path, at=later)) == {Outcome.SAME: 1}


async def test_a_ticket_that_a_clerk_worked_on_is_theirs(database: Database, tmp_path: Path) -> None:
    await imported(database, table(tmp_path, line("1")))
    [ticket] = await tickets(database)
    noted, update = comment(ticket, actor=clerk("marta"), at=NOON, note="ya fuimos", public=False)
    async with database.work() as work:
        await work.tickets.change(noted, update)
        await work.commit()
    report = await imported(database, table(tmp_path, line("1", estado="Cerrado", cierre="20/02/2026")))
    assert outcomes(report) == {Outcome.WORKED: 1}
    assert await tickets(database) == [noted]


async def test_what_was_deleted_here_does_not_come_again(
    database: Database, database_url: str, tmp_path: Path
) -> None:  # fmt: skip
    await imported(database, table(tmp_path, line("1"), line("2")))
    [one, _] = await tickets(database)
    engine = create_async_engine(parse_url(database_url))
    async with engine.begin() as connection:
        for name in ("updates", "ticket_words", "tickets"):
            await connection.execute(text(f"DELETE FROM {name} WHERE number = :number"), {"number": one.number})
    await engine.dispose()
    report = await imported(database, table(tmp_path, line("1", asunto="x"), line("2", asunto="x")))
    assert outcomes(report) == {Outcome.GONE: 1, Outcome.CHANGED: 1}
    assert len(await tickets(database)) == 1


async def test_a_dry_run_writes_nothing_and_says_what_would_be_done(
    database: Database, database_url: str, tmp_path: Path
) -> None:  # fmt: skip
    before = await counted(database_url, "tickets", "updates", "moved_in", "citizens", "cursors")
    path = table(tmp_path, line("1"), line("2", tipo="Ruido raro"), line("3", estado="¿?"), line("4", tipo="Trámites"))
    report = await imported(database, path, dry=True)
    assert outcomes(report) == {Outcome.FILED: 1}
    assert report.reasons == {Why.SERVICE: 1, Why.STATUS: 1, Why.LEFT: 1}
    lines = "\n".join(report.lines(dry=True))
    for said in ("4 rows: a dry run", "1 would be filed", "3 refused", "Ruido raro", "¿?", "row 3: its service is not"):
        assert said in lines
    assert await counted(database_url, *before) == before
    await imported(database, path)
    report = await imported(database, table(tmp_path, line("1", asunto="x")), dry=True)
    assert outcomes(report) == {Outcome.CHANGED: 1}
    assert "1 would be changed" in "\n".join(report.lines(dry=True))


async def test_bad_rows_never_stop_the_rest(database: Database, tmp_path: Path) -> None:
    bad = (
        "only;three;cells", line(""), line("x" * 101), line("5", fecha="ayer"), line("6", fecha="01/01/1890"),
        line("7", fecha="01/01/2030"), line("8", estado="Cerrado"), line("9", estado="Cerrado", cierre="01/01/2026"),
        line("10", lat="91", lon="0"), line("11", lat="aquí", lon="0"), line("12", cierre="ñ", estado="Cerrado"),
        line("13", compromiso="pronto"), line("1"),
    )  # fmt: skip
    report = await imported(database, table(tmp_path, line("1"), *bad, "", line("2")))
    assert outcomes(report) == {Outcome.FILED: 2}
    assert report.reasons == {
        Why.CELLS: 1, Why.NO_NUMBER: 2, Why.FILED: 1, Why.EARLY: 1, Why.FUTURE: 1, Why.UNDATED: 1, Why.ORDER: 1,
        Why.POINT: 2, Why.CLOSED: 1, Why.DUE: 1, Why.TWICE: 1,
    }  # fmt: skip
    assert [one.at for one in report.examples] == list(range(3, 16))


async def test_nobody_is_told_of_what_comes_or_of_what_becomes_of_it(
    database: Database, database_url: str, tmp_path: Path
) -> None:  # fmt: skip
    await imported(database, table(tmp_path, line("1"), line("2", estado="Cerrado", cierre="20/02/2026")))
    assert await counted(database_url, "outbox", "closures", "escalations") == {
        "outbox": 0, "closures": 0, "escalations": 0
    }  # fmt: skip
    [ticket, _] = await tickets(database)
    async with database.view() as view:
        reporter = await view.citizens.get(ticket.reporter)
    assert reporter
    assert (reporter.contact.channel, reporter.opted_out) == (IMPORT, True)


async def test_an_old_open_case_is_not_late_on_the_day_of_the_move(database: Database, tmp_path: Path) -> None:
    old, told = line("1", fecha="01/03/2019 10:00"), line("2", compromiso="30/03/2026", fecha="28/02/2026")
    await imported(database, table(tmp_path, old, told))
    by_due = {ticket.filed_at.year: ticket for ticket in await tickets(database)}
    assert not any(is_late(ticket, NOON) for ticket in by_due.values())
    assert NOON < by_due[2019].due_at < NOON + timedelta(days=30)
    assert by_due[2026].due_at == datetime(2026, 3, 30, 5, tzinfo=UTC)  # as it was promised there
    async with database.view() as view:
        assert await view.tickets.overdue(NOON, 10) == []


async def test_a_closed_case_keeps_the_date_that_it_was_promised_for(database: Database, tmp_path: Path) -> None:
    path = table(tmp_path, line("1", estado="Cerrado", cierre="20/02/2026", compromiso="10/02/2026"))
    await imported(database, path)
    [ticket] = await tickets(database)
    assert ticket.due_at == datetime(2026, 2, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize("words", ["2019-00123", "00123", "hueco"])
async def test_a_ticket_is_found_by_the_number_that_it_had(database: Database, tmp_path: Path, words: str) -> None:
    await imported(database, table(tmp_path, line("2019-00123"), line("2020-00999", asunto="basura")))
    found = await tickets(database, words=tuple(Word(stem=one) for one in sorted(stems(words))))
    assert [ticket.description for ticket in found] == ["hueco enorme"]
    async with database.work() as work:
        await work.search.reindex_tickets("", 10)
        await work.commit()
    assert await tickets(database, words=tuple(Word(stem=one) for one in sorted(stems(words)))) == found


async def test_columns_that_the_mapping_does_not_name_are_nowhere(
    database: Database, database_url: str, tmp_path: Path
) -> None:  # fmt: skip
    await imported(database, table(tmp_path, line("1")))
    [ticket] = await tickets(database)
    async with database.view() as view:
        history = await view.tickets.history(ticket.number)
    told = f"{ticket!r}{history!r}{ticket.description}{ticket.place.words}"
    assert NAME not in told
    assert PHONE not in told


async def test_an_import_that_was_killed_goes_on_where_it_was(database: Database, tmp_path: Path) -> None:
    path = table(tmp_path, *(line(str(n)) for n in range(PART * 2 + 10)))

    class Killed(Exception):
        pass

    async def dying() -> AsyncIterator[Item]:
        for item in rows(path, form_of(path, plan())):
            if item.at > PART + 20:
                raise Killed
            yield item

    with pytest.raises(Killed):
        await importing(database).run(dying(), Report())
    assert len(await tickets(database)) == PART
    assert outcomes(await imported(database, path)) == {Outcome.SAME: PART, Outcome.FILED: PART + 10}


async def test_two_imports_at_once_file_nothing_twice(
    database: Database, second: Database, database_url: str, tmp_path: Path
) -> None:  # fmt: skip
    path = table(tmp_path, line("1"), line("2"))
    one, other = importing(database), importing(second, seed=2)
    items = list(rows(path, form_of(path, plan())))

    async def overtaken() -> AsyncIterator[Item]:
        for item in items:
            yield item
        await other.run(one_by_one(items), Report())

    report = Report()
    await one.run(overtaken(), report)
    assert outcomes(report) == {Outcome.SAME: 2}
    assert (await counted(database_url, "tickets"))["tickets"] == 2


async def test_sources_do_not_mix(database: Database, tmp_path: Path) -> None:
    path = table(tmp_path, line("1"))
    await imported(database, path)
    other = plan(MAPPING.replace("old-crm", "paper"))
    assert outcomes(await imported(database, path, other, seed=2)) == {Outcome.FILED: 1}
    assert len(await tickets(database)) == 2


async def test_a_clerk_works_an_imported_ticket_as_any_other(database: Database, tmp_path: Path) -> None:
    await imported(database, table(tmp_path, line("1")))
    [ticket] = await tickets(database)
    moved, update = move(ticket, Status.TRIAGED, CITY.calendar, actor=clerk("marta"), at=NOON)
    async with database.work() as work:
        await work.tickets.change(moved, update)
        await work.commit()
    assert await tickets(database) == [replace(moved)]
