"""Who may do what at the desk: every address and every role, in one table. A new address must be named here."""

import pytest

from bot.ports import Clerk, Session
from tests.samples import TICKET
from tests.web.world import HASH, NOW, World, csrf_of
from tickets.rights import Right, Role, may

OPEN = None  # has guards of its own
# (method, address) -> the right that it needs
ROUTES: dict[tuple[str, str], Right | None] = {
    ("GET", "/desk/login"): OPEN,
    ("POST", "/desk/login"): OPEN,
    ("GET", "/desk/demo"): OPEN,
    ("GET", "/desk/oidc"): OPEN,
    ("GET", "/desk/oidc/back"): OPEN,
    ("GET", "/desk/invitation/{token}"): OPEN,
    ("POST", "/desk/invitation/{token}"): OPEN,
    ("GET", "/desk"): Right.LOOK,
    ("GET", "/desk/new"): Right.WORK,
    ("POST", "/desk/new"): Right.WORK,
    ("POST", "/desk/saved"): Right.LOOK,  # one's own lists
    ("POST", "/desk/saved/forget"): Right.LOOK,
    ("GET", "/desk/aside"): Right.LOOK,
    ("POST", "/desk/aside/{id}/again"): Right.WORK,
    ("POST", "/desk/aside/{id}/seen"): Right.WORK,
    ("POST", "/desk/aside/{id}/seen-all"): Right.WORK,
    ("GET", "/desk/undelivered"): Right.LOOK,
    ("POST", "/desk/undelivered/{id}/again"): Right.WORK,
    ("POST", "/desk/undelivered/{id}/settle"): Right.WORK,
    ("POST", "/desk/undelivered/{id}/sms"): Right.WORK,
    ("POST", "/desk/undelivered/{id}/told"): Right.WORK,
    ("GET", "/desk/undelivered/{id}/letter"): Right.WORK,
    ("GET", "/desk/digest"): Right.LOOK,
    ("GET", "/desk/digest/tickets"): Right.LOOK,
    ("GET", "/desk/digest/digest.{form}"): Right.EXPORT,
    ("GET", "/desk/threads"): Right.LOOK,
    ("GET", "/desk/threads/{thread}"): Right.LOOK,
    ("GET", "/desk/threads/{thread}/files/{letter}/{number}"): Right.LOOK,
    ("POST", "/desk/threads/{thread}/take"): Right.WORK,
    ("POST", "/desk/threads/{thread}/answer"): Right.WORK,
    ("POST", "/desk/threads/{thread}/close"): Right.WORK,
    ("POST", "/desk/threads/{thread}/contact"): Right.LOOK,  # and the permission of its own
    ("GET", "/desk/tickets/{number}"): Right.LOOK,
    ("GET", "/desk/tickets/{number}/photos/{id}"): Right.LOOK,
    ("GET", "/desk/tickets/{number}/photos/{id}/{size}"): Right.LOOK,
    ("POST", "/desk/tickets/{number}/contact"): Right.LOOK,
    **{
        ("POST", "/desk/tickets/{number}/" + act): Right.WORK
        for act in (
            "move", "note", "service", "assign", "priority", "place", "answer", "merge", "unmerge", "link", "unlink",
            "split", "department", "outside", "back", "public",
        )
    },
    ("GET", "/desk/people"): Right.ADMIT,
    ("POST", "/desk/people"): Right.ADMIT,
    ("GET", "/desk/people/{login}"): Right.ADMIT,
    ("POST", "/desk/people/{login}/change"): Right.ADMIT,
    ("POST", "/desk/people/{login}/end"): Right.ADMIT,
    ("POST", "/desk/people/{login}/reopen"): Right.ADMIT,
    ("POST", "/desk/people/{login}/password"): Right.ADMIT,
    ("POST", "/desk/people/{login}/second"): Right.ADMIT,
    ("POST", "/desk/people/{login}/sessions"): Right.ADMIT,
    ("GET", "/desk/api"): Right.ADMIT,
    ("POST", "/desk/api"): Right.ADMIT,
    ("POST", "/desk/api/revoke"): Right.ADMIT,
    ("GET", "/desk/hooks"): Right.ADMIT,
    ("POST", "/desk/hooks"): Right.ADMIT,
    ("GET", "/desk/hooks/{id}"): Right.ADMIT,
    **{
        ("POST", "/desk/hooks/{id}/" + act): Right.ADMIT
        for act in ("pause", "resume", "ping", "again", "replay", "rotate", "remove")
    },
    ("GET", "/desk/audit"): Right.AUDIT,
    ("GET", "/desk/audit/audit.csv"): Right.AUDIT,
    ("GET", "/desk/audit/retention"): Right.AUDIT,
    ("GET", "/desk/erasure"): Right.ADMIT,
    ("POST", "/desk/erasure"): Right.ADMIT,
    ("POST", "/desk/erasure/delete"): Right.ADMIT,
    ("POST", "/desk/tickets/{number}/hold"): Right.DIRECT,
    ("GET", "/desk/second"): Right.LOOK,
    ("POST", "/desk/second"): Right.LOOK,
    ("GET", "/desk/me"): Right.LOOK,
    ("POST", "/desk/me/language"): Right.LOOK,
    ("POST", "/desk/me/password"): Right.LOOK,
    ("POST", "/desk/me/reach"): Right.LOOK,
    ("POST", "/desk/me/sessions/end"): Right.LOOK,
    ("POST", "/desk/me/sessions/end-others"): Right.LOOK,
    ("GET", "/desk/me/second"): Right.LOOK,
    ("POST", "/desk/me/second"): Right.LOOK,
    ("POST", "/desk/me/second/codes"): Right.LOOK,
    ("POST", "/desk/me/second/remove"): Right.LOOK,
    ("GET", "/desk/live"): OPEN,  # a stream: who is not logged in is told to ask no more
    **{
        ("GET", "/desk/" + page): Right.LOOK
        for page in (
            "keys", "next", "map", "map/cells", "map/tickets", "map/city.json", "map/beside", "batches",
            "batches/{batch}", "settings", "settings/{room}", "settings/{room}/key/{key}",
            "settings/routing", "settings/routing/rule/{code}",
        )
    },
    ("GET", "/desk/settings/export"): Right.EXPORT,
    ("POST", "/desk/me/shortcuts"): Right.LOOK,
    ("GET", "/desk/bulk"): Right.DIRECT,
    ("POST", "/desk/bulk"): Right.DIRECT,
    ("POST", "/desk/batches/{batch}/do"): Right.DIRECT,
    ("POST", "/desk/batches/{batch}/undo"): Right.WORK,
    ("POST", "/desk/batches/{batch}/resume"): Right.WORK,
    ("GET", "/desk/settings/{room}/new"): Right.ARRANGE,
    ("GET", "/desk/settings/routing/new"): Right.ARRANGE,
    **{
        ("POST", "/desk/settings/" + act): Right.ARRANGE
        for act in (
            "{room}/new", "{room}/key/{key}", "{room}/key/{key}/remove", "{room}/key/{key}/back", "routing/new",
            "routing/rule/{code}", "routing/move", "routing/back",
        )
    },
    ("POST", "/desk/logout"): Right.LOOK,  # the last: nothing is open after it
}  # fmt: skip
FILLED = {
    "{number}/photos": f"{TICKET.number}/photos", "tickets/{number}": f"tickets/{TICKET.number}", "{id}": "1",
    "{thread}": "1", "{letter}": "1", "{number}": "0", "{form}": "csv", "{login}": "nobody", "{size}": "small",
    "{token}": "x" * 43, "{room}": "replies", "{key}": "thanks", "{code}": "none", "{batch}": "1",
}  # fmt: skip


