"""One ticket at the desk: seeing it, moving it, and what happens when two do so at once."""

import pytest
from sqlalchemy import text

from bot.ports import Verdict
from channels.message import Media
from tests.samples import TICKET
from tests.web.test_case_pictures import photo
from tests.web.world import NOW, World, csrf_of
from tickets.model import Status

PATH = "/desk/tickets/7K3-9QX"


async def at_the_desk(world: World) -> str:
    """Ana is logged in and looks at a ticket; the token of its forms."""
    await world.file()
    await world.log_in()
    return csrf_of(await world.page(PATH))


async def post(world: World, act: str, **fields: str) -> tuple[int, str]:
    answer = await world.client.post(f"{PATH}/{act}", data=fields, allow_redirects=False)
    return answer.status, await answer.text()


async def status(world: World) -> tuple[Status, int]:
    async with world.store.view() as view:
        ticket = await view.tickets.get("7K3-9QX")
    assert ticket
    return ticket.status, ticket.version


async def test_the_case_is_on_one_page(world: World) -> None:
    await at_the_desk(world)
    page = await world.page(PATH)
    for words in ("hay un bache enorme", "Av. Bolívar 123", "Centro", "Roads", "93%", "Telegram, español", "Filed"):
        assert words in page
    assert 'datetime="2026-11-27T21:00:00+00:00">Nov 27, 2026, 5:00' in page  # in the city's time


async def test_a_move_is_kept_and_the_citizen_told(world: World) -> None:
    csrf = await at_the_desk(world)
    assert (await post(world, "move", csrf=csrf, version="1", to="in_progress", text="On our way"))[0] == 303
    page = await world.page(PATH)
    assert "Received → In progress" in page
    assert "ana" in page
    assert "Waiting to be sent" in page
    assert page.count("On our way") == 3  # in the history, in what the citizen was told, and offered to the public


async def test_a_note_between_clerks_stays_there(world: World) -> None:
    csrf = await at_the_desk(world)
    assert (await post(world, "note", csrf=csrf, version="1", text="ask Bea"))[0] == 303
    page = await world.page(PATH)
    assert page.count("ask Bea") == 1  # in the history, not in what was said with the citizen
    assert "Told to the citizen:" not in page and "Waiting to be sent" not in page


async def test_only_allowed_moves_are_offered(world: World) -> None:
    csrf = await at_the_desk(world)
    await post(world, "move", csrf=csrf, version="1", to="resolved", text="")
    page = await world.page(PATH)
    assert 'name="to" value="in_progress"' in page
    assert page.count('type="radio" name="to"') == 1


@pytest.mark.parametrize(
    ("act", "fields", "told", "words"),
    [
        ("move", {"to": "", "text": "typed"}, 422, "Choose where the ticket moves."),
        ("move", {"to": "nonsense", "text": "typed"}, 422, "Choose where the ticket moves."),
        ("move", {"to": "received", "text": "typed"}, 422, "cannot make that move"),
        ("move", {"to": "declined", "text": "  "}, 422, "Write the reason"),
        ("move", {"to": "resolved", "text": "typed" + "x" * 1000}, 422, "At most 1000 characters"),
        ("note", {"text": " \n"}, 422, "Write something first."),
        ("note", {"text": "typed" + "x" * 1000}, 422, "At most 1000 characters"),
    ],
)
async def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(
    world: World, act: str, fields: dict[str, str], told: int, words: str
) -> None:
    csrf = await at_the_desk(world)
    code, page = await post(world, act, csrf=csrf, version="1", **fields)
    assert code == told
    assert words in page
    assert fields["text"].strip() in page
    assert await status(world) == (Status.RECEIVED, 1)


async def test_who_comes_second_sees_the_first_change_and_keeps_the_note(world: World) -> None:
    csrf = await at_the_desk(world)
    await post(world, "move", csrf=csrf, version="1", to="triaged", text="I take it")
    code, page = await post(world, "move", csrf=csrf, version="1", to="resolved", text="my long note")
    assert code == 409
    assert "Somebody else changed this ticket first." in page
    assert "I take it" in page
    assert "my long note</textarea>" in page
    assert 'value="resolved" required checked' in page
    assert await status(world) == (Status.TRIAGED, 2)
    assert 'name="version" value="2"' in page  # sending it once more is now a decision
    assert (await post(world, "move", csrf=csrf, version="2", to="resolved", text="my long note"))[0] == 303


