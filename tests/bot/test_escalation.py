"""Staff are told of near and missed dates: level by level, each once, whatever happens between."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.escalation import ladder
from bot.jobs import talking
from bot.promises import Promises
from bot.schedule import Schedule
from bot.telling import Telling
from store.database import Database
from tests.bot.escalating import (
    ALL,
    HEAD,
    LATE,
    LATER,
    MAIL,
    NEAR,
    NEARER,
    NUMBER,
    ROADS,
    WORDS,
    at,
    city,
    days,
    hours,
    levels,
    local,
    look,
    move,
    pothole,
    schedule,
    stored,
    told,
)
from tests.store.samples import StillClock, citizen, file
from tickets.calendar import due_at, worked
from tickets.model import Place, Status
from tickets.staff import DESK, Level, Side, side_of, span_of


@pytest.fixture
async def ana(database: Database) -> int:
    return await citizen(database)


async def test_level_by_level_each_role_is_told_once_before_and_after_the_date(
    database: Database, clock: StillClock, ana: int
) -> None:
    await file(database, pothole(ana, due=local(24, 17)))
    assert await at(database, clock, city(), local(23, 16.9)) == []
    near = await at(database, clock, city(), local(24, 8))
    assert near == [
        f"telegram: {NUMBER}, Bache, Avenida Bolívar, Centro (Vialidad): plazo restante: 9 horas hábiles o menos, prometido para el martes 24, 5:00 p.m.\nEn la mesa de atención: https://vecino.example/desk/tickets/{NUMBER}",
        f"email: {NUMBER}, Buraco na rua, Avenida Bolívar, Centro (Obras viárias): prazo restante: 9 horas úteis ou menos, prometido para terça-feira 24, 17:00\nNo painel: https://vecino.example/desk/tickets/{NUMBER}",
    ]
    (nearer,) = await at(database, clock, city(), local(24, 15.1))
    assert nearer.startswith(f"sms: {NUMBER}, Pothole, Avenida Bolívar, Centro (Roads): 2 working hours or less left")
    assert await at(database, clock, city(), local(24, 16.9)) == []
    assert await at(database, clock, city(), local(24, 17.1)) == []  # missed: nobody works, and the citizen is told
    assert (await stored(database)).postponed == 1
    assert await at(database, clock, city(), local(25, 16.9)) == []
    late = await at(database, clock, city(), local(26, 8))
    assert [one.partition(":")[0] for one in late] == ["telegram", "email"]
    assert "1 día hábil o más de atraso, se prometió primero para el mar 24 de nov" in late[0]
    assert [one[:3] for one in await at(database, clock, city(), local(30, 8))] == ["sms"]
    assert await levels(database, NUMBER) == [-9, -2, 1000, 3000]
    assert await at(database, clock, city(), local(30, 12)) == []


async def test_no_word_of_the_citizen_is_in_it_and_an_e_mail_has_a_subject(
    database: Database, clock: StillClock, ana: int
) -> None:
    nowhere = Place(words="frente a la casa de doña Ana")
    await file(database, pothole(ana, due=local(24, 17), place=nowhere))
    await at(database, clock, city(), local(24, 9))
    said = await told(database)
    assert all("Ana" not in one.text + one.subject for one in said)
    (mail,) = await told(database, MAIL)
    assert mail.subject.startswith(f"{NUMBER}, Buraco na rua, rua não identificada (Obras viárias): prazo restante")
    assert "\n" not in mail.subject


async def test_without_an_address_of_ours_there_is_no_link(database: Database, clock: StillClock, ana: int) -> None:
    await file(database, pothole(ana, due=local(24, 17)))
    clock.time = local(24, 9)
    jobs = [job for job in talking(city(), WORDS) if job.name == "escalation"]
    await Schedule(database, clock, jobs).look()
    assert all("http" not in one.text and "\n" not in one.text for one in await told(database))


async def test_many_at_once_are_one_message_with_a_count_and_the_first_numbers(
    database: Database, clock: StillClock, ana: int
) -> None:
    numbers = [f"{n:03}-000" for n in range(50)]
    await file(database, *(pothole(ana, number, due=local(24, 17)) for number in numbers))
    (chat, mail) = await at(database, clock, city(NEAR), local(24, 9))
    assert chat == (
        "telegram: 50 reportes con un plazo restante de 9 horas hábiles o menos: 000-000, 001-000, 002-000 ...\n"
        "En la mesa de atención: https://vecino.example/desk"
    )
    assert mail.startswith("email: 50 pedidos com prazo restante de 9 horas úteis ou menos: 000-000")
    await file(database, pothole(ana, "FFF-000", due=local(24, 17)))
    assert len(await at(database, clock, city(NEAR), local(24, 9.1))) == 2  # the new one alone
    assert "FFF-000, " in (await told(database))[-1].text


async def test_who_has_two_roles_hears_it_once(database: Database, clock: StillClock, ana: int) -> None:
    head = Level(side=Side.BEFORE, span=hours(9), to=("head", "roads"))
    both = city(head, NEAR)
    twice = replace(both, staff=(*both.staff, replace(both.staff[0], code="deputy")))
    await file(database, pothole(ana, due=local(24, 17)))
    assert len(await at(database, clock, twice, local(24, 9))) == 3
    assert await levels(database, NUMBER) == [-9]


@pytest.mark.parametrize(
    ("level", "hears"),
    [
        (replace(NEARER, departments=("roads",)), True),
        (replace(NEARER, departments=("water",)), False),
        (replace(NEARER, services=("pothole", "tree")), True),
        (replace(NEARER, services=("tree",)), False),
        (replace(NEARER, departments=("roads",), services=("tree",)), False),
    ],
)
async def test_a_level_may_be_of_some_departments_or_services(
    database: Database, clock: StillClock, ana: int, level: Level, hears: bool
) -> None:
    await file(database, pothole(ana, due=local(24, 17)))
    assert bool(await at(database, clock, city(level), local(24, 16))) == hears


async def test_after_a_long_stop_only_the_highest_level_is_told(
    database: Database, clock: StillClock, ana: int
) -> None:
    await file(database, pothole(ana, due=local(17, 17)))
    (only,) = await at(database, clock, city(), local(27, 9))
    assert "late by 3 working days or more, promised at first for Tue, Nov 17" in only
    assert await at(database, clock, city(), local(27, 10)) == []
    assert await levels(database, NUMBER) == [3000]


async def test_after_a_stop_only_the_level_nearest_to_the_date_is_told(
    database: Database, clock: StillClock, ana: int
) -> None:
    await file(database, pothole(ana, due=local(24, 17)))
    assert [one[:3] for one in await at(database, clock, city(), local(24, 16))] == ["sms"]
    assert await at(database, clock, city(), local(24, 16.2)) == []


async def test_what_waits_or_is_closed_is_not_told(database: Database, clock: StillClock, ana: int) -> None:
    for number in ("000-000", "111-111"):
        await file(database, pothole(ana, number, due=local(24, 17)))
    clock.time = local(23)
    await move(database, clock, city(), Status.WAITING, "000-000")
    await move(database, clock, city(), Status.RESOLVED, "111-111")
    assert await at(database, clock, city(), local(24, 16)) == []
    assert await at(database, clock, city(), local(27, 9)) == []


async def test_a_date_that_a_wait_has_moved_is_told_anew_and_being_late_is_not(
    database: Database, clock: StillClock, ana: int
) -> None:
    """Missed on Tuesday, late by a day on Wednesday; it waits from Thursday 8:00 to Monday 8:00 and goes on."""
    await file(database, pothole(ana, due=local(17, 17)))
    assert await at(database, clock, city(LATE, LATER), local(17, 17.1)) == []
    assert len(await at(database, clock, city(LATE, LATER), local(19, 8))) == 2
    await move(database, clock, city(), Status.WAITING)
    assert await at(database, clock, city(LATE, LATER), local(20, 12)) == []
    clock.time = local(23, 8)
    await move(database, clock, city(), Status.IN_PROGRESS)
    assert await at(database, clock, city(LATE, LATER), local(23, 8.1)) == []
    assert await at(database, clock, city(LATE, LATER), local(24, 16)) == []
    assert [one[:3] for one in await at(database, clock, city(LATE, LATER), local(25, 8))] == ["sms"]
    assert await levels(database, NUMBER) == [1000, 3000]


async def test_a_ticket_that_opens_again_is_late_only_by_its_new_date(
    database: Database, clock: StillClock, ana: int
) -> None:
    await file(database, pothole(ana, due=local(16, 17)))
    await at(database, clock, city(LATE), local(16, 17.1))
    assert len(await at(database, clock, city(LATE), local(18))) == 2
    await move(database, clock, city(), Status.RESOLVED)
    clock.time = local(30)
    await move(database, clock, city(), Status.IN_PROGRESS)
    anew = (await stored(database)).due_at
    assert anew == due_at(local(30), days(5), city().calendar)
    for when in (local(30, 8.1), anew - timedelta(hours=1), anew + timedelta(minutes=5)):
        assert await at(database, clock, city(LATE), when) == []
    assert len(await at(database, clock, city(LATE), due_at(anew, days(1), city().calendar) + timedelta(hours=15))) == 2
    assert await levels(database, NUMBER) == [1000, 1000]
    assert f"prometió primero para el {WORDS.value(anew, 'es')}\n" in (await told(database, ROADS))[-1].text


async def test_what_opens_again_is_not_told_of_a_date_as_it_is_promised(
    database: Database, clock: StillClock, ana: int
) -> None:
    await file(database, pothole(ana, due=local(23, 17)))
    of = city(Level(side=Side.BEFORE, span=days(6), to=("head",)), NEARER)  # longer than what is promised
    clock.time = local(17)
    await move(database, clock, of, Status.RESOLVED)
    clock.time = local(30)
    await move(database, clock, of, Status.IN_PROGRESS)
    new = (await stored(database)).due_at
    assert new == due_at(local(30), days(5), of.calendar)
    assert await at(database, clock, of, local(30, 8.1)) == []
    assert len(await at(database, clock, of, new - timedelta(hours=1))) == 1


async def test_the_new_date_after_a_missed_one_has_its_own_levels_before_it(
    database: Database, clock: StillClock, ana: int
) -> None:
    await file(database, pothole(ana, due=local(17, 17)))
    assert len(await at(database, clock, city(NEARER), local(17, 16))) == 1
    await at(database, clock, city(NEARER), local(17, 17.1))
    new = (await stored(database)).due_at
    assert await at(database, clock, city(NEARER), new - timedelta(hours=3)) == []
    assert len(await at(database, clock, city(NEARER), new - timedelta(hours=1))) == 1
    assert await levels(database, NUMBER) == [-2, -2]


async def test_what_is_promised_for_no_longer_than_a_level_is_not_told_as_it_is_filed(
    database: Database, clock: StillClock, ana: int
) -> None:
    filed = local(23, 10)
    short = due_at(filed, hours(9), city().calendar)
    await file(database, pothole(ana, due=short, filed_at=filed))
    assert await at(database, clock, city(NEAR, NEARER), local(23, 10.1)) == []
    assert [one[:3] for one in await at(database, clock, city(NEAR, NEARER), short - timedelta(hours=1))] == ["sms"]


async def test_the_citizen_hears_of_a_missed_date_before_the_staff(
    database: Database, clock: StillClock, ana: int
) -> None:
    """Also where the job of the promises is not done yet: then staff hear nothing of it."""
    await file(database, pothole(ana, due=local(16, 17)))
    clock.time = local(27, 9)
    await schedule(database, clock, city(), names=["escalation"]).look()
    assert await told(database) == []
    await schedule(database, clock, city()).look()
    clock.time += timedelta(minutes=5)
    await schedule(database, clock, city()).look()
    assert len(await told(database)) == 1
    async with database.work() as work:
        order = [one.outbound.recipient.channel for one in await work.outbox.claim("one", clock.now(), 30, 10)]
    assert len(order) == 2
    async with database.view() as view:
        assert len(await view.outbox.of_ticket(NUMBER)) == 1


async def test_while_many_citizens_wait_for_new_dates_staff_hear_of_near_ones_alone(
    database: Database, clock: StillClock, ana: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And then of the missed ones together."""
    monkeypatch.setattr("bot.escalation.BEHIND", 2)
    missed = [f"00{n}-000" for n in range(4)]
    await file(database, *(pothole(ana, number, due=local(17, 17)) for number in missed))
    await file(database, pothole(ana, due=local(24, 11)))
    clock.time = local(24, 10)
    async with database.work() as work:
        promises = Promises(city=city(), telling=Telling(WORDS, city()))
        await promises.postpone(work, await stored(database, missed[0]), clock.now())
        await work.commit()
    await schedule(database, clock, city(), names=["escalation"]).look()
    assert [one.text[:7] for one in await told(database)] == [NUMBER]
    (said,) = await at(database, clock, city(LATER), local(24, 10.2))
    assert said.startswith("sms: 4 reports are late by 3 working days or more: 000-000, 001-000, 002-000 ...")


