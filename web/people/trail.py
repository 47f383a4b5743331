"""Who did what at the desk: the audit, by pages and as a file (which is written down too)."""

import csv
import io
from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp.web import Request, Response, RouteTableDef

from bot.ports.audit import Deed
from tickets.rights import Right
from web import paging
from web.noting import note
from web.ports import WEB
from web.visit import Visit, for_those_who_may

routes = RouteTableDef()

_PATH = "/desk/audit"
_AT_ONCE, _MOST = 1_000, 50_000  # rows of a file
_BEGINS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


@routes.get(_PATH)
@for_those_who_may(Right.AUDIT)
async def trail(request: Request, visit: Visit) -> Response:
    """A page of it, the newest first."""
    login, deed = _asked(request.query)
    async with request.app[WEB].store.view() as view:
        listed = await paging.listed(request.query, lambda begin, size: view.audit.page(begin, size, login, deed))
    query = urlencode({name: value for name, value in (("login", login), ("deed", deed)) if value})
    return visit.page(
        request, "people/audit.html", listed=listed, login=login, deed=deed, deeds=tuple(Deed),
        file=f"{_PATH}/audit.csv" + (f"?{query}" if query else ""), more=f"{_PATH}?" + (f"{query}&" if query else ""),
    )  # fmt: skip


@routes.get(_PATH + "/audit.csv")
@for_those_who_may(Right.AUDIT)
async def export(request: Request, visit: Visit) -> Response:
    """What the page lists, all pages of it (the newest 50,000 rows)."""
    login, deed = _asked(request.query)
    await note(request, visit.clerk.login, Deed.EXPORTED, "audit.csv")
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("at", "login", "deed", "subject", "detail"))
    for begin in range(0, _MOST, _AT_ONCE):
        async with request.app[WEB].store.view() as view:
            entries = (await view.audit.page(begin, _AT_ONCE, login, deed)).rows
        rows.writerows(
            (one.at.isoformat(), _plain(one.login), one.deed, _plain(one.subject), _plain(one.detail))
            for one in entries
        )
        if len(entries) < _AT_ONCE:
            break
    headers = {"Content-Disposition": 'attachment; filename="vecino-audit.csv"'}
    return Response(text=text.getvalue(), content_type="text/csv", charset="utf-8", headers=headers)


def _asked(query: Mapping[str, str]) -> tuple[str, Deed | None]:
    """All deeds, where there is no such."""
    deed = query.get("deed", "")
    return query.get("login", "").strip()[:100], Deed(deed) if deed in set(Deed) else None


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_BEGINS) else text
