"""Acts on many tickets at the desk: ticked, chosen, looked at, done, undone; all of it without a script."""

from dataclasses import replace

import pytest

from bot.desk.bulk_book import State, read, written
from bot.ports import Clerk
from channels.message import Contact, Inbound
from tests.samples import TICKET
from tests.web.world import HASH, NOW, World, csrf_of
from tickets.model import CITIZEN, Priority, Status
from tickets.rights import Role
from tickets.workflow import filed

NUMBERS = ("7K3-9QX", "F0P-0V8", "000-00C")


async def employ(world: World, login: str, role: Role) -> None:
    async with world.store.work() as work:
        await work.clerks.add(Clerk(login=login, name=login.title(), language="en", password=HASH, role=role))
        await work.commit()


async def three(world: World, **values: object) -> None:
    """Tickets of three citizens; the third is an emergency."""
    async with world.store.work() as work:
        arrivals = [
            Inbound(sender=Contact(channel="telegram", address=str(n)), external_id=number, received_at=NOW)
            for n, number in enumerate(NUMBERS)
        ]
        await work.inbox.accept(arrivals)
        for n, number in enumerate(NUMBERS):
            who = await work.citizens.find(Contact(channel="telegram", address=str(n)))
            assert who
            one = replace(TICKET, number=number, reporter=who.id, language="en", **values)  # type: ignore[arg-type]
            one = replace(one, priority=Priority.EMERGENCY) if n == 2 else one
            await work.tickets.file(one, filed(one, actor=CITIZEN))
        await work.commit()


async def look(world: World, **fields: str) -> tuple[int, str]:
    """From the form of what to do to the page that shows what would happen; its path."""
    csrf = csrf_of(await world.page("/desk/bulk?n=" + "&n=".join(NUMBERS)))
    sent = {"csrf": csrf, "numbers": " ".join(NUMBERS), "back": "/desk?status=open", **fields}
    answer = await world.client.post("/desk/bulk", data=sent, allow_redirects=False)
    return answer.status, answer.headers.get("Location", "") or await answer.text()


async def post(world: World, path: str) -> int:
    csrf = csrf_of(await world.page("/desk/me"))
    return (await world.client.post(path, data={"csrf": csrf}, allow_redirects=False)).status


async def statuses(world: World) -> list[Status]:
    async with world.store.view() as view:
        return [one.status for number in NUMBERS if (one := await view.tickets.get(number))]


async def test_ticked_chosen_looked_at_done_and_undone(world: World) -> None:
    await three(world)
    await world.log_in()
    queue = await world.page("/desk?status=open")
    assert queue.count('name="n"') == 3 and 'form="bulk"' in queue
    code, path = await look(world, what="move", move="resolved", text="Fixed <b>today</b>")
    assert code == 303
    preview = await world.page(path)
    assert "2 tickets will change" in preview and "1 stays as it is" in preview
    assert "An emergency: close it by itself" in preview
    assert "2 citizens will be told." in preview and "Received → Resolved" in preview
    assert "<b>today</b>" not in preview and "two minutes" in preview
    assert await statuses(world) == [Status.RECEIVED] * 3
    assert await post(world, path + "/do") == 303
    result = await world.page(path)
    assert "Done: 2 tickets" in result and "1 left as it was" in result and "Citizens are told at" in result
    assert await statuses(world) == [Status.RESOLVED, Status.RESOLVED, Status.RECEIVED]
    ticket = await world.page("/desk/tickets/7K3-9QX")
    assert f'<a href="{path}">with many at once</a>' in ticket
    assert "Move → Resolved" in await world.page("/desk/batches")
    assert await post(world, path + "/undo") == 303
    assert await statuses(world) == [Status.RECEIVED] * 3
    result = await world.page(path)
    assert "Undone: 2 tickets" in result and "No citizen heard of it." in result
    assert "Undone: Resolved → Received" in await world.page("/desk/tickets/7K3-9QX")


async def test_sent_twice_it_is_done_once_and_undone_once(world: World) -> None:
    await three(world)
    await world.log_in()
    _, path = await look(world, what="note", text="Look at these")
    for act in ("/do", "/do", "/undo", "/undo", "/do"):
        assert await post(world, path + act) == 303
    async with world.store.view() as view:
        assert [one.event for one in await view.tickets.history(NUMBERS[0])] == ["filed", "commented", "undone"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose what to do."),
        ({"what": "burn"}, "Choose what to do."),
        ({"what": "move", "move": "duplicate"}, "Choose one from this list."),
        ({"what": "service", "service": "burning"}, "Choose one from this list."),
        ({"what": "assign"}, "Choose one from this list."),
        ({"what": "move", "move": "declined"}, "Write the reason"),
        ({"what": "department", "department": "roads"}, "Write something first."),
        ({"what": "note", "text": " "}, "Write something first."),
        ({"what": "note", "text": "a" * 1001}, "At most 1000 characters"),
        ({"what": "note", "text": "kept", "numbers": "<script> 123"}, "Choose tickets in the list first."),
    ],
)
async def test_a_form_that_is_not_taken_says_why_and_keeps_what_was_typed(
    world: World, fields: dict[str, str], words: str
) -> None:
    await three(world)
    await world.log_in()
    code, page = await look(world, **({"text": "Typed words"} if words.startswith("Choose one") else {}), **fields)
    assert (code, words in page) == (422, True), page
    assert "<script> 123" not in page
    if words.startswith("Choose one"):
        assert "Typed words" in page and f'value="{fields["what"]}" required checked' in page