def address(route: str) -> str:
    for name, value in FILLED.items():
        route = route.replace(name, value)
    return route


async def enter(world: World, role: Role, *, department: str | None = None, contacts: bool = False) -> str:
    """A clerk of this role, logged in; the token of their forms."""
    clerk = Clerk(
        login=role, name="Rosa", language="en", password=HASH, role=role, department=department, contacts=contacts
    )
    async with world.store.work() as work:
        await work.clerks.add(clerk)
        await work.commit()
    assert (await world.log_in(role)).status == 303
    return csrf_of(await world.page("/desk/me"))


async def test_every_address_of_the_desk_is_in_the_table(world: World) -> None:
    routes = ((one.method, one.resource.canonical) for one in world.app.router.routes() if one.resource)
    assert {one for one in routes if one[1].startswith("/desk") and one[0] != "HEAD"} == set(ROUTES)


@pytest.mark.parametrize("role", Role)
async def test_each_role_may_do_what_it_may_and_nothing_else(world: World, role: Role) -> None:
    await world.file()
    csrf, wrong = await enter(world, role, contacts=True), []
    for (method, route), right in ROUTES.items():
        if right is OPEN:
            continue
        fields = {"csrf": csrf, "version": "1"} if method == "POST" else None
        answer = await world.client.request(method, address(route), data=fields, allow_redirects=False)
        if (answer.status == 403) is may(role, right) or answer.status >= 500:
            wrong.append((method, route, answer.status))
    assert wrong == []


