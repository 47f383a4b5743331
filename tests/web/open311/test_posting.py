"""Filing by Open311: what is taken, what is answered, and that what is not taken leaves nothing behind."""

import asyncio
import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData
from PIL import Image

from bot.ports.keys import Key, Scope
from tests.samples import TICKET
from tests.web.world import NOW, World
from tickets.model import Event, Status
from web.open311.pace import PER_MINUTE
from web.open311.standard import DOOR

HOLE = {"service_code": "pothole", "lat": "14.597", "long": "-66.495", "description": "a hole"}
REQUESTS, UPDATES = "/open311/v2/requests", "/open311/v2/servicerequestupdates"
EVERY = frozenset(Scope)


async def add_key(world: World, secret: str = "secret", **more: Any) -> str:
    values: dict[str, Any] = {"name": secret, "scopes": EVERY, "rate": 60, "made_at": NOW, "made_by": "ana"}
    async with world.store.work() as work:
        await work.keys.add(Key(**(values | more)), secret)
        await work.commit()
    return secret


@pytest.fixture
async def key(world: World) -> str:
    return await add_key(world)


async def post(
    world: World, fields: Any, form: str = "json", to: str = REQUESTS, **headers: str
) -> tuple[int, Any, ClientResponse]:
    answer = await world.client.post(f"{to}.{form}", data=fields, headers=headers)
    text = await answer.text()
    return answer.status, json.loads(text) if form == "json" else text, answer


async def count(world: World) -> int:
    async with world.store.view() as view:
        return sum((await view.tickets.count_by_status()).values())


def picture(colour: str = "red") -> bytes:
    drawn, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "Zanahoria Phones"
    Image.new("RGB", (40, 30), colour).save(drawn, "JPEG", exif=exif)
    return drawn.getvalue()


def in_parts(key: str, *media: bytes, **more: str) -> FormData:
    form = FormData(quote_fields=False)
    for name, value in {**HOLE, "api_key": key, **more}.items():
        form.add_field(name, value)
    for n, content in enumerate(media):
        form.add_field("media", BytesIO(content), filename=f"{n}.jpg", content_type="image/jpeg")
    return form


async def test_a_form_becomes_a_ticket_and_its_number_is_answered(world: World, key: str) -> None:
    status, said, answer = await post(world, HOLE | {"api_key": key})
    assert (status, answer.content_type) == (200, "application/json")
    number = said[0]["service_request_id"]
    async with world.store.view() as view:
        ticket = await view.tickets.get(number)
    assert ticket
    assert (ticket.service, ticket.channel, ticket.description, ticket.place.area) == (
        "pothole",
        "open311",
        "a hole",
        "centro",
    )


async def test_xml_is_answered_in_xml(world: World, key: str) -> None:
    status, said, answer = await post(world, HOLE | {"api_key": key}, "xml")
    assert (status, answer.content_type) == (200, "text/xml")
    assert "<service_requests><request><service_request_id>" in said


async def test_the_key_may_stand_in_a_header(world: World, key: str) -> None:
    status, _, _ = await post(world, HOLE, **{"Api-Key": key})
    assert status == 200


async def test_a_place_may_be_told_in_words(world: World, key: str) -> None:
    fields = {"service_code": "lighting", "address_string": "Avenida Bolívar 12", "api_key": key}
    _, said, _ = await post(world, fields)
    async with world.store.view() as view:
        ticket = await view.tickets.get(said[0]["service_request_id"])
    assert ticket
    assert ticket.place.street == "Avenida Bolívar"


async def test_a_token_is_the_number_itself(world: World, key: str) -> None:
    _, said, _ = await post(world, HOLE | {"api_key": key})
    number = said[0]["service_request_id"]
    answer = await world.client.get(f"/open311/v2/tokens/{number}.json")
    assert (await answer.json())[0] == {"service_request_id": number, "token": number}
    assert (await world.client.get("/open311/v2/tokens/nothing.xml")).status == 404