async def test_all_of_a_list_are_those_of_its_filter(world: World) -> None:
    await three(world)
    await world.log_in()
    page = await world.page("/desk/bulk?all=1&status=open&service=pothole&act=move")
    assert "3 tickets" in page and 'value="move" required checked' in page
    assert 'href="/desk?status=open&amp;service=pothole"' in page
    assert "Choose tickets in the list first." in await world.page("/desk/bulk?all=1&status=closed")


async def test_more_than_five_hundred_are_said_and_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.bulk.choosing.MOST", 2)
    await three(world)
    await world.log_in()
    page = await world.page("/desk/bulk?all=1&status=open")
    assert "2 tickets" in page and "at most 2 tickets" in page


async def test_who_directs_nobody_sees_no_boxes_and_does_nothing_to_many(world: World) -> None:
    await three(world)
    await employ(world, "bea", Role.CLERK)
    await world.log_in()
    _, path = await look(world, what="note", text="Look")
    await world.log_in("bea")
    queue = await world.page("/desk?status=open")
    assert "data-pick" not in queue and 'id="bulk"' not in queue
    await world.page("/desk/bulk?n=7K3-9QX", 403)
    await world.page(path, 404)
    assert await post(world, path + "/do") == 403
    csrf = csrf_of(await world.page("/desk/me"))
    sent = {"csrf": csrf, "numbers": "7K3-9QX", "what": "note", "text": "x"}
    assert (await world.client.post("/desk/bulk", data=sent)).status == 403


async def test_another_supervisor_undoes_it_a_clerk_and_an_auditor_only_see_it(world: World) -> None:
    await three(world)
    for login, role in (("bea", Role.CLERK), ("sue", Role.SUPERVISOR), ("aud", Role.AUDITOR)):
        await employ(world, login, role)
    await world.log_in()
    _, path = await look(world, what="priority", priority="urgent")
    await world.log_in("sue")
    await world.page(path, 404)  # what ana only looks at is hers
    assert await post(world, path + "/do") == 404
    await world.log_in()
    assert await post(world, path + "/do") == 303
    for login in ("bea", "aud"):
        await world.log_in(login)
        assert "Undo it for" not in await world.page(path)
        assert await post(world, path + "/undo") == 403
    await world.log_in("sue")
    assert "Undo it for 3 tickets" in await world.page(path)
    assert await post(world, path + "/undo") == 303
    assert "undone by" in await world.page("/desk/batches")


async def test_what_was_changed_since_is_named_on_every_page(world: World) -> None:
    await three(world)
    await world.log_in()
    _, path = await look(world, what="assign", assign="ana")
    csrf = csrf_of(await world.page("/desk/tickets/7K3-9QX"))
    await world.client.post("/desk/tickets/7K3-9QX/note", data={"csrf": csrf, "version": "1", "text": "Mine"})
    assert "Somebody else changed it meanwhile" in await world.page(path)
    await post(world, path + "/do")
    await world.client.post("/desk/tickets/F0P-0V8/note", data={"csrf": csrf, "version": "2", "text": "Mine"})
    await post(world, path + "/undo")
    page = await world.page(path)
    assert "Not undone (1)" in page and "Left as they were (1)" in page and "Undone: 1 ticket" in page


async def test_one_that_stands_still_shows_how_far_it_is_and_goes_on(world: World) -> None:
    await three(world)
    await world.log_in()
    _, path = await look(world, what="note", text="Look")
    wanted = int(path.rpartition("/")[2])
    async with world.store.work() as work:  # as a process leaves it that is killed right behind the confirmation
        batch = await work.batches.get(wanted, lock=True)
        assert batch
        book = read(batch)
        book.state = State.DOING
        await work.batches.keep(written(replace(batch, act=book.order.what.value), book))
        await work.commit()
    page = await world.page(path)
    assert "Under way: 0 of 3" in page and "data-refresh" in page and "<progress" in page
    assert await post(world, path + "/resume") == 303
    assert "Done: 3 tickets" in await world.page(path)


@pytest.mark.parametrize(
    "path", ["/desk/batches/1", "/desk/batches/999999999999999", "/desk/batches/99999999999999999999"]
)
async def test_what_is_not_there_is_not_found(world: World, path: str) -> None:
    await world.log_in()
    await world.page(path, 404)


async def test_an_empty_list_of_acts_says_how_to_begin(world: World) -> None:
    await world.log_in()
    assert "Tick tickets in the list" in await world.page("/desk/batches")