async def test_nobody_is_told_while_nobody_works(database: Database, clock: StillClock, ana: int) -> None:
    await file(database, pothole(ana, due=local(24, 12)))
    sunday = replace(NEAR, span=days(2))
    for when in (local(22, 12), local(23, 7.9), local(23, 17), local(23, 23)):
        assert await at(database, clock, city(sunday), when) == []
    assert len(await at(database, clock, city(sunday), local(24, 8))) == 2


async def test_a_calendar_that_never_opens_tells_nobody_and_breaks_nothing(
    database: Database, clock: StillClock, ana: int
) -> None:
    await file(database, pothole(ana, due=local(24, 17)))
    never = city(calendar=replace(city().calendar, opening={}))
    assert await at(database, clock, never, local(24, 16)) == []
    assert (await at(database, clock, city(), local(24, 16.2)))[0][:3] == "sms"


async def test_a_clock_set_back_tells_nothing_twice(database: Database, clock: StillClock, ana: int) -> None:
    await file(database, pothole(ana, due=local(17, 17)))
    await at(database, clock, city(), local(17, 9))
    await at(database, clock, city(), local(17, 17.1))
    await at(database, clock, city(), local(19, 9))
    before = await levels(database, NUMBER)
    for when in (local(16, 9), local(17, 9), local(17, 16.9), local(19, 8.5), local(19, 9.5)):
        assert await at(database, clock, city(), when) == []
    assert await levels(database, NUMBER) == before == [-9, 1000]