WRONG: dict[str, tuple[dict[str, str | None], int, str]] = {
    "no service": ({"service_code": None}, 400, "service_code"),
    "an unknown service": ({"service_code": "rockets"}, 404, "service_code"),
    "lat without long": ({"long": None}, 400, "long"),
    "long without lat": ({"lat": None}, 400, "lat"),
    "no place": ({"lat": None, "long": None}, 400, "address_string"),
    "an address_id": ({"address_id": "12"}, 400, "address_id"),
    "degrees that are none": ({"lat": "north"}, 400, "lat"),
    "degrees without end": ({"lat": "nan"}, 400, "lat"),
    "more degrees than there are": ({"long": "181"}, 400, "long"),
    "4,001 characters": ({"description": "x" * 4001}, 400, "4000"),
    "another jurisdiction": ({"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id"),
    "a place that is not ours": ({"lat": "40", "long": "3"}, 400, ""),
}


@pytest.mark.parametrize("why", WRONG)
@pytest.mark.parametrize("form", ["json", "xml"])
async def test_what_cannot_be_taken_is_an_error_document_and_nothing_is_filed(
    world: World, key: str, why: str, form: str
) -> None:
    change, expected, word = WRONG[why]
    fields = {name: value for name, value in (HOLE | {"api_key": key} | change).items() if value is not None}
    status, said, _ = await post(world, fields, form)
    assert status == expected
    text = said if form == "xml" else said[0]["description"]
    assert word in text
    assert "Traceback" not in str(said)
    assert (f"<code>{expected}</code>" in said) if form == "xml" else said[0]["code"] == expected
    assert await count(world) == 0


async def test_4000_characters_are_taken(world: World, key: str) -> None:
    status, _, _ = await post(world, HOLE | {"api_key": key, "description": "é" * 4000})
    assert status == 200


async def test_a_key_that_is_missing_unknown_expired_revoked_or_may_not_is_forbidden(world: World) -> None:
    await add_key(world, "old", expires_at=NOW - timedelta(seconds=1))
    await add_key(world, "taken", scopes=EVERY)
    await add_key(world, "reads", scopes=frozenset({Scope.READ}))
    async with world.store.work() as work:
        await work.keys.revoke("taken", NOW)
        await work.commit()
    for given in ("", "nobody's", "old", "taken", "reads", "x" * 5000):
        status, said, _ = await post(world, HOLE | {"api_key": given})
        assert (status, said[0]["code"]) == (403, 403), given
        assert given == "" or given not in said[0]["description"]
    assert await count(world) == 0


async def test_a_key_over_its_rate_waits_as_long_as_it_is_told(world: World) -> None:
    await add_key(world, "slow", rate=2)
    for n in range(2):
        assert (await post(world, HOLE | {"api_key": "slow", "description": str(n)}))[0] == 200
    status, _, answer = await post(world, HOLE | {"api_key": "slow", "description": "more"})
    assert status == 429
    world.clock.pass_by(seconds=int(answer.headers["Retry-After"]))
    assert (await post(world, HOLE | {"api_key": "slow", "description": "more"}))[0] == 200
    assert await count(world) == 3


async def test_the_last_day_of_use_is_kept(world: World, key: str) -> None:
    await post(world, HOLE | {"api_key": key})
    async with world.store.view() as view:
        (one,) = await view.keys.all()
    assert one.used_on == NOW.replace(hour=0)


async def test_the_same_sent_twice_is_one_report_and_another_key_s_is_another(world: World, key: str) -> None:
    other = await add_key(world, "other")
    numbers = [(await post(world, HOLE | {"api_key": k}))[1][0]["service_request_id"] for k in (key, key, other)]
    assert numbers[0] == numbers[1] != numbers[2]
    assert await count(world) == 2


async def test_two_at_once_are_one_report_with_one_picture(world: World, key: str) -> None:
    answers = await asyncio.gather(*(post(world, in_parts(key, picture())) for _ in range(3)))
    numbers = {said[0]["service_request_id"] for _, said, _ in answers}
    assert len(numbers) == 1
    async with world.store.view() as view:
        assert len(await view.photos.of_ticket(numbers.pop())) == 1


async def test_what_has_a_name_of_its_own_is_known_for_a_day(world: World, key: str) -> None:
    named = {"Idempotency-Key": "7f3a"}
    first = (await post(world, HOLE | {"api_key": key}, **named))[1]
    world.clock.pass_by(hours=20)
    assert (await post(world, HOLE | {"api_key": key, "description": "the same"}, **named))[1] == first
    world.clock.pass_by(hours=5)
    assert (await post(world, HOLE | {"api_key": key}, **named))[1] != first
    status, _, _ = await post(world, HOLE | {"api_key": key}, **{"Idempotency-Key": "x" * 300})
    assert status == 400


async def test_pictures_are_kept_without_anything_beside_their_pixels(world: World, key: str) -> None:
    status, said, _ = await post(world, in_parts(key, picture(), picture("blue")))
    assert status == 200
    async with world.store.view() as view:
        photos = await view.photos.of_ticket(said[0]["service_request_id"])
    assert [photo.media.content_type for photo in photos] == ["image/jpeg"] * 2
    for photo in photos:
        content, _ = await world.files.get(photo.name or "")
        assert b"Zanahoria" not in content
    later = NOW + timedelta(days=9999)
    assert set(await world.files.loose(later, 10)).isdisjoint(photo.name for photo in photos)


@pytest.mark.parametrize("media", [b"%PDF-1.7 no picture", b"<svg onload='x'/>", b"GIF89a"])
async def test_a_file_that_is_no_picture_is_refused_by_its_content(world: World, key: str, media: bytes) -> None:
    status, said, _ = await post(world, in_parts(key, picture(), media))
    assert (status, "media: file 2" in said[0]["description"]) == (400, True)
    assert await count(world) == 0
    assert await world.files.loose(NOW + timedelta(days=9999), 10) == []


async def test_too_many_files_and_too_large_ones_are_refused(world: World, key: str) -> None:
    assert (await post(world, in_parts(key, *[picture()] * 6)))[0] == 400
    assert (await post(world, in_parts(key, b"x" * (10 * 1024 * 1024 + 1))))[0] == 413
    assert await count(world) == 0


async def test_a_picture_elsewhere_is_never_fetched(world: World, key: str) -> None:
    fields = HOLE | {"api_key": key, "media_url": "http://169.254.169.254/latest/meta-data"}
    status, said, _ = await post(world, fields)
    assert status == 200
    assert "was not fetched" in said[0]["service_notice"]


BROKEN = {
    "xml": (b"<request/>", "text/xml", 415),
    "an xml bomb": (b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>', "application/xml", 415),
    "json": (b'{"service_code": "pothole"}', "application/json", 415),
    "no type at all": (b"a=b", "application/octet-stream", 415),
    "latin-1": (b"description=caf\xe9", "application/x-www-form-urlencoded", 400),
    "latin-1, escaped": (b"description=caf%E9", "application/x-www-form-urlencoded", 400),
    "a charset that is not ours": (b"description=x", "application/x-www-form-urlencoded; charset=utf-16", 400),
    "parts without a boundary": (b"--x", "multipart/form-data", 400),
    "parts that are cut": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
        "multipart/form-data; boundary=x",
        400,
    ),
    "too many fields": (b"&".join(b"a=b" for _ in range(500)), "application/x-www-form-urlencoded", 400),
    "a long form": (b"description=" + b"x" * 300_000, "application/x-www-form-urlencoded", 413),
}


@pytest.mark.parametrize("why", BROKEN)
async def test_a_broken_body_is_an_error_document(world: World, key: str, why: str) -> None:
    body, content_type, expected = BROKEN[why]
    headers = {"Content-Type": content_type, "Api-Key": key}
    answer = await world.client.post(REQUESTS + ".json", data=body, headers=headers)
    assert (answer.status, (await answer.json())[0]["code"]) == (expected, expected)
    assert await count(world) == 0


async def test_without_the_store_it_is_to_be_tried_again_and_nothing_is_lost(world: World, key: str) -> None:
    world.store.gone = True
    status, said, answer = await post(world, HOLE | {"api_key": key}, "xml")
    assert (status, "Retry-After" in answer.headers) == (503, True)
    assert "<code>503</code>" in said
    world.store.gone = False
    assert (await post(world, HOLE | {"api_key": key}, "xml"))[0] == 200
    assert await count(world) == 1


async def test_a_phone_that_is_given_is_told_of_by_sms_and_never_answered(world: World, key: str) -> None:
    fields = HOLE | {"api_key": key, "first_name": "Zanahoria", "last_name": "Gómez"}
    _, said, _ = await post(world, fields | {"phone": "+1 787 555 0123"})
    assert said[0]["service_notice"] is None
    _, said, _ = await post(world, fields | {"phone": "12"})
    assert "was not understood" in said[0]["service_notice"]
    _, said, _ = await post(world, fields | {"email": "z@gomez.example"})
    assert "e-mail" in said[0]["service_notice"]


async def test_an_update_of_a_contractor_is_a_note_for_clerks(world: World) -> None:
    await world.file()
    await add_key(world, "fixers", scopes=frozenset({Scope.UPDATE}))
    fields = {"api_key": "fixers", "service_request_id": TICKET.number, "description": "crew 7", "update_id": "u1"}
    status, said, _ = await post(world, fields | {"status": "fixed"}, to=UPDATES)
    assert (status, said) == (200, [{"update_id": f"{TICKET.number}.2"}])
    assert (await post(world, fields, to=UPDATES))[1] == said
    async with world.store.view() as view:
        ticket, history = await view.tickets.get(TICKET.number), await view.tickets.history(TICKET.number)
    assert ticket
    assert ticket.status is TICKET.status
    assert (history[-1].event, history[-1].note, history[-1].public) == (Event.COMMENTED, "[fixed] crew 7", False)
    assert (history[-1].actor.name, len(history)) == ("open311:fixers", 2)


async def test_a_key_that_may_moves_the_ticket_and_its_words_stay_inside(world: World, key: str) -> None:
    await world.file()
    fields = {"api_key": key, "service_request_id": TICKET.number, "status": "closed", "description": "crew 7"}
    assert (await post(world, fields, to=UPDATES))[0] == 200
    async with world.store.view() as view:
        ticket, history = await view.tickets.get(TICKET.number), await view.tickets.history(TICKET.number)
    assert ticket
    assert ticket.status is Status.RESOLVED
    assert [(one.note, one.public) for one in history[1:]] == [("crew 7", False), ("", True)]


async def test_updates_that_cannot_be_taken_change_nothing(world: World, key: str) -> None:
    await world.file()
    base = {"api_key": key, "service_request_id": TICKET.number}
    for fields, expected in (
        (base | {"service_request_id": "nothing", "description": "x"}, 404),
        (base, 400),
        (base | {"status": "exploded"}, 400),
        (base | {"status": "declined"}, 400),
        (base | {"description": "x" * 4001}, 400),
        (base | {"description": "x", "api_key": ""}, 403),
    ):
        assert (await post(world, fields, to=UPDATES))[0] == expected, fields
    async with world.store.view() as view:
        assert len(await view.tickets.history(TICKET.number)) == 1


async def test_a_key_that_reads_may_ask_more_often_than_others(world: World) -> None:
    await add_key(world, "reader", scopes=frozenset({Scope.READ}), rate=PER_MINUTE + 5)
    await add_key(world, "filer", scopes=frozenset({Scope.FILE}), rate=PER_MINUTE + 5)
    pace = world.app[DOOR].pace
    for _ in range(PER_MINUTE):
        assert pace.take("127.0.0.1/32", NOW) == 0
    for headers, expected in (({}, 429), ({"Api-Key": "filer"}, 429), ({"Api-Key": "reader"}, 200)):
        answer = await world.client.get("/open311/v2/services.json", headers=headers)
        assert answer.status == expected, headers
