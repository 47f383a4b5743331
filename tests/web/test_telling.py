"""Who owns an account is told of what is changed of it: by their own contact, once, without a link."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import load
from bot.i18n import Words
from bot.ports import Departure, Kind
from bot.ports.audit import Deed
from bot.settings.desk import Admission, Factor
from channels.message import Contact
from handlers.say import Say
from tests.web.test_people import LONG, ROSA, _set_up, add, admin, get, link_in, post, trail
from tests.web.world import LANGUAGES, NOW, PASSWORD, World, csrf_of
from web.people.telling import News, told
from web.ports import WEB

PHONE, CHAT = Contact(channel="sms", address="+15550100142"), Contact(channel="telegram", address="77")
CONFIG = Path(__file__).parents[2] / "config.yml"


async def sent(world: World) -> list[Departure]:
    """All that waits to leave, in order; it is sent, so that it is seen once."""
    gone: list[Departure] = []
    async with world.store.work() as work:
        while claimed := await work.outbox.claim("test", world.clock.now(), 60, 50):
            for one in claimed:
                await work.outbox.sent(one, str(one.id), world.clock.now())
            gone += claimed
        await work.commit()
    return sorted(gone, key=lambda one: one.id)


async def texts(world: World) -> list[str]:
    return [one.outbound.text for one in await sent(world)]


async def reached(world: World) -> str:
    """Ana is logged in, and told by SMS; her form's token."""
    async with world.store.work() as work:
        ana = next(one for one in await work.clerks.all() if one.login == "ana")
        await work.clerks.change(replace(ana, reach=PHONE))
        await work.commit()
    return await admin(world)


async def test_who_changes_the_password_is_told_and_it_says_when_and_what_to_do(world: World) -> None:
    csrf = await reached(world)
    assert (await post(world, "/desk/me/password", csrf=csrf, old=PASSWORD, password=LONG, again=LONG)).status == 303
    one = (await sent(world))[0]
    assert (one.kind, one.outbound.recipient) == (Kind.ACCOUNT, PHONE)
    assert one.outbound.text.startswith(f"{Say.ACCOUNT_PASSWORD} in en: ana, ")


async def test_an_admins_reset_and_the_choice_that_follows_are_told(world: World) -> None:
    await add(world, replace(ROSA, reach=CHAT, language="pt"))
    csrf = await admin(world)
    link = link_in(await (await post(world, "/desk/people/rosa/password", csrf=csrf, password="")).text())
    said = await sent(world)
    assert [one.outbound.recipient for one in said] == [CHAT]
    assert said[0].outbound.text.startswith(f"{Say.ACCOUNT_RESET} in pt: rosa")
    world.client.session.cookie_jar.clear()
    assert (await post(world, link, password=LONG, again=LONG)).status == 303
    assert [text.partition(" ")[0] for text in await texts(world)] == [Say.ACCOUNT_PASSWORD]


async def test_each_change_of_the_second_factor_is_told(world: World) -> None:
    await reached(world)
    _, _, csrf = await _set_up(world)
    await post(world, "/desk/me/second/codes", csrf=csrf, old=PASSWORD)
    await post(world, "/desk/me/second/remove", csrf=csrf, old=PASSWORD)
    said = [text.partition(" ")[0] for text in await texts(world)]
    assert said == [Say.ACCOUNT_FACTOR, Say.ACCOUNT_CODES, Say.ACCOUNT_NO_FACTOR]


async def test_an_admin_who_removes_a_factor_is_no_secret(world: World) -> None:
    await add(world, replace(ROSA, reach=CHAT, second="A" * 32))
    csrf = await admin(world)
    for _ in range(2):
        assert (await post(world, "/desk/people/rosa/second", csrf=csrf)).status == 303
    assert [text.partition(" ")[0] for text in await texts(world)] == [Say.ACCOUNT_NO_FACTOR]


async def test_a_code_that_comes_again_is_written_down_and_told_once(world: World) -> None:
    await reached(world)
    app, _, _ = await _set_up(world)
    world.clock.pass_by(minutes=1)
    used = app.at(world.clock.now())
    await world.log_in()
    csrf = csrf_of(await world.page("/desk/second"))
    for _ in range(2):  # a form that is sent twice is no theft
        assert (await post(world, "/desk/second", csrf=csrf, code=used)).status == 303
    await sent(world)
    await world.log_in()
    csrf = csrf_of(await world.page("/desk/second"))
    for _ in range(2):
        assert (await post(world, "/desk/second", csrf=csrf, code=used)).status == 422
    assert (await post(world, "/desk/second", csrf=csrf, code="000000")).status == 422
    assert [text.partition(" ")[0] for text in await texts(world)] == [Say.ACCOUNT_CODE_AGAIN]
    failed = [one.detail for one in await trail(world) if one.deed is Deed.LOG_IN_FAILED]
    assert failed == ["code used again", "code used again", "second factor"]


