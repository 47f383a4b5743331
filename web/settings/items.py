"""Replies at hand, answers, services and holidays: a list of each, a form for one, and what was before."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp.web import HTTPNotFound, HTTPSeeOther, Request, Response, RouteTableDef

from bot.amending.change import AS_FILED, Wrong
from bot.settings.replies import VARIABLES
from bot.settings.section import Mistake, Problem
from channels.segments import Segments, count, gsm_safe
from tickets.rights import Right
from web.ports import WEB
from web.settings.kinds import HOLIDAYS, REPLIES, ROOMS, SERVICES, Room, day_of
from web.settings.mistakes import Beside, beside
from web.settings.past import encoded, is_filed, problems_by_key, steps
from web.settings.saving import Overtaken, Wish, save, seen
from web.settings.targets import wrong_targets
from web.visit import Visit, for_clerks, for_those_who_may, forms_for_those_who_may

routes = RouteTableDef()

PATH = "/desk/settings"
_ROOM = PATH + "/{room:replies|answers|services|holidays}"
_ONE = _ROOM + "/key/{key:[^/]{1,80}}"
_CODE = 40  # characters
_HISTORY = 31  # changes that are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A form as it was sent, with what is wrong beside its fields. `stale`: somebody was quicker."""

    fields: Mapping[str, str]
    problems: Beside = field(default_factory=dict)
    stale: bool = False

    def status(self) -> int:
        return 409 if self.stale else 422 if self.problems else 200


@routes.get(_ROOM)
@for_clerks
async def listed(request: Request, visit: Visit) -> Response:
    """All of one kind: those that hold, then those that were taken away."""
    web, room = request.app[WEB], _room(request)
    async with web.store.view() as view:
        changes = {one.key: one for one in await view.amendments.now(room.kind)}
    items, unfit = room.items(web.city), problems_by_key(web.force.unfit, room)
    gone = [key for key, one in changes.items() if key not in items and (not is_filed(one.value) or key in unfit)]
    return visit.page(
        request, "settings/list.html", room=room, items=items, changes=changes, gone=gone, day_of=day_of, unfit=unfit,
        path_of=path_of, today=web.clock.now().astimezone(ZoneInfo(web.city.timezone)).date(),
    )  # fmt: skip


@routes.get(_ROOM + "/new")
@for_those_who_may(Right.ARRANGE)
async def fresh(request: Request, visit: Visit) -> Response:
    """The form for one more."""
    room = _room(request)
    if not room.open:
        raise HTTPNotFound
    return await _page(request, visit, room, "", Typed(fields={}))


@routes.post(_ROOM + "/new")
@forms_for_those_who_may(Right.ARRANGE)
async def add(request: Request, visit: Visit, form: Mapping[str, str]) -> Response:
    """One more. A form that was sent twice makes one."""
    room, city = _room(request), request.app[WEB].city
    if not room.open:
        raise HTTPNotFound
    key = _key(room, form, city.languages[0])
    if not key:
        return await _page(request, visit, room, "", _wrong(form, _named(room, city.languages[0]), Mistake.MISSING))
    value = encoded(room.written(form, city))
    known = room.items(city).get(key)
    if known is not None and encoded(known) != value and form.get("act") != "look":
        return await _page(request, visit, room, "", _wrong(form, _named(room, city.languages[0]), Mistake.TWICE))
    return await _saved(request, visit, room, "", form, [Wish(key=key, value=value, seen=await _newest(request, key))])


@routes.get(_ONE)
@for_clerks
async def one(request: Request, visit: Visit) -> Response:
    """One of them, and what was before."""
    return await _page(request, visit, _room(request), request.match_info["key"], None)


@routes.post(_ONE)
@forms_for_those_who_may(Right.ARRANGE)
async def change(request: Request, visit: Visit, form: Mapping[str, str]) -> Response:
    """It is so from now on. Of a holiday the date too: it is another one then, and this one is none."""
    room, key, city = _room(request), request.match_info["key"], request.app[WEB].city
    await _known(request, room, key)
    wish = Wish(key=key, value=encoded(room.written(form, city)), seen=seen(form.get("seen", "")))
    if room is HOLIDAYS and form.get("date", key) != key:
        to = _key(room, form, "")
        if not to or to in room.items(city):
            what = Mistake.TWICE if to else Mistake.MISSING
            return await _page(request, visit, room, key, _wrong(form, "date", what))
        moved = [replace(wish, value=None), Wish(key=to, value=wish.value, seen=await _newest(request, to))]
        return await _saved(request, visit, room, key, form, moved)
    return await _saved(request, visit, room, key, form, [wish])


@routes.post(_ONE + "/remove")
@forms_for_those_who_may(Right.ARRANGE)
async def remove(request: Request, visit: Visit, form: Mapping[str, str]) -> Response:
    """It is none from now on; taken back at any time."""
    room, key = _room(request), request.match_info["key"]
    await _known(request, room, key)
    if not room.open:
        raise HTTPNotFound
    return await _saved(request, visit, room, key, {}, [Wish(key=key, value=None, seen=seen(form.get("seen", "")))])