async def test_a_move_that_only_somebody_else_made_impossible_is_stale_too(world: World) -> None:
    csrf = await at_the_desk(world)
    await post(world, "move", csrf=csrf, version="1", to="in_progress", text="")
    assert (await post(world, "move", csrf=csrf, version="1", to="triaged", text=""))[0] == 409


async def test_a_stale_note_is_kept_in_the_form(world: World) -> None:
    csrf = await at_the_desk(world)
    await post(world, "move", csrf=csrf, version="1", to="triaged", text="")
    code, page = await post(world, "note", csrf=csrf, version="1", text="my note")
    assert code == 409
    assert "my note</textarea>" in page


async def test_the_same_form_sent_twice_moves_once(world: World) -> None:
    csrf = await at_the_desk(world)
    fields = {"csrf": csrf, "version": "1", "to": "triaged", "text": ""}
    assert [(await post(world, "move", **fields))[0] for _ in range(2)] == [303, 409]
    assert await status(world) == (Status.TRIAGED, 2)


@pytest.mark.parametrize("csrf", ["", "guessed", "é", "x" * 43])
@pytest.mark.parametrize("act", ["move", "note"])
async def test_a_form_that_is_not_from_here_does_nothing(world: World, act: str, csrf: str) -> None:
    await at_the_desk(world)
    assert (await post(world, act, csrf=csrf, version="1", to="resolved", text="x"))[0] == 403
    assert await status(world) == (Status.RECEIVED, 1)


async def test_a_token_of_another_session_does_nothing(world: World) -> None:
    old = await at_the_desk(world)
    await world.log_in()
    assert (await post(world, "move", csrf=old, version="1", to="resolved", text=""))[0] == 403


async def test_a_lost_session_leads_back_to_the_ticket(world: World) -> None:
    csrf = await at_the_desk(world)
    world.client.session.cookie_jar.clear()
    answer = await world.client.post(f"{PATH}/move", data={"csrf": csrf}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, f"/desk/login?next={PATH}")


