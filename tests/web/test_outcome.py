"""What citizens say after a resolution, and missed dates, as a clerk sees them."""

from dataclasses import replace
from datetime import timedelta

from bot.ports import Closure, Rating
from tests.samples import TICKET
from tests.web.world import NOW, World
from tickets.model import Status, Ticket, Update
from tickets.workflow import confirm, postpone, rated, reopen


async def change(world: World, *steps: tuple[Ticket, Update]) -> None:
    async with world.store.work() as work:
        for ticket, update in steps:
            await work.tickets.change(ticket, update)
        await work.commit()


async def test_a_ticket_that_is_not_fixed_stands_out_in_the_list_until_it_is_closed_again(world: World) -> None:
    resolved = await world.file(replace(TICKET, status=Status.RESOLVED, closed_at=NOW))
    await world.log_in()
    assert "badge disputed" not in await world.page("/desk?status=any")
    opened, update = reopen(resolved, at=NOW)
    await change(world, (opened, update))
    page = await world.page("/desk")
    assert 'class="disputed"' in page
    assert "Not fixed, says a citizen" in page
    twice, again = reopen(opened, at=NOW)
    await change(world, (twice, again))
    page = await world.page(f"/desk/tickets/{TICKET.number}")
    assert "Not fixed, said 2 times" in page
    assert "A citizen says that it is not fixed: Resolved → In progress" in page
    closed = replace(twice, status=Status.RESOLVED, closed_at=NOW, version=twice.version + 1)
    await change(world, (closed, replace(again, version=closed.version)))
    assert "badge disputed" not in await world.page("/desk?status=any")


async def test_the_answers_the_ratings_and_the_words_stand_on_the_ticket_and_run_nothing(world: World) -> None:
    resolved = await world.file(replace(TICKET, status=Status.RESOLVED, closed_at=NOW))
    confirmed = confirm(resolved, at=NOW, note="ya quedó")
    four = rated(confirmed[0], at=NOW, note="4/5")
    await change(world, confirmed, four)
    async with world.store.work() as work:
        await work.ratings.rate(Rating(number=TICKET.number, citizen=1, at=NOW, score=4, word="<b>bien</b>"))
        await work.closures.plan([
            Closure(number=TICKET.number, citizen=1, resolved_at=NOW, due=None, asked_at=NOW, answer="yes")
        ])  # fmt: skip
        await work.commit()
    await world.log_in()
    page = " ".join((await world.page(f"/desk/tickets/{TICKET.number}")).split())
    for words in (
        "A citizen says that it is fixed", "ya quedó", "A citizen rates the work", "4/5",
        "Yes: 1, No: 0, no answer: 0", '4 <q dir="auto">&lt;b&gt;bien&lt;/b&gt;</q>',
    ):  # fmt: skip
        assert words in page, words


async def test_a_missed_date_stands_in_the_history_with_the_new_one_and_the_first_is_kept(world: World) -> None:
    ticket = await world.file()
    await change(world, postpone(ticket, ticket.due_at + timedelta(days=4), at=NOW))
    await world.log_in()
    page = " ".join((await world.page(f"/desk/tickets/{TICKET.number}")).split())
    assert "The promised date was missed, a new one was told:" in page
    assert "Promised at first for" in page
    assert "1 date missed" in page
    assert ticket.due_at.isoformat() in page