async def test_a_contact_is_given_by_who_knows_the_password_and_old_and_new_are_told(world: World) -> None:
    csrf = await admin(world)
    fields = {"csrf": csrf, "channel": "sms", "address": " +1 555 0100142 ", "old": PASSWORD}
    assert (await post(world, "/desk/me/reach", **fields | {"old": "wrong"})).status == 422
    assert (await get(world, "ana")).reach is None
    answer = await post(world, "/desk/me/reach", **fields)
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/me?done=reach")
    assert (await get(world, "ana")).reach == PHONE
    assert "that is where you are told" in await world.page("/desk/me?done=reach")
    assert [one.outbound.recipient for one in await sent(world)] == [PHONE]
    world.clock.pass_by(seconds=1)
    await post(world, "/desk/me/reach", **fields | {"channel": "telegram", "address": "77"})
    said = await sent(world)
    assert {one.outbound.recipient for one in said} == {PHONE, CHAT}
    assert {one.outbound.text.partition(" ")[0] for one in said} == {Say.ACCOUNT_REACH}
    world.clock.pass_by(seconds=1)
    await post(world, "/desk/me/reach", **fields | {"address": ""})
    assert [one.outbound.recipient for one in await sent(world)] == [CHAT]
    assert (await get(world, "ana")).reach is None
    assert "5550100142" not in str(await trail(world))


@pytest.mark.parametrize(
    ("channel", "address", "says"),
    [
        ("sms", "0100142", "A phone number with its +"),
        ("telegram", "@rosa", "A phone number with its +"),
        ("telegram", "9" * 400, "A phone number with its +"),
        ("whatsapp", "+15550100142", "Choose one of the list"),
        ("email", "ana@city.example", "Choose one of the list"),  # is off here
        ("", "+15550100142", "Choose one of the list"),
    ],
)
async def test_an_address_that_nothing_reaches_is_refused_beside_its_field(
    world: World, channel: str, address: str, says: str
) -> None:
    csrf = await admin(world)
    answer = await post(world, "/desk/me/reach", csrf=csrf, channel=channel, address=address, old=PASSWORD)
    assert (answer.status, says in await answer.text()) == (422, True)
    assert (await get(world, "ana")).reach is None


async def test_who_gave_no_contact_or_has_left_is_not_written_to(world: World) -> None:
    await add(world, replace(ROSA, reach=CHAT))
    csrf = await admin(world)
    assert (await post(world, "/desk/me/password", csrf=csrf, old=PASSWORD, password=LONG, again=LONG)).status == 303
    assert (await post(world, "/desk/people/rosa/end", csrf=csrf)).status == 303
    assert (await get(world, "rosa")).reach is None
    assert await sent(world) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("news", News)
async def test_no_word_of_it_holds_a_link_or_a_secret(world: World, language: str, news: News) -> None:
    city = load(CONFIG, {}).city
    clerk = replace(ROSA, reach=PHONE, language=language, second="S" * 32)
    async with world.store.work() as work:
        await told(work, clerk, news, city, Words(city), ("sms",), NOW)
        await work.commit()
    text = (await texts(world))[0]
    assert "rosa" in text
    assert city.name in text
    assert "\n" in text  # and what to do
    assert not any(word in text for word in ("http", "://", "S" * 32, ROSA.password, "+1555"))


async def test_only_who_gives_accounts_must_set_up_a_factor_where_admins_must(world: World) -> None:
    object.__setattr__(world.app[WEB], "admission", Admission(second=Factor.ADMINS))
    await add(world, ROSA)
    await world.log_in("rosa")
    assert (await world.client.get("/desk", allow_redirects=False)).status == 200
    await world.log_in()
    for path in ("/desk", "/desk/people"):
        answer = await world.client.get(path, allow_redirects=False)
        assert answer.headers["Location"] == "/desk/me/second"
    page = await world.page("/desk/me/second")
    assert "of its administrators" in page
    await _set_up(world)
    assert (await world.client.get("/desk", allow_redirects=False)).status == 200