async def test_who_opted_out_is_not_told_and_the_others_are(database: Database, clock: StillClock, ana: int) -> None:
    await file(database, pothole(ana, due=local(24, 17)))
    async with database.work() as work:
        lane = (await work.citizens.lanes([ROADS]))[ROADS]
        person = await work.citizens.get(lane)
        assert person
        await work.citizens.save(replace(person, opted_out=True))
        await work.commit()
    assert [one.partition(":")[0] for one in await at(database, clock, city(), local(24, 9))] == ["email"]


async def test_levels_of_a_city_that_names_none_cost_nothing(database: Database, clock: StillClock, ana: int) -> None:
    await file(database, pothole(ana, due=local(24, 17)))
    assert await at(database, clock, replace(city(), escalation=()), local(24, 16)) == []


async def test_a_backlog_is_told_in_parts_and_what_has_nothing_to_tell_holds_up_no_other(
    database: Database, clock: StillClock, ana: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.escalation.PART", 4)
    short = local(24, 8)  # promised for less than the level is long: looked at each time, and never told
    for n in range(10):
        await file(database, pothole(ana, f"0{n}0-000", due=local(24, 9.5), filed_at=short))
        await file(database, pothole(ana, f"1{n}1-111", due=local(24, 10)))
    said = await at(database, clock, city(NEARER), local(24, 9))
    assert [one.split()[1] for one in said] == ["2", "4", "4"] or sum(_count(one) for one in said) == 10
    async with database.view() as view:
        assert len(await view.escalations.of([f"1{n}1-111" for n in range(10)])) == 10


def _count(said: str) -> int:
    first = said.split()[1]
    return int(first) if first.isdigit() else 1


@pytest.mark.parametrize("day", [local(8, month=3), datetime(2026, 3, 6, 13, tzinfo=UTC)])
@pytest.mark.parametrize("span", [hours(1), hours(9), hours(30), days(1), days(4)])
@pytest.mark.parametrize("zone", ["America/New_York", "America/Puerto_Rico"])
def test_a_rung_is_where_counting_forward_ends_now_also_across_a_clock_change(
    zone: str, span: object, day: datetime
) -> None:
    """March 8, 2026 begins summer time in New York."""
    of = city(calendar=replace(city().calendar, timezone=zone))
    after = Level(side=Side.AFTER, span=span, to=(DESK,))  # type: ignore[arg-type]
    for hour in range(0, 120, 7):
        now = day + timedelta(hours=hour, minutes=11)
        (rung,) = ladder(replace(of, escalation=(after,)), now)
        assert due_at(rung.until, after.span, of.calendar) <= now
        assert due_at(rung.until + timedelta.resolution, after.span, of.calendar) > now


def test_a_higher_level_makes_lower_ones_needless_and_never_the_other_way() -> None:
    rungs = {rung.level.code: rung.codes for rung in ladder(city(), local(24, 9))}
    assert rungs == {-9: (-9, -2), -2: (-2,), 1000: (1000, 3000), 3000: (3000,)}


@pytest.mark.parametrize("level", ALL)
def test_a_code_tells_its_level(level: Level) -> None:
    assert (side_of(level.code), span_of(level.code)) == (level.side, level.span)


async def test_lateness_is_counted_in_working_time(database: Database, clock: StillClock, ana: int) -> None:
    """From a Friday afternoon to a Monday morning four hours were worked."""
    four = Level(side=Side.AFTER, span=hours(4), to=("head",))
    await file(database, pothole(ana, due=local(20, 15)))
    await at(database, clock, city(four), local(20, 15.1))
    assert await at(database, clock, city(four), local(23, 9.9)) == []
    assert worked(local(20, 15), local(23, 10), city().calendar) == timedelta(hours=4)
    assert [one[:3] for one in await at(database, clock, city(four), local(23, 10))] == ["sms"]


async def test_a_date_missed_twice_is_late_since_the_first(database: Database, clock: StillClock, ana: int) -> None:
    await file(database, pothole(ana, due=local(16, 17)))
    promises = Promises(city=city(), telling=Telling(WORDS, city()))
    for when in (local(16, 17.1), local(24, 9)):
        async with database.work() as work:
            await promises.postpone(work, await stored(database), when)
            await work.commit()
    (only,) = await at(database, clock, city(LATER), local(25, 9))
    assert "promised at first for Mon, Nov 16" in only
    assert HEAD.channel == only.partition(":")[0]


async def test_the_staff_s_message_is_sent_behind_all_replies(database: Database, clock: StillClock, ana: int) -> None:
    await file(database, pothole(ana, due=local(24, 17)))
    await look(database, clock, city())
    await at(database, clock, city(), local(24, 9))
    async with database.work() as work:
        found = await work.outbox.claim("one", clock.now(), 30, 10)
    assert [one.bulk for one in found] == [True, True]
