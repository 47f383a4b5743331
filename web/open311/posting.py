"""Filing a request (http://wiki.open311.org/GeoReport_v2/#post-service-request).

POST /open311/v2/requests.{xml,json} -> 200, its service_request_id | 400 | 403 | 404 | 413 | 415 | 429 | 503

| field | |
| --- | --- |
| `api_key` | a key that may file; also as the header Api-Key |
| `service_code` | one of services.json |
| `lat` and `long`, or `address_string` | where; WGS 84, or words. `address_id` is not known here |
| `attribute[code]` | the answers to the service's questions; each is required |
| `description` | at most 4,000 characters |
| `phone` | in its international form (+34...): it is asked once, by SMS, whether its owner wants to be told |
| `email` | where there is no number, the same by a mail with a link |
| `media` | up to 5 pictures (JPEG, PNG, WebP, GIF), as parts of a form in parts |

`first_name`, `last_name`, `device_id`, `account_id` and `media_url` are taken and forgotten: nothing is kept
that nobody needs, and no address that others write is ever fetched. The same form, or the same header Idempotency-Key,
by the same key is answered as before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp.web import Request, Response, RouteTableDef

from bot.desk.filing import read_phone
from bot.desk.posting import NAMED, REPEATED, Sent
from bot.desk.seeing import Refused as NotRead
from bot.ports.keys import Key, Scope
from channels.mailbox import wrong
from tickets.city import Service
from web.case.pictures import NoPicture, bare
from web.open311 import keys, sent
from web.open311.answers import language_of, made
from web.open311.forms import Value
from web.open311.problems import Refused
from web.open311.reading import Posted, posted
from web.open311.standard import check_jurisdiction
from web.ports import WEB

routes = RouteTableDef()

_NAME = 200  # characters of an Idempotency-Key
_PHONE = 40
_UNFETCHED = "The picture at media_url was not fetched: send the file itself, as media."
_UNREACHED = "The phone was not understood: write it as +34600000000."
_NO_MAIL = "News is not sent by e-mail."
_UNWRITTEN = "The email was not understood: write an address such as ana@city.example."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Whom a program names: `phone` in its form for SMS, `email` in small letters; empty where there is none."""

    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@routes.post("/open311/v2/requests.{form:xml|json}")
async def file(request: Request) -> Response:
    """A report; what was sent before is answered as before."""
    web, form = request.app[WEB], await posted(request)
    check_jurisdiction(request, form.fields.getall("jurisdiction_id", ()))
    key = await keys.holder(request, form.one("api_key"), Scope.FILE)
    service = sent.service(web.city, form)
    reporter, notices = _reporter(form, mails=web.acts.posting.mail)
    mark, known = _same(request, key, form)
    number = await web.acts.posting.before(mark)
    if number is None:
        number = await _filed(request, form, service, reporter, (mark, known))
    warning = web.acts.posting.warning(form.one("description"), language_of(request))
    notices = [warning, *notices] if warning else notices
    told: dict[str, Value] = {
        "service_request_id": number,
        "service_notice": " ".join(notices) or None,
        "account_id": None,
    }
    return made(request, "service_requests", [told])


async def _filed(
    request: Request, form: Posted, service: Service, reporter: Reporter, same: tuple[tuple[str, ...], timedelta]
) -> str:  # fmt: skip
    web, language = request.app[WEB], language_of(request)
    words, point = sent.place(form)
    found = web.acts.posting.find(words, point)
    if whose := web.acts.posting.elsewhere(service, found, language):
        raise Refused(400, whose)
    description, answers = sent.description(form), sent.answers(service, form)
    photos = await _pictures(request, form.files)
    number = await web.acts.posting.file(
        Sent(
            service=service, place=found, words=description, language=language, answers=answers,
            phone=reporter.phone, email=reporter.email, photos=photos, sent=same[0], known=same[1],
        )
    )  # fmt: skip
    await _keep(request, photos)
    return number


def _reporter(form: Posted, *, mails: bool) -> tuple[Reporter, list[str]]:
    """Who is to be told, and what is to be said of what was left out. Never whether somebody is known here."""
    notices = [_UNFETCHED] if form.one("media_url") else []
    try:
        phone = read_phone(form.one("phone")[:_PHONE])
    except NotRead:
        phone = ""
        notices.append(_UNREACHED)
    email = form.one("email").strip().lower()
    if email and not mails and not phone:
        notices.append(_NO_MAIL)
    if email and mails and wrong(email):
        notices.append(_UNWRITTEN)
        email = ""
    return Reporter(phone=phone, email=email if mails else ""), notices


def _same(request: Request, key: Key, form: Posted) -> tuple[tuple[str, ...], timedelta]:
    """By what it is known when it is sent again, and for how long."""
    name = request.headers.get("Idempotency-Key", "")
    if len(name) > _NAME:
        raise Refused(400, f"Idempotency-Key: at most {_NAME} characters.")
    return (("named", str(key.id), name), NAMED) if name else (("same", str(key.id), form.digest()), REPEATED)


async def _pictures(request: Request, files: Sequence[bytes]) -> tuple[str, ...]:
    """Their pixels alone, each in a loose file: one that is left is swept. What is none is told before any is kept."""
    plain = []
    for n, content in enumerate(files, 1):
        try:
            plain.append(await bare(content))
        except NoPicture as broken:
            raise Refused(400, f"media: file {n} is no picture that is read here (JPEG, PNG, WebP, GIF).") from broken
    return tuple([await request.app[WEB].files.put(one, "image/jpeg") for one in plain])


async def _keep(request: Request, photos: Sequence[str]) -> None:
    """Those that are the report's: of two alike at once only one's are."""
    web = request.app[WEB]
    if not photos:
        return
    async with web.store.view() as view:
        theirs = await view.photos.named(photos)
    for name in theirs:
        await web.files.keep(name)