async def test_no_form_from_elsewhere_is_taken_and_nobody_comes_in_without_a_session(world: World) -> None:
    await world.file()
    guarded = [(method, route) for (method, route), right in ROUTES.items() if right is not OPEN]
    for method, route in guarded:
        fields = {"csrf": "guessed"} if method == "POST" else None
        answer = await world.client.request(method, address(route), data=fields, allow_redirects=False)
        assert answer.status == 303, route
        assert answer.headers["Location"].startswith("/desk/login?"), route
    await enter(world, Role.ADMIN)
    for method, route in guarded:
        if method == "POST":
            answer = await world.client.post(address(route), data={"csrf": "guessed"}, allow_redirects=False)
            assert answer.status == 403, route


async def test_an_auditor_sees_no_form_but_those_of_their_own(world: World) -> None:
    await world.file()
    await enter(world, Role.AUDITOR)
    for path in (f"/desk/tickets/{TICKET.number}", "/desk/aside", "/desk/undelivered", "/desk/threads"):
        page = await world.page(path)
        assert page.count('method="post"') == 1, path  # the log-out


async def test_a_clerk_reads_another_departments_ticket_and_does_nothing_to_it(world: World) -> None:
    await world.file()
    csrf = await enter(world, Role.CLERK, department="parks")
    assert 'method="post" action="/desk/tickets' not in await world.page(f"/desk/tickets/{TICKET.number}")
    fields = {"csrf": csrf, "version": "1", "to": "triaged", "text": ""}
    answer = await world.client.post(f"/desk/tickets/{TICKET.number}/move", data=fields, allow_redirects=False)
    assert answer.status == 422
    async with world.store.view() as view:
        ticket = await view.tickets.get(TICKET.number)
    assert ticket is not None
    assert ticket.version == 1


async def test_whose_role_is_taken_away_can_do_less_at_once(world: World) -> None:
    csrf = await enter(world, Role.SUPERVISOR)
    async with world.store.work() as work:
        await work.clerks.change(
            Clerk(login=Role.SUPERVISOR, name="R", language="en", password=HASH, role=Role.AUDITOR)
        )
        await work.commit()
    answer = await world.client.post("/desk/aside/1/seen", data={"csrf": csrf}, allow_redirects=False)
    assert answer.status == 403


async def test_a_session_that_nobody_used_for_long_ends(world: World) -> None:
    await enter(world, Role.CLERK)
    for _ in range(3):
        world.clock.pass_by(hours=3)
        assert (await world.client.get("/desk/me", allow_redirects=False)).status == 200
    world.clock.pass_by(hours=2, minutes=59)
    assert (await world.client.get("/desk/me", allow_redirects=False)).status == 200
    world.clock.pass_by(minutes=1)
    assert (await world.client.get("/desk/me", allow_redirects=False)).status == 303  # twelve hours are over
    await world.log_in(Role.CLERK)
    world.clock.pass_by(hours=8)
    assert (await world.client.get("/desk/me", allow_redirects=False)).status == 303


async def test_a_session_from_before_the_update_goes_on(world: World) -> None:
    """It knows neither when it was opened nor when it was used."""
    old = Session(token="old", login="ana", csrf="c", expires_at=NOW.replace(hour=20))
    async with world.store.work() as work:
        await work.clerks.open_session(old)
        await work.commit()
    answer = await world.client.get("/desk/me", headers={"Cookie": "vecino_desk=old"}, allow_redirects=False)
    assert answer.status == 200
    async with world.store.view() as view:
        session = await view.clerks.session("old", NOW)
    assert session is not None
    assert session.seen_at == NOW
