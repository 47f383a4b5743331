"""The digest at the desk: the e-mail's figures for any days, with the very tickets behind each number.

GET /desk/digest -> the page; 422 with what was typed where it makes no sense
GET /desk/digest/tickets -> the list behind one number | 404, no such number
GET /desk/digest/digest.csv, digest.json -> the same figures, to save
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from aiohttp.web import HTTPNotFound, Request, Response, RouteTableDef

from bot.ports import Page
from bot.ports.audit import Deed
from digest import data, table, words
from digest.measures import compared, value
from digest.places import age_names
from digest.sentences import place, sentences
from digest.unknown import unknown
from digest.voice import Voice
from tickets.figures import SMALL, Digest, Figure, Figures, Series
from tickets.model import Ticket
from tickets.rights import Right
from web import comparing, days, measures, paging, slices
from web.days import LONGEST, Asked, Problem
from web.keeping import KEPT
from web.noting import note
from web.ports import WEB
from web.visit import Visit, for_clerks, for_those_who_may

routes = RouteTableDef()

PATH = "/desk/digest"
_LIST = PATH + "/tickets"
_FORMS: Mapping[str, tuple[str, Callable[[Digest, Voice], str]]] = {
    "csv": ("text/csv", table.table),
    "json": ("application/json", lambda digest, _: data.encode(digest)),
}


@routes.get(PATH)
@for_clerks
async def show(request: Request, visit: Visit) -> Response:
    """All figures of the days and the scope that are asked for."""
    asked, digest = await _looked_up(request)
    return _page(request, visit, asked, digest) if digest else _refused(request, visit, asked)


@routes.get(_LIST)
@for_clerks
async def behind(request: Request, visit: Visit) -> Response:
    """The tickets that one number counts."""
    figure, only = _figure(request.query), slices.read(request.query)
    asked, digest = await _looked_up(request, needed=figure in measures.NOT_TICKETS)
    if asked.problems:
        return _refused(request, visit, asked)
    web, voice = request.app[WEB], _voice(request, visit)

    async def part(begin: int, size: int) -> Page[Ticket]:
        now, period, scope = web.clock.now(), asked.period, asked.scope
        async with web.store.view() as view:
            return await view.statistics.behind(web.city, figure, period, scope, now, begin, size, only)

    listed = await paging.listed(request.query, part)
    where = (voice.scope(asked.scope), *slices.words(only, voice), voice.period(asked.period))
    return visit.page(
        request, "digest_tickets.html", status=200,
        **_common(request, asked),
        figure=figure, listed=listed, sliced=where,
        counted=slices.counted(digest, figure, only) if digest and figure in measures.NOT_TICKETS else listed.total,
        is_same=figure not in measures.NOT_TICKETS,
        more=asked.link(_LIST, figure=figure, **slices.query(only)) + "&page=",
    )  # fmt: skip


@routes.get(PATH + "/digest.{form:csv|json}")
@for_those_who_may(Right.EXPORT)
async def export(request: Request, visit: Visit) -> Response:
    """What the page shows, as a file."""
    asked, digest = await _looked_up(request)
    if digest is None:
        return _refused(request, visit, asked)
    content_type, write = _FORMS[request.match_info["form"]]
    headers = {"Content-Disposition": f'attachment; filename="{_file(asked)}.{request.match_info["form"]}"'}
    text = write(digest, _voice(request, visit))
    await note(request, visit.clerk.login, Deed.EXPORTED, f"{_file(asked)}.{request.match_info['form']}")
    return Response(text=text, content_type=content_type, charset="utf-8", headers=headers)


async def _looked_up(request: Request, *, needed: bool = True) -> tuple[Asked, Digest | None]:
    """What is asked for, and the digest; without it where the question makes no sense, or it is not needed."""
    web = request.app[WEB]
    now = web.clock.now()
    asked = days.asked(request.query, web.city, now)
    if asked.problems or (not needed and days.is_known(asked.scope, web.city)):
        return asked, None

    async def count() -> Digest:
        async with web.store.view() as view:
            return await view.statistics.digest(web.city, asked.period, asked.scope, now)

    is_over = asked.period.instants(web.city.calendar.zone)[1] <= now
    digest = await request.app[KEPT].get((asked.period, asked.scope), now, count, is_over=is_over)
    if not days.is_known(asked.scope, web.city) and _is_empty(digest.whole):
        return replace(asked, problems={"scope": Problem.SCOPE}), None
    return asked, digest


def _page(request: Request, visit: Visit, asked: Asked, digest: Digest) -> Response:
    voice, comparison = _voice(request, visit), comparing.chosen(request.query)
    trend = _trend(digest)
    return visit.page(
        request, "digest.html", status=200,
        **_common(request, asked),
        digest=digest, usual_means=_usual_means(digest, voice),
        groups={name: [measures.row(digest.whole, one) for one in each] for name, each in measures.GROUPS.items()},
        sentences=sentences(digest, voice), unknown=unknown(digest, voice),
        comparison=comparison, tables=comparing.tables(digest, comparison, voice.scope), columns=comparing.COLUMNS,
        measures=measures.COMPARED, small=SMALL, trend=trend, trend_of=measures.TREND,
        most_filed=max(one.counts.get(Figure.FILED, 0) for one in trend),
        ages=age_names(voice), place=place, value=value, slice_of=slices.of_cluster,
    )  # fmt: skip


def _refused(request: Request, visit: Visit, asked: Asked) -> Response:
    return visit.page(request, "digest.html", status=422, **_common(request, asked), digest=None)


def _common(request: Request, asked: Asked) -> dict[str, object]:
    """What all of these pages show."""
    web = request.app[WEB]
    now, ends = web.clock.now(), asked.period.instants(web.city.calendar.zone)[1]
    return {
        "asked": asked, "path_of": PATH, "texts": words, "presets": days.presets(now, web.city), "longest": LONGEST,
        "scope": days.written(asked.scope), "is_strange": not days.is_known(asked.scope, web.city),
        "written": days.written, "behind": measures.behind, "is_over": ends <= now, "as_of": min(now, ends),
        "here": str(request.rel_url.without_query_params("language")),
    }  # fmt: skip


def _voice(request: Request, visit: Visit) -> Voice:
    web = request.app[WEB]
    return Voice(city=web.city, language=visit.language, translation=web.translation(visit.language))


def _usual_means(digest: Digest, voice: Voice) -> str:
    """Of how many periods "usual" is the mean; "" where there is none."""
    known = compared(digest.whole)
    forms = words.USUAL_MEANS if digest.period.week else words.USUAL_MEANS_PERIODS
    return voice.count(*forms, known) if known else ""


def _is_empty(series: Series) -> bool:
    """Nothing was ever counted: perhaps a department that never was."""
    return not any(any(one.counts.values()) for one in (*series.before, series.now) if one)


def _figure(query: Mapping[str, str]) -> Figure:
    try:
        return Figure(query.get("figure", ""))
    except ValueError as unknown_one:
        raise HTTPNotFound from unknown_one


def _file(asked: Asked) -> str:
    """`vecino-2026-W47-roads`, as a file may be called anywhere, whatever the city calls its parts."""
    which = asked.period.week or f"{asked.period.begin}-{asked.period.last}"
    code = re.sub(r"[^A-Za-z0-9_-]+", "_", asked.scope.code)
    return "-".join(part for part in ("vecino", which, code) if part)


def _trend(digest: Digest) -> tuple[Figures, ...]:
    """This period and those before it, the newest first."""
    return tuple(one for one in (digest.whole.now, *reversed(digest.whole.before)) if one)
