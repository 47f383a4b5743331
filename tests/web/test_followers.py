"""Neighbours who joined, as clerks see them: how many, what they said, never who."""

from dataclasses import replace

from tests.samples import TICKET
from tests.web.world import NOW, World
from tickets.model import Priority
from tickets.workflow import follow, leave

PATH = f"/desk/tickets/{TICKET.number}"


async def joined(world: World, *words: str, urgent_from: int = 5) -> None:
    async with world.store.work() as work:
        for said in words:
            ticket = await work.tickets.get(TICKET.number)
            assert ticket
            await work.tickets.change(*follow(ticket, at=NOW, note=said, urgent_from=urgent_from))
        await work.commit()


async def test_how_many_joined_stands_in_the_list_and_on_the_ticket(world: World) -> None:
    await world.file()
    await world.log_in()
    assert "joined" not in await world.page("/desk")
    await joined(world, "uno")
    assert "1 neighbour joined" in await world.page("/desk")
    await joined(world, "dos")
    assert "2 neighbours joined" in await world.page("/desk")
    assert "2 neighbours joined" in await world.page(PATH)


async def test_what_they_said_is_in_the_history_and_runs_nothing(world: World) -> None:
    await world.file()
    await joined(world, "<b>es profundo</b>")
    await world.log_in()
    page = await world.page(PATH)
    assert "A neighbour joins" in page
    assert "&lt;b&gt;es profundo&lt;/b&gt;" in page


async def test_that_it_became_urgent_is_in_the_history(world: World) -> None:
    await world.file()
    await joined(world, "uno", "dos", urgent_from=2)
    await world.log_in()
    page = await world.page(PATH)
    assert page.count("Priority: Normal → Urgent") == 1
    assert '<span class="badge urgent">Urgent</span>' in await world.page("/desk")


async def test_who_left_is_counted_no_more(world: World) -> None:
    ticket = await world.file(replace(TICKET, followers=1, priority=Priority.URGENT))
    async with world.store.work() as work:
        await work.tickets.change(*leave(ticket, at=NOW))
        await work.commit()
    await world.log_in()
    page = await world.page(PATH)
    assert "A neighbour leaves" in page
    assert "1 neighbour joined" not in page