@routes.post(_ONE + "/back")
@forms_for_those_who_may(Right.ARRANGE)
async def back(request: Request, visit: Visit, form: Mapping[str, str]) -> Response:
    """As it was after this change, or (without a number) as config.yml has it."""
    room, key, web = _room(request), request.match_info["key"], request.app[WEB]
    async with web.store.view() as view:
        changes = {str(one.id): one.value for one in await view.amendments.history(room.kind, key, 1000)}
    if not changes or form.get("to", "") not in {"", *changes}:
        raise HTTPNotFound
    value = changes.get(form.get("to", ""), AS_FILED)
    return await _saved(request, visit, room, key, {}, [Wish(key=key, value=value, seen=seen(form.get("seen", "")))])


def path_of(room: Room, key: str = "") -> str:
    """Where it stands."""
    return f"{PATH}/{room.slug}/key/{quote(key, safe='')}" if key else f"{PATH}/{room.slug}"


async def _saved(
    request: Request, visit: Visit, room: Room, key: str, form: Mapping[str, str], wishes: list[Wish]
) -> Response:
    """Where it stands now, or the form again with why not. `key` is empty for a new one."""
    problems: Beside = {}
    if room is SERVICES and form:
        problems = {name: problem_at(name, Mistake.UNFIT) for name in wrong_targets(form)}
    try:
        if problems or form.get("act") == "look":
            return await _page(request, visit, room, key, Typed(fields=form, problems=problems))
        await save(request, visit, room, wishes)
    except Overtaken:
        return await _page(request, visit, room, key, Typed(fields=form, stale=True))
    except Wrong as wrong:
        found = beside(wrong.problems, form, request.app[WEB].city.languages)
        return await _page(request, visit, room, key, Typed(fields=form, problems=found))
    raise HTTPSeeOther(path_of(room, wishes[-1].key))


async def _page(request: Request, visit: Visit, room: Room, key: str, typed: Typed | None) -> Response:
    web = request.app[WEB]
    city, item = web.city, room.items(web.city).get(key)
    async with web.store.view() as view:
        changes = await view.amendments.history(room.kind, key, _HISTORY) if key else ()
    if key and item is None and not changes:
        raise HTTPNotFound
    own = room.fields(item, city) if item is not None else {}
    shown = typed or Typed(fields=own)
    form = dict(shown.fields) if shown.fields else own
    return visit.page(
        request, "settings/one.html", status=shown.status(), room=room, key=key, item=item, form=form, typed=shown,
        steps=steps(room, key, changes, web.force.base), newest=changes[0].id if changes else 0,
        own=own, filed=room.items(web.force.base).get(key) is not None, day=day_of(key), path_of=path_of,
        segments={name: _segments(text) for name, text in form.items() if text}, variables=VARIABLES,
        unfit=problems_by_key(web.force.unfit, room).get(key, ()),
        here=path_of(room, key) if key else f"{path_of(room)}/new",
    )  # fmt: skip


def _segments(text: str) -> Segments:
    """As it leaves by SMS."""
    return count(gsm_safe(text))


def _room(request: Request) -> Room:
    return ROOMS[request.match_info["room"]]


async def _known(request: Request, room: Room, key: str) -> None:
    web = request.app[WEB]
    if key in room.items(web.city):
        return
    async with web.store.view() as view:
        if not await view.amendments.history(room.kind, key, 1):
            raise HTTPNotFound


async def _newest(request: Request, key: str) -> int:
    """Of a key that is to be taken: what was there before is nobody's any more."""
    room = _room(request)
    async with request.app[WEB].store.view() as view:
        return next((one.id for one in await view.amendments.history(room.kind, key, 1)), 0)


def _named(room: Room, language: str) -> str:
    """The field by which a new one is named."""
    return "date" if room is HOLIDAYS else f"names.{language}" if room is REPLIES else "code"


def _key(room: Room, form: Mapping[str, str], language: str) -> str:
    typed = form.get(_named(room, language), "").strip()
    if room is not HOLIDAYS:
        return code_of(typed)
    day = day_of(typed)
    return day.isoformat() if day and _is_near(day) else ""


def code_of(typed: str) -> str:
    """A code for what somebody called so: letters, digits and _."""
    plain = unicodedata.normalize("NFKD", typed.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_CODE].strip("_")


def _is_near(day: date) -> bool:
    return 2000 <= day.year < 2100


def problem_at(name: str, what: Mistake) -> Problem:
    """Beside this field."""
    return Problem(key=name, line=0, advice="", what=what)


def _wrong(form: Mapping[str, str], name: str, what: Mistake) -> Typed:
    return Typed(fields=form, problems={name: problem_at(name, what)})
