"""Who works on a ticket, how it presses, where it is: each with a form that names the version it was seen at."""

import pytest

from bot.ports import Clerk
from tests.web.world import HASH, World, csrf_of
from tickets.model import Event, Field, Priority, Ticket
from tickets.rights import Role

PATH = "/desk/tickets/7K3-9QX"


async def at_the_desk(world: World, login: str = "ana") -> str:
    await world.log_in(login)
    return csrf_of(await world.page(PATH))


async def post(world: World, act: str, **fields: str) -> tuple[int, str]:
    answer = await world.client.post(f"{PATH}/{act}", data=fields, allow_redirects=False)
    return answer.status, await answer.text()


async def ticket_of(world: World) -> Ticket:
    async with world.store.view() as view:
        ticket = await view.tickets.get("7K3-9QX")
    assert ticket
    return ticket


async def employ(world: World, login: str, role: Role, department: str | None = None) -> None:
    async with world.store.work() as work:
        await work.clerks.add(
            Clerk(login=login, name=login.title(), language="en", password=HASH, role=role, department=department)
        )
        await work.commit()


async def test_a_ticket_is_taken_given_on_and_put_down(world: World) -> None:
    await world.file()
    await employ(world, "bea", Role.CLERK)
    csrf = await at_the_desk(world)
    assert (await post(world, "assign", csrf=csrf, version="1", to="ana"))[0] == 303
    assert (await post(world, "assign", csrf=csrf, version="2", to="bea"))[0] == 303
    assert (await ticket_of(world)).assignee == "bea"
    assert (await post(world, "assign", csrf=csrf, version="3", to="-"))[0] == 303
    assert (await ticket_of(world)).assignee is None
    page = await world.page(PATH)
    assert "Assigned to: ana → bea" in page
    assert "Assigned to: bea → nobody" in page


@pytest.mark.parametrize(
    ("held", "to", "told"),
    [("", "bea", 303), ("", "ana", 422), ("ana", "bea", 303), ("ana", "-", 422), ("bea", "-", 303)],
)
async def test_a_clerk_takes_tickets_and_gives_only_their_own_back(world: World, held: str, to: str, told: int) -> None:
    await world.file()
    await employ(world, "bea", Role.CLERK)
    if held:
        await post(world, "assign", csrf=await at_the_desk(world), version="1", to="ana")
        if held == "bea":
            await post(world, "assign", csrf=await at_the_desk(world), version="2", to="bea")
    csrf = await at_the_desk(world, "bea")
    code, page = await post(world, "assign", csrf=csrf, version=str((await ticket_of(world)).version), to=to)
    assert code == told, page
    assert ("a supervisor gives it to others" in page) is (told == 422)


@pytest.mark.parametrize(
    ("login", "words"), [("nobody", "cannot work on it"), ("tom", "cannot work on it"), ("", "Choose who")]
)
async def test_a_ticket_is_given_only_to_who_can_work_on_it(world: World, login: str, words: str) -> None:
    await world.file()
    await employ(world, "tom", Role.CLERK, "parks")
    code, page = await post(world, "assign", csrf=await at_the_desk(world), version="1", to=login)
    assert (code, words in page) == (422, True)


async def test_another_departments_ticket_can_be_read_and_not_be_worked_on(world: World) -> None:
    await world.file()
    await employ(world, "tom", Role.CLERK, "parks")
    await world.log_in("tom")
    page = await world.page(PATH)
    assert "<textarea" not in page
    csrf = csrf_of(page)
    for act in ("assign", "priority", "place", "answer", "merge", "link", "split", "department", "outside"):
        fields = {"to": "urgent" if act == "priority" else "7K3-9QX", "text": "x", "words": "x", "once": "o"}
        await post(world, act, csrf=csrf, version="1", **fields)
        assert (await ticket_of(world)).version == 1


async def test_a_priority_is_changed_with_its_reason_and_kept_in_the_history(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    assert (await post(world, "priority", csrf=csrf, version="1", to="urgent", text="school"))[0] == 303
    assert (await ticket_of(world)).priority is Priority.URGENT
    page = await world.page(PATH)
    assert "Normal → Urgent" in page
    assert "school" in page
    async with world.store.view() as view:
        assert not await view.outbox.of_ticket("7K3-9QX")  # nobody is told


@pytest.mark.parametrize("to", ["", "nonsense"])
async def test_a_priority_that_is_none_is_asked_for_again_and_the_reason_kept(world: World, to: str) -> None:
    await world.file()
    code, page = await post(world, "priority", csrf=await at_the_desk(world), version="1", to=to, text="my reason")
    assert code == 422
    assert "Choose how it presses." in page
    assert "my reason</textarea>" in page


async def test_the_place_is_looked_up_and_old_and_new_stand_in_the_history(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    code, _ = await post(world, "place", csrf=csrf, version="1", words="Mercado", point="", text="")
    assert code == 303
    ticket = await ticket_of(world)
    assert ticket.place.point
    async with world.store.view() as view:
        update = (await view.tickets.history("7K3-9QX"))[-1]
    assert update.event is Event.CORRECTED
    change = update.change(Field.PLACE)
    assert change and (change.old, change.new) == ("Av. Bolívar 123", "Mercado")


@pytest.mark.parametrize(
    ("words", "point", "told"),
    [
        ("", "", "Write where it is"),
        ("x", "north", "latitude and longitude"),
        ("", "91, 0", "latitude and longitude"),
        ("", "nan, 1", "latitude and longitude"),
    ],
)
async def test_a_place_that_is_none_is_said_beside_the_field(world: World, words: str, point: str, told: str) -> None:
    await world.file()
    code, page = await post(world, "place", csrf=await at_the_desk(world), version="1", words=words, point=point)
    assert (code, told in page) == (422, True)


async def test_a_point_is_taken_as_people_write_it(world: World) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    assert (await post(world, "place", csrf=csrf, version="1", words="", point="14,6; -66,5"))[0] == 303
    place = (await ticket_of(world)).place
    assert place.point and (place.point.latitude, place.street) == (14.6, "Avenida Bolívar")


@pytest.mark.parametrize(
    ("act", "fields"), [("assign", {"to": "ana"}), ("priority", {"to": "urgent"}), ("place", {"words": "Mercado"})]
)
async def test_who_comes_second_sees_the_first_ones_change_and_overwrites_nothing(
    world: World, act: str, fields: dict[str, str]
) -> None:
    await world.file()
    csrf = await at_the_desk(world)
    await post(world, "move", csrf=csrf, version="1", to="triaged", text="I look")
    code, page = await post(world, act, csrf=csrf, version="1", text="", **fields)
    assert code == 409
    assert "I look" in page
    assert (await ticket_of(world)).version == 2
