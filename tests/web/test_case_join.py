"""Tickets that go on as one and are taken apart again, are linked, or split."""

from dataclasses import replace

import pytest

from channels.message import Contact, Inbound
from tests.samples import TICKET
from tests.web.test_case_direct import employ, post
from tests.web.world import CITY, NOW, World, csrf_of
from tickets.model import CITIZEN, Event, Priority, Status, Ticket
from tickets.rights import Role
from tickets.workflow import filed, move

DUPLICATE, INTO, THIRD = "7K3-9QX", "F0P-0V8", "000-00C"


async def begin(world: World, *tickets: Ticket, people: int = 4) -> str:
    """Tickets with one reporter each, who all have Telegram; the token of the forms."""
    async with world.store.work() as work:
        for n in range(people):
            sender = Contact(channel="telegram", address=f"9{n}")
            await work.inbox.accept([Inbound(sender=sender, external_id=f"p{n}", received_at=NOW)])
        for ticket in tickets:
            await work.tickets.file(ticket, filed(ticket, actor=CITIZEN))
        await work.commit()
    await world.log_in()
    return csrf_of(await world.page(f"/desk/tickets/{DUPLICATE}"))


def ticket(number: str, reporter: int, **changed: object) -> Ticket:
    return replace(TICKET, number=number, reporter=reporter, **changed)  # type: ignore[arg-type]


async def stored(world: World, number: str) -> Ticket:
    async with world.store.view() as view:
        found = await view.tickets.get(number)
    assert found
    return found


async def told(world: World) -> list[str]:
    async with world.store.view() as view:
        return [one.text for number in (DUPLICATE, INTO, THIRD) for one in await view.outbox.of_ticket(number)]


async def followers(world: World, number: str) -> list[int]:
    async with world.store.view() as view:
        return [one.id for one in await view.followers.of_ticket(number)]


async def test_who_told_of_a_duplicate_follows_the_ticket_that_goes_on_and_is_told_once(world: World) -> None:
    csrf = await begin(world, ticket(DUPLICATE, 1, followers=1), ticket(INTO, 2))
    async with world.store.work() as work:
        await work.followers.add(DUPLICATE, 3, NOW)
        await work.commit()
    assert (await post(world, "merge", csrf=csrf, version="1", to=INTO.lower(), text="same hole"))[0] == 303
    duplicate, into = await stored(world, DUPLICATE), await stored(world, INTO)
    assert (duplicate.status, duplicate.merged_into, duplicate.closed_at) == (Status.DUPLICATE, INTO, NOW)
    assert into.followers == 2
    assert await followers(world, INTO) == [1, 3]
    assert len(texts := await told(world)) == 2
    assert all("merged in es" in text and INTO in text for text in texts)
    page = await world.page(f"/desk/tickets/{DUPLICATE}")
    assert "Merged into" in page and "same hole" in page
    assert DUPLICATE in await world.page(f"/desk/tickets/{INTO}")


async def test_later_news_reach_everybody_who_came_along(world: World) -> None:
    csrf = await begin(world, ticket(DUPLICATE, 1), ticket(INTO, 2))
    await post(world, "merge", csrf=csrf, version="1", to=INTO, text="")
    fields = {"csrf": csrf, "version": "2", "to": "resolved", "text": ""}
    await world.client.post(f"/desk/tickets/{INTO}/move", data=fields, allow_redirects=False)
    assert len([text for text in await told(world) if "notice_resolved" in text]) == 2


async def test_taking_them_apart_puts_both_back_as_they_were(world: World) -> None:
    waiting, _ = move(ticket(DUPLICATE, 1), Status.WAITING, CITY.calendar, actor=CITIZEN, at=NOW)
    csrf = await begin(world, ticket(DUPLICATE, 1), ticket(INTO, 2, followers=4), people=4)
    await post(world, "move", csrf=csrf, version="1", to="waiting", text="")
    before, other = await stored(world, DUPLICATE), await stored(world, INTO)
    assert before.status is waiting.status
    world.clock.pass_by(hours=5)
    await post(world, "merge", csrf=csrf, version="2", to=INTO, text="")
    raised = await stored(world, INTO)
    assert (raised.followers, raised.priority) == (5, Priority.URGENT)
    world.clock.pass_by(hours=1)
    assert (await post(world, "unmerge", csrf=csrf, version="3"))[0] == 303
    assert replace(await stored(world, DUPLICATE), version=2) == before
    assert replace(await stored(world, INTO), version=1) == other
    assert not await followers(world, INTO)
    assert len([text for text in await told(world) if "unmerged in es" in text]) == 1


