"""/try: three phones in a page, for the demo only. What is written there goes the way of every other message."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from aiohttp.web import (
    AppKey,
    Application,
    HTTPBadRequest,
    HTTPForbidden,
    HTTPNotFound,
    HTTPRequestEntityTooLarge,
    Request,
    Response,
    RouteTableDef,
    json_response,
)
from msgspec import Meta

from channels.simulator import Bubble, Simulator
from tickets.model import Point
from web import body, both, language, plan
from web.caller import from_our_page
from web.page import page
from web.ports import WEB, Web

routes = RouteTableDef()

_WAIT = 25.0  # seconds; below what proxies take for a dead connection
_PHOTO = 5_000_000  # bytes
_BODY = _PHOTO * 4 // 3 + 64 * 1024  # the photo comes in base64
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_PHONE, _REFERENCE = "[0-9a-f]{16}", "[0-9a-f]{32}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A pin, WGS 84, in degrees."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the page posts. `choice` is the id of a button, `photo` comes as base64, `language` is the phone's."""

    text: Annotated[str, Meta(max_length=5000)] = ""
    choice: Annotated[str, Meta(max_length=64)] | None = None
    point: Spot | None = None
    photo: bytes | None = None
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`run` tells the page that the server was started anew, with empty phones; `closing` ends the long polls."""

    run: str
    closing: asyncio.Event


LINE = AppKey("line", Line)


def set_up(app: Application) -> None:
    """Add the simulator's addresses."""
    app[LINE] = Line(run=secrets.token_hex(8), closing=asyncio.Event())
    app.on_shutdown.append(_hang_up)
    app.add_routes(routes)
    app.add_routes(both.routes)


@routes.get("/try")
async def show(request: Request) -> Response:
    """The page."""
    web = request.app[WEB]
    answer = page(
        request,
        "try.html",
        language.of_page(request),
        styles=list(web.simulators),
        starters=_starters(web),
        beside="beside" in request.query,
        plan=plan.of_city(web.city),
    )
    language.remember(request, answer)
    return answer


@routes.get(f"/try/phones/{{phone:{_PHONE}}}")
async def news(request: Request) -> Response:
    """What came on the phones after the numbers in the query; waits until there is something."""
    web, phone, line = request.app[WEB], request.match_info["phone"], request.app[LINE]
    after = {style: _number(request.query.get(style, "0")) for style in web.simulators}
    await _until_news(web.simulators, phone, after, line.closing)
    screens = {style: one.screen(phone, after[style]) for style, one in web.simulators.items()}
    return json_response({"run": line.run, "phones": {style: _shown(screen) for style, screen in screens.items()}})


@routes.get(f"/try/phones/{{phone:{_PHONE}}}/{{style}}/pictures/{{reference:{_REFERENCE}}}")
async def picture(request: Request) -> Response:
    """A picture that came on this phone."""
    simulator = request.app[WEB].simulators.get(request.match_info["style"])
    asked = request.match_info
    content = simulator.picture(asked["phone"], asked["reference"]) if simulator else None
    if content is None:
        raise HTTPNotFound
    return Response(body=content, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


@routes.post(f"/try/phones/{{phone:{_PHONE}}}/{{style}}")
async def say(request: Request) -> Response:
    """A citizen says something; 204 once it is kept."""
    web = request.app[WEB]
    simulator = web.simulators.get(request.match_info["style"])
    if simulator is None:
        raise HTTPNotFound
    if not from_our_page(request):
        raise HTTPForbidden
    said = await body.decoded(request, Said, _BODY)
    _check_photo(said.photo)
    arrival = simulator.say(
        request.match_info["phone"],
        said.text,
        choice=said.choice,
        point=Point(latitude=said.point.latitude, longitude=said.point.longitude) if said.point else None,
        photo=said.photo,
        language=said.language if said.language in web.city.languages else None,
    )
    await web.accept([arrival])
    return Response(status=204)


async def _until_news(
    simulators: Mapping[str, Simulator], phone: str, after: Mapping[str, int], closing: asyncio.Event
) -> None:
    waits = [asyncio.create_task(one.news(phone, after[style], _WAIT)) for style, one in simulators.items()]
    ends = asyncio.create_task(closing.wait())
    try:
        await asyncio.wait([*waits, ends], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*waits, ends):
            task.cancel()
        await asyncio.gather(*waits, ends, return_exceptions=True)


def _shown(screen: Sequence[Bubble]) -> list[dict[str, object]]:
    return [
        {
            "number": bubble.number,
            "mine": bubble.mine,
            "at": bubble.at.isoformat(),
            "text": bubble.text,
            "choices": [{"id": choice.id, "label": choice.label} for choice in bubble.choices],
            "files": bubble.files,
            "pictures": bubble.pictures,
            "point": (bubble.point.latitude, bubble.point.longitude) if bubble.point else None,
            "segments": bubble.segments.segments if bubble.segments else 0,
        }
        for bubble in screen
    ]


def _starters(web: Web) -> dict[str, dict[str, str]]:
    """Something to say first, on each phone and in each language of the city."""
    found: dict[str, dict[str, str]] = {style: {} for style in web.simulators}
    for place, code in enumerate(web.city.languages):
        words = web.translation(code)
        streets = [street.name for street in web.city.streets] or [web.city.name]
        street = streets[(2 * place + 1) * len(streets) // (2 * len(web.city.languages))]
        sentences = {
            "telegram": words.gettext("There is a huge pothole at %(street)s 12"),
            "sms": words.gettext("The street lamp at %(street)s 8 is out"),
            "whatsapp": words.gettext("Water is running down %(street)s, by number 20"),
        }
        for style in found:
            found[style][code] = sentences[style] % {"street": street}
    return found


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise HTTPBadRequest
    return int(text)


def _check_photo(photo: bytes | None) -> None:
    if photo and len(photo) > _PHOTO:
        raise HTTPRequestEntityTooLarge(max_size=_PHOTO, actual_size=len(photo))
    if photo and not photo.startswith(_PICTURES):
        raise HTTPBadRequest


async def _hang_up(app: Application) -> None:
    app[LINE].closing.set()