@pytest.mark.parametrize(
    ("body", "content_type", "told"),
    [
        (b'{"to": "resolved"}', "application/json", 415),
        (b"to=\xff", "application/x-www-form-urlencoded", 400),
        (b"to=%ff", "application/x-www-form-urlencoded", 400),
        (b"&a=1" * 501, "application/x-www-form-urlencoded", 400),
        (b"x=" + b"x" * 300_000, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_broken_forms_are_refused(world: World, body: bytes, content_type: str, told: int) -> None:
    await at_the_desk(world)
    headers = {"Content-Type": content_type}
    assert (await world.client.post(f"{PATH}/move", data=body, headers=headers)).status == told


@pytest.mark.parametrize("version", ["", "one", None])
async def test_a_form_without_its_version_is_refused(world: World, version: str | None) -> None:
    csrf = await at_the_desk(world)
    fields = {"csrf": csrf, "to": "resolved"} | ({} if version is None else {"version": version})
    assert (await post(world, "move", **fields))[0] == 400


@pytest.mark.parametrize(
    "number", ["84G-7ZM", "nonsense", "7K3-9QX%00", "..%2F..", "7K3-9QX/photos/9", "7K3-9QX/photos/x"]
)
async def test_what_does_not_exist_is_not_found(world: World, number: str) -> None:
    await at_the_desk(world)
    await world.page(f"/desk/tickets/{number}", 404)


async def test_acts_on_a_ticket_that_does_not_exist_are_not_found(world: World) -> None:
    csrf = await at_the_desk(world)
    fields = {"csrf": csrf, "version": "1", "to": "resolved", "text": "x"}
    for act in ("move", "note"):
        answer = await world.client.post(f"/desk/tickets/84G-7ZM/{act}", data=fields)
        assert answer.status == 404


async def with_photo(world: World, content_type: str, content: bytes = b"content") -> str:
    """The path of a fetched photo of a ticket."""
    await at_the_desk(world)
    name = await world.files.put(content, content_type)
    async with world.store.work() as work:
        await work.photos.add(TICKET.number, "telegram", [Media(reference="r", content_type=content_type)], NOW)
        [photo] = await work.photos.claim("one", NOW, 30, 1)
        await work.photos.fetched(photo, name, NOW)
        await work.commit()
    return f"{PATH}/photos/{photo.id}"


async def test_a_photo_is_shown_without_where_and_with_what_it_was_taken(world: World) -> None:
    taken = photo()
    assert b"Phone of Ana" in taken
    path = await with_photo(world, "image/jpeg", taken)
    for size in ("", "/plain", "/small", "/small"):
        answer = await world.client.get(path + size)
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert b"Phone of Ana" not in await answer.read()
    assert f'<img src="{path}/small"' in await world.page(PATH)


@pytest.mark.parametrize("content_type", ["image/jpeg", "image/heic", "image/svg+xml"])
async def test_a_photo_that_cannot_be_opened_says_so_and_is_not_handed_out(world: World, content_type: str) -> None:
    path = await with_photo(world, content_type, b"<svg>where it was taken</svg>")
    for size in ("", "/plain", "/small"):
        answer = await world.client.get(path + size)
        assert (answer.status, answer.content_type) == (200, "image/svg+xml")
        told = await answer.text()
        assert "This photo cannot be shown" in told and "where it was taken" not in told


@pytest.mark.parametrize("content_type", ["text/html", "application/pdf"])
async def test_what_could_run_in_a_browser_is_only_given_to_save(world: World, content_type: str) -> None:
    answer = await world.client.get(await with_photo(world, content_type))
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_photo_of_another_ticket_is_not_found(world: World) -> None:
    path = await with_photo(world, "image/jpeg")
    await world.page(path.replace("7K3-9QX", "84G-7ZM"), 404)


async def test_a_photo_needs_nothing_else_of_its_ticket(world: World) -> None:
    path = await with_photo(world, "image/jpeg")
    async with world.store.work() as work:
        await work._tx.execute(text("UPDATE tickets SET description = :noise"), {"noise": b"of a lost key"})  # type: ignore[attr-defined]
        await work.commit()
    assert (await world.client.get(path)).status == 200


async def test_a_clerk_says_what_it_is_about_and_the_citizen_is_not_told(world: World) -> None:
    csrf = await at_the_desk(world)
    assert (await post(world, "service", csrf=csrf, version="1", service="lighting"))[0] == 303
    assert "Pothole → Street light" in await world.page(PATH)
    async with world.store.view() as view:
        assert list(await view.outbox.of_ticket(TICKET.number)) == []
        (lesson,) = await view.lessons.with_verdict(Verdict.PROPOSED, 10)
    assert (lesson.number, lesson.service) == (TICKET.number, "lighting")


@pytest.mark.parametrize(
    ("to", "version", "answer", "told"),
    [
        ("", "1", 422, "Choose what it is about."),
        ("wish", "1", 422, "Choose what it is about."),
        ("lighting", "7", 409, "Nothing of yours was saved"),
    ],
)
async def test_a_service_that_cannot_be_taken_is_asked_for_again(
    world: World, to: str, version: str, answer: int, told: str
) -> None:
    csrf = await at_the_desk(world)
    status, page = await post(world, "service", csrf=csrf, version=version, service=to)
    assert (status, told in page) == (answer, True)


async def test_while_it_waits_the_clock_stands_and_after_that_the_page_says_why_it_is_due_when_it_is(
    world: World,
) -> None:
    csrf = await at_the_desk(world)
    page = await world.page(PATH)
    assert "The clock stands" not in page
    assert "5 working days from" not in page  # the sample's date was never counted
    assert "promised on Fri, Nov 20, by targets or opening hours of then" in page
    assert (await post(world, "move", csrf=csrf, version="1", to="waiting", text="Which lamp?"))[0] == 303
    page = await world.page(PATH)
    assert "The clock stands" in page
    assert "the clock has stood still since Mon, Nov 23, 11:00 AM: we wait for the citizen" in page
    assert "The clock stands" in await world.page("/desk")
    world.clock.pass_by(hours=3)
    assert (await post(world, "move", csrf=csrf, version="2", to="in_progress", text=""))[0] == 303
    page = await world.page(PATH)
    assert "The clock stands" not in page
    assert "waited for the citizen: 3 working hours" in page
    assert "Waiting → In progress; Due: <time" in page