async def test_who_followed_the_other_one_before_stays_when_they_are_taken_apart(world: World) -> None:
    csrf = await begin(world, ticket(DUPLICATE, 1), ticket(INTO, 2, followers=1))
    async with world.store.work() as work:
        await work.followers.add(INTO, 1, NOW)
        await work.commit()
    await post(world, "merge", csrf=csrf, version="1", to=INTO, text="")
    assert (await stored(world, INTO)).followers == 1
    await post(world, "unmerge", csrf=csrf, version="2")
    assert await followers(world, INTO) == [1]
    assert (await stored(world, INTO)).followers == 1


@pytest.mark.parametrize(
    ("into", "words"),
    [
        ("", "no ticket number"), ("nonsense", "no ticket number"), (DUPLICATE, "the ticket itself"),
        (THIRD, "no such ticket"),
    ],
)  # fmt: skip
async def test_a_merge_with_nothing_is_said_beside_the_field(world: World, into: str, words: str) -> None:
    csrf = await begin(world, ticket(DUPLICATE, 1))
    code, page = await post(world, "merge", csrf=csrf, version="1", to=into, text="my reason")
    assert (code, words in page) == (422, True)
    assert "my reason</textarea>" in page
    assert not await told(world)


async def test_chains_and_cycles_are_refused(world: World) -> None:
    csrf = await begin(world, ticket(DUPLICATE, 1), ticket(INTO, 2), ticket(THIRD, 3))
    await post(world, "merge", csrf=csrf, version="1", to=INTO, text="")
    for number, into, version in ((INTO, DUPLICATE, "2"), (INTO, THIRD, "2"), (THIRD, DUPLICATE, "1")):
        fields = {"csrf": csrf, "version": version, "to": into, "text": ""}
        answer = await world.client.post(f"/desk/tickets/{number}/merge", data=fields, allow_redirects=False)
        assert answer.status == 422, number
    assert (await stored(world, INTO)).status is Status.RECEIVED


async def test_a_merged_ticket_cannot_be_moved_by_itself(world: World) -> None:
    csrf = await begin(world, ticket(DUPLICATE, 1), ticket(INTO, 2))
    await post(world, "merge", csrf=csrf, version="1", to=INTO, text="")
    assert (await post(world, "move", csrf=csrf, version="2", to="triaged", text=""))[0] == 422
    assert (await stored(world, DUPLICATE)).status is Status.DUPLICATE


async def test_a_clerk_merges_nothing_into_another_departments_ticket(world: World) -> None:
    await begin(world, ticket(DUPLICATE, 1), ticket(INTO, 2, department="parks"))
    await employ(world, "bea", Role.CLERK, "roads")
    await world.log_in("bea")
    csrf = csrf_of(await world.page(f"/desk/tickets/{DUPLICATE}"))
    code, page = await post(world, "merge", csrf=csrf, version="1", to=INTO, text="")
    assert (code, "belongs to another department" in page) == (422, True)


async def test_two_tickets_are_linked_once_and_unlinked_from_either_side(world: World) -> None:
    csrf = await begin(world, ticket(DUPLICATE, 1), ticket(INTO, 2))
    assert (await post(world, "link", csrf=csrf, version="1", to=INTO))[0] == 303
    assert (await post(world, "link", csrf=csrf, version="2", to=INTO))[0] == 422
    assert f'/desk/tickets/{DUPLICATE}"' in await world.page(f"/desk/tickets/{INTO}")
    fields = {"csrf": csrf, "version": "2", "to": DUPLICATE}
    answer = await world.client.post(f"/desk/tickets/{INTO}/unlink", data=fields, allow_redirects=False)
    assert answer.status == 303
    async with world.store.view() as view:
        assert not await view.links.of(DUPLICATE)
        assert [one.event for one in await view.tickets.history(DUPLICATE)][1:] == [Event.LINKED, Event.UNLINKED]
    assert not await told(world)


async def test_a_part_becomes_a_ticket_of_its_own_whose_number_its_reporter_is_told(world: World) -> None:
    csrf = await begin(world, ticket(DUPLICATE, 1))
    assert (await post(world, "split", csrf=csrf, version="1", to="lighting", text="and a lamp"))[0] == 303
    async with world.store.view() as view:
        (link,) = await view.links.of(DUPLICATE)
        part = await view.tickets.get(link.other)
        (letter,) = await view.outbox.of_ticket(link.other)
        history = await view.tickets.history(link.other)
    assert part
    assert (part.service, part.reporter, part.description, part.place) == ("lighting", 1, "and a lamp", TICKET.place)
    assert "split_off in es" in letter.text and part.number in letter.text
    assert [one.event for one in history] == [Event.FILED, Event.SPLIT]
