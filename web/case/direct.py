"""Whose a ticket is, how it presses, and where it is."""

from collections.abc import Mapping
from functools import partial
from math import isfinite

from aiohttp.web import Request, Response, RouteTableDef

from tickets.model import Point, Priority
from web.case.acts import done, on, refused
from web.case.forms import Problem, line_of, problem_of_length, typed
from web.case.view import PATH
from web.ports import WEB
from web.visit import Visit, for_clerks_forms

routes = RouteTableDef()
NOBODY = "-"  # in the form: `` is what was not chosen


@routes.post(PATH + "/assign")
@for_clerks_forms
async def assign(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """To me, to a colleague, to nobody."""
    sent = typed(request, fields, "assign")
    if not sent.to or len(sent.to) > 100:
        return await refused(request, visit, sent, Problem.CHOOSE_PERSON)
    to = None if sent.to == NOBODY else sent.to
    act = partial(
        request.app[WEB].acts.direct.assign, number=sent.number, version=sent.seen, by=visit.clerk, to=to
    )  # fmt: skip
    return await done(request, visit, sent, act)


@routes.post(PATH + "/priority")
@for_clerks_forms
async def priority(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """How it presses; the promised date is counted anew."""
    sent = typed(request, fields, "priority")
    if problem := Problem.CHOOSE_PRIORITY if sent.to not in set(Priority) else problem_of_length(sent):
        return await refused(request, visit, sent, problem)
    act = partial(request.app[WEB].acts.direct.rank, to=Priority(sent.to), note=sent.text, **on(visit, sent))
    return await done(request, visit, sent, act)


@routes.post(PATH + "/place")
@for_clerks_forms
async def place(request: Request, visit: Visit, fields: Mapping[str, str]) -> Response:
    """Where it is: in words that the gazetteer looks up, or by a point."""
    sent, words = typed(request, fields, "place"), line_of(fields, "words")
    point = read_point(fields.get("point", ""))
    problem = Problem.POINT_WRONG if fields.get("point", "").strip() and point is None else problem_of_length(sent)
    if problem is None and not words and point is None:
        problem = Problem.PLACE_EMPTY
    if problem is None and len(words) > LONGEST_PLACE:
        problem = Problem.NOTE_TOO_LONG
    if problem:
        return await refused(request, visit, sent, problem)
    act = partial(
        request.app[WEB].acts.direct.place, words=words, point=point, note=sent.text, **on(visit, sent)
    )  # fmt: skip
    return await done(request, visit, sent, act)


LONGEST_PLACE = 200  # characters


def read_point(typed: str) -> Point | None:
    """`14.6, -66.5` or `14,6; -66,5`: latitude and longitude; None for what is none on the earth."""
    plain = typed.strip()
    parts = plain.replace(",", ".").split(";") if ";" in plain else plain.split(",")
    if len(parts) == 1:
        parts = plain.replace(",", ".").split()
    try:
        latitude, longitude = (float(part[:30]) for part in parts)
    except ValueError:
        return None
    on_earth = isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return Point(latitude=latitude, longitude=longitude) if on_earth else None
