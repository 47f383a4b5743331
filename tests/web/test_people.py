"""Accounts, invitations, one's own page, the second factor, the audit, and looks at citizens' numbers."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from aiohttp import ClientResponse

from bot.ports import Clerk, Session
from bot.ports.audit import Deed, Entry
from bot.settings.desk import Admission, Factor
from channels.message import Contact, Inbound
from tests.samples import TICKET
from tests.web.test_roles import enter
from tests.web.world import HASH, NOW, PASSWORD, World, begin, csrf_of
from tickets.rights import Role
from web.people.rules import mark
from web.ports import WEB

LONG = "four words in a row"
ROSA = Clerk(login="rosa", name="Rosa", language="en", password=HASH)
FORM = {"name": "Rosa", "role": "supervisor", "department": "roads", "language": "pt", "contacts": "1"}


async def add(world: World, *clerks: Clerk) -> None:
    async with world.store.work() as work:
        for clerk in clerks:
            await work.clerks.add(clerk)
        await work.commit()


async def get(world: World, login: str) -> Clerk:
    async with world.store.view() as view:
        return next(one for one in await view.clerks.all() if one.login == login)


async def trail(world: World) -> list[Entry]:
    async with world.store.view() as view:
        return list(reversed((await view.audit.page(0, 100)).rows))


async def admin(world: World) -> str:
    await world.log_in()
    return csrf_of(await world.page("/desk/people"))


async def post(world: World, path: str, **fields: str) -> ClientResponse:
    return await world.client.post(path, data=fields, allow_redirects=False)


def link_in(page: str) -> str:
    found = re.search(r"/desk/invitation/[\w-]{43}", page)
    assert found, page
    return found[0]


async def test_who_is_invited_chooses_a_password_and_is_in(world: World) -> None:
    csrf = await admin(world)
    answer = await post(world, "/desk/people", csrf=csrf, login="rosa", **FORM)
    assert answer.status == 200
    link = link_in(await answer.text())
    world.client.session.cookie_jar.clear()
    assert (await world.log_in("rosa", "")).status == 422
    assert (await world.log_in("rosa", "nobody has this password")).status == 422
    assert "rosa" in await world.page(link)
    for fields in ({"password": "short", "again": "short"}, {"password": LONG, "again": "another"}):
        assert (await post(world, link, **fields)).status == 422
    answer = await post(world, link, password=LONG, again=LONG)
    assert (answer.status, answer.headers["Location"]) == (303, "/desk")
    assert (await world.client.get("/desk/me")).status == 200
    assert (await post(world, link, password=LONG, again=LONG)).status == 404
    rosa = await get(world, "rosa")
    assert (rosa.role, rosa.department, rosa.contacts, rosa.language) == (Role.SUPERVISOR, "roads", True, "pt")
    deeds = [(one.login, one.deed) for one in await trail(world)]
    assert ("ana", Deed.ACCOUNT_ADDED) in deeds
    assert ("rosa", Deed.PASSWORD_CHANGED) in deeds
    assert LONG not in str([(one.subject, one.detail) for one in await trail(world)])


async def test_an_invitation_ends_after_a_week(world: World) -> None:
    csrf = await admin(world)
    link = link_in(await (await post(world, "/desk/people", csrf=csrf, login="rosa", **FORM)).text())
    world.clock.pass_by(days=7)
    assert (await world.client.get(link)).status == 404


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("login", "rosa/../x", "Letters without accents"),
        ("login", "ana", "exists already"),
        ("name", " ", "Write a name"),
        ("role", "king", "Choose one of the list"),
        ("department", "moon", "Choose one of the list"),
        ("password", "too short", "At least 12 characters"),
        ("password", "rosarosarosa", "the login itself"),
    ],
)
async def test_what_is_wrong_with_an_account_stands_beside_its_field(
    world: World, field: str, value: str, says: str
) -> None:
    fields = {"csrf": await admin(world), "login": "rosa", **FORM, field: value}
    answer = await world.client.post("/desk/people", data=fields, allow_redirects=False)
    page = await answer.text()
    assert answer.status == 422
    assert says in page
    assert 'value="Rosa"' in page or field == "name"


async def test_of_two_who_change_an_account_the_second_sees_what_the_first_did(world: World) -> None:
    await add(world, ROSA)
    csrf, seen = await admin(world), mark(ROSA)
    assert (await post(world, "/desk/people/rosa/change", csrf=csrf, seen=seen, **FORM)).status == 303
    answer = await post(world, "/desk/people/rosa/change", csrf=csrf, seen=seen, **{**FORM, "name": "Rosalía"})
    page = await answer.text()
    assert answer.status == 409
    assert 'value="Rosalía"' in page
    assert (await get(world, "rosa")).name == "Rosa"
    entry = (await trail(world))[-1]
    assert (entry.deed, entry.subject) == (Deed.ACCOUNT_CHANGED, "rosa")
    assert "role clerk > supervisor" in entry.detail


async def test_an_admin_cannot_shut_out_themselves(world: World) -> None:
    await add(world, replace(ROSA, role=Role.ADMIN))
    csrf, ana = await admin(world), await get(world, "ana")
    assert (await post(world, "/desk/people/ana/end", csrf=csrf)).status == 422
    fields = {**FORM, "role": "clerk", "seen": mark(ana)}
    assert (await post(world, "/desk/people/ana/change", csrf=csrf, **fields)).status == 422
    assert await get(world, "ana") == ana


async def test_who_was_demoted_a_moment_ago_demotes_nobody(world: World) -> None:
    """Two admins at once: the rights are looked at again where the accounts are held."""
    await add(world, replace(ROSA, role=Role.ADMIN))
    csrf = await admin(world)
    assert (await post(world, "/desk/people/rosa/end", csrf=csrf)).status == 303
    world.client.session.cookie_jar.clear()
    assert (await world.log_in("rosa")).status == 422


async def test_an_ended_account_is_out_at_once_and_can_be_opened_again(world: World) -> None:
    await add(world, ROSA)
    token = (await world.log_in("rosa")).cookies["vecino_desk"].value
    csrf = await admin(world)
    for _ in range(2):  # twice is once
        assert (await post(world, "/desk/people/rosa/end", csrf=csrf)).status == 303
    assert [one.deed for one in await trail(world)].count(Deed.ACCOUNT_ENDED) == 1
    async with world.store.view() as view:
        assert await view.clerks.session(token, NOW) is None
    assert "Ended" in await world.page("/desk/people/rosa")
    assert (await post(world, "/desk/people/rosa/reopen", csrf=csrf)).status == 303
    assert (await world.log_in("rosa")).status == 303


async def test_a_reset_password_is_of_no_use_any_more(world: World) -> None:
    await add(world, ROSA)
    csrf = await admin(world)
    answer = await post(world, "/desk/people/rosa/password", csrf=csrf, password="")
    assert "/desk/invitation/" in await answer.text()
    world.client.session.cookie_jar.clear()
    assert (await world.log_in("rosa")).status == 422
    csrf = await admin(world)
    assert (await post(world, "/desk/people/rosa/password", csrf=csrf, password="short")).status == 422
    assert (await post(world, "/desk/people/rosa/password", csrf=csrf, password=LONG)).status == 303
    assert (await world.log_in("rosa", LONG)).status == 303


async def test_a_new_password_needs_the_old_one_and_ends_other_sessions(world: World) -> None:
    other = (await world.log_in()).cookies["vecino_desk"].value
    world.client.session.cookie_jar.clear()
    await world.log_in()
    csrf = csrf_of(await world.page("/desk/me"))
    for fields in ({"old": "wrong"}, {"password": "short"}, {"again": "different"}):
        sent = {"csrf": csrf, "old": PASSWORD, "password": LONG, "again": LONG, **fields}
        assert (await world.client.post("/desk/me/password", data=sent, allow_redirects=False)).status == 422
    answer = await post(world, "/desk/me/password", csrf=csrf, old=PASSWORD, password=LONG, again=LONG)
    assert answer.status == 303
    async with world.store.view() as view:
        assert await view.clerks.session(other, NOW) is None
    assert (await world.client.get("/desk/me")).status == 200
    assert (await world.log_in("ana", LONG)).status == 303


async def test_ones_language_stays(world: World) -> None:
    await world.log_in()
    csrf = csrf_of(await world.page("/desk/me"))
    assert (await post(world, "/desk/me/language", csrf=csrf, language="pt")).status == 303
    assert (await post(world, "/desk/me/language", csrf=csrf, language="xx")).status == 422
    assert (await get(world, "ana")).language == "pt"


async def test_sessions_are_listed_by_their_browser_and_ended(world: World) -> None:
    async with world.store.work() as work:
        until = NOW.replace(hour=23)
        for n in range(3):
            await work.clerks.open_session(
                Session(token=f"t{n}", login="ana", csrf="c", expires_at=until, agent=f"Firefox on Windows {n}")
            )
        await work.commit()
    headers = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140"}
    await world.log_in(headers=headers)
    page = await world.page("/desk/me")
    assert "Edge · Linux" in page
    assert "Firefox · Windows 2" in page
    keys = re.findall(r'name="key" value="([0-9a-f]+)"', page)
    assert len(keys) == 3  # not one's own
    csrf = csrf_of(page)
    await post(world, "/desk/me/sessions/end", csrf=csrf, key=keys[0])
    await post(world, "/desk/me/sessions/end", csrf=csrf, key="nothing")
    assert len(re.findall('name="key"', await world.page("/desk/me"))) == 2
    await post(world, "/desk/me/sessions/end-others", csrf=csrf)
    assert 'name="key"' not in await world.page("/desk/me")


async def _set_up(world: World) -> tuple[pyotp.TOTP, list[str], str]:
    """The app, the recovery codes, and the token of the forms."""
    page = await world.page("/desk/me/second")
    assert "<svg" in page
    assert "style=" not in page
    secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page)
    assert secret
    csrf, app = csrf_of(page), pyotp.TOTP(secret[1])
    wrong = await post(world, "/desk/me/second", csrf=csrf, secret=secret[1], code="000000")
    assert (wrong.status, secret[1] in await wrong.text()) == (422, True)
    code = app.at(world.clock.now())
    answer = await post(world, "/desk/me/second", csrf=csrf, secret=secret[1], code=f"{code[:3]} {code[3:]}")
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", await answer.text())
    assert len(set(codes)) == 10
    return app, codes, csrf


async def test_with_a_second_factor_the_password_alone_opens_nothing(world: World) -> None:
    await world.log_in()
    app, _, _ = await _set_up(world)
    assert (await world.client.get("/desk", allow_redirects=False)).status == 200
    answer = await world.log_in(way="/desk/audit")
    assert answer.headers["Location"] == "/desk/second?next=%2Fdesk%2Faudit"
    for path in ("/desk", "/desk/me", "/desk/me/second", "/desk/people"):
        answer = await world.client.get(path, allow_redirects=False)
        assert answer.headers["Location"].startswith("/desk/second?"), path
    csrf = csrf_of(await world.page("/desk/second"))
    used = app.at(world.clock.now())
    assert (await post(world, "/desk/second", csrf=csrf, code=used, next="/desk/audit")).status == 422  # taken already
    world.clock.pass_by(seconds=60)
    late = app.at(world.clock.now() - timedelta(seconds=30))  # the one before the running one
    answer = await post(world, "/desk/second", csrf=csrf, code=late, next="/desk/audit")
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/audit")
    assert (await world.client.get("/desk", allow_redirects=False)).status == 200
    assert [one.detail for one in await trail(world) if one.deed is Deed.LOG_IN_FAILED] == ["code used again"]


async def test_a_code_that_is_too_old_or_too_new_is_not_taken(world: World) -> None:
    await world.log_in()
    app, _, _ = await _set_up(world)
    world.clock.pass_by(minutes=10)
    await world.log_in()
    csrf = csrf_of(await world.page("/desk/second"))
    for away in (-2, 2):
        assert (
            await post(world, "/desk/second", csrf=csrf, code=app.at(world.clock.now() + timedelta(seconds=30 * away)))
        ).status == 422
    assert (
        await post(world, "/desk/second", csrf=csrf, code=app.at(world.clock.now() + timedelta(seconds=30)))
    ).status == 303


async def test_guessing_codes_is_slowed_down(world: World) -> None:
    await world.log_in()
    await _set_up(world)
    await world.log_in()
    csrf = csrf_of(await world.page("/desk/second"))
    seen = [(await post(world, "/desk/second", csrf=csrf, code=f"00000{n}")).status for n in range(7)]
    assert seen[:5] == [422] * 5
    assert seen[5:] == [429] * 2


async def test_a_recovery_code_opens_once_and_only_its_owners_account(world: World) -> None:
    await add(world, replace(ROSA, second=pyotp.random_base32()))
    await world.log_in()
    _, codes, _ = await _set_up(world)
    await world.log_in("rosa")
    csrf = csrf_of(await world.page("/desk/second"))
    assert (await post(world, "/desk/second", csrf=csrf, code=codes[0])).status == 422
    for expected in (303, 422):
        await world.log_in()
        csrf = csrf_of(await world.page("/desk/second"))
        assert (await post(world, "/desk/second", csrf=csrf, code=codes[0].lower())).status == expected
    assert "recovery code" in [one.detail for one in await trail(world)]


async def test_the_second_factor_is_removed_by_who_knows_the_password_or_by_an_admin(world: World) -> None:
    await add(world, replace(ROSA, second=pyotp.random_base32()))
    await world.log_in()
    _, old, csrf = await _set_up(world)
    assert (await post(world, "/desk/me/second/codes", csrf=csrf, old="wrong")).status == 422
    fresh = await (await post(world, "/desk/me/second/codes", csrf=csrf, old=PASSWORD)).text()
    assert old[0] not in fresh
    assert (await post(world, "/desk/me/second/remove", csrf=csrf, old="wrong")).status == 422
    assert (await post(world, "/desk/me/second/remove", csrf=csrf, old=PASSWORD)).status == 303
    assert (await get(world, "ana")).second is None
    assert (await post(world, "/desk/people/rosa/second", csrf=csrf)).status == 303
    assert (await get(world, "rosa")).second is None
    assert (await trail(world))[-1].deed is Deed.SECOND_FACTOR_REMOVED


async def test_where_the_city_wants_it_everybody_sets_it_up_first(tmp_path: Path, empty: Path) -> None:
    world = await begin(tmp_path, empty=empty)
    web = world.app[WEB]
    object.__setattr__(web, "admission", Admission(second=Factor.REQUIRED))  # what config.yml would say
    await world.log_in()
    answer = await world.client.get("/desk", allow_redirects=False)
    assert answer.headers["Location"] == "/desk/me/second"
    await _set_up(world)
    assert (await world.client.get("/desk", allow_redirects=False)).status == 200
    await world.client.close()
    await world.store.close()


async def test_log_ins_and_failures_are_written_down_without_what_may_be_a_password(world: World) -> None:
    await world.log_in("ana", "wrong password")
    await world.log_in("my secret password", "")
    await world.log_in()
    csrf = csrf_of(await world.page("/desk/me"))
    await world.client.post("/desk/logout", data={"csrf": csrf})
    found = await trail(world)
    assert [(one.login, one.deed) for one in found] == [
        ("ana", Deed.LOG_IN_FAILED),
        ("my …", Deed.LOG_IN_FAILED),
        ("ana", Deed.LOGGED_IN),
        ("ana", Deed.LOGGED_OUT),
    ]
    assert "secret" not in str(found)


async def test_the_audit_is_filtered_and_saved_and_that_is_written_down(world: World) -> None:
    await world.log_in("ana", "wrong")
    async with world.store.work() as work:
        entry = Entry(at=NOW, login="=HYPERLINK()", deed=Deed.EXPORTED, subject="<script>x</script>", detail="+1")
        await work.audit.note(entry)
        await work.commit()
    await world.log_in()
    page = await world.page("/desk/audit?login=ana&deed=log_in_failed")
    assert page.count("<tr>") == 2
    assert "<script>x" not in await world.page("/desk/audit?deed=nothing")
    text = await world.page("/desk/audit/audit.csv")
    assert "'=HYPERLINK()" in text
    assert "'+1" in text
    saved = (await trail(world))[-1]
    assert (saved.login, saved.deed, saved.subject) == ("ana", Deed.EXPORTED, "audit.csv")
    await world.page("/desk/digest/digest.csv?week=2026-W46")
    assert (await trail(world))[-1].subject == "vecino-2026-W46.csv"


async def _reported_by_phone(world: World) -> str:
    """A ticket whose reporter's number is +15550100142; their conversation too."""
    sender = Contact(channel="sms", address="+15550100142")
    async with world.store.work() as work:
        await work.inbox.accept([Inbound(sender=sender, external_id="1", received_at=NOW, text="x")])
        await work.commit()
    await world.file(TICKET)
    return f"/desk/tickets/{TICKET.number}"


async def test_a_number_is_shown_to_who_may_see_it_and_each_look_is_written_down(world: World) -> None:
    address = await _reported_by_phone(world)
    csrf = await enter(world, Role.CLERK, contacts=True)
    page = await world.page(address)
    assert "···0142" in page
    assert "5550100142" not in page
    answer = await post(world, f"{address}/contact", csrf=csrf)
    assert "+15550100142" in await answer.text()
    seen = (await trail(world))[-1]
    assert (seen.login, seen.deed, seen.subject) == ("clerk", Deed.CONTACT_SEEN, TICKET.number)
    assert "5550100142" not in str(await trail(world))


async def test_without_the_permission_no_number_is_shown(world: World) -> None:
    address = await _reported_by_phone(world)
    csrf = await enter(world, Role.SUPERVISOR)
    page = await world.page(address)
    assert "···0142" in page
    assert "/contact" not in page
    assert (await post(world, f"{address}/contact", csrf=csrf)).status == 403
    assert Deed.CONTACT_SEEN not in {one.deed for one in await trail(world)}
