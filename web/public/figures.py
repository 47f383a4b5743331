"""What the city says of its own work: twelve weeks in few numbers, with what can and cannot be read from them.

GET /figures -> 200 | 304
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from aiohttp.web import AppKey, Application, Request, Response, RouteTableDef

from tickets.figures import SMALL
from tickets.town import Town, Week
from web.ports import WEB
from web.public.keeping import Keeping
from web.public.leaf import Leaf
from web.public.page import Reader, kept, render

routes = RouteTableDef()
TOWNS = AppKey("towns", Keeping[Town])
_FRESH, _STALE = timedelta(minutes=15), timedelta(hours=2)
_WIDE, _HIGH = 600.0, 150.0  # units of the drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A week: where it stands and how high what came, what went and what was open reach, in the drawing's units."""

    week: Week
    x: float
    filed: float
    closed: float
    open: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`line`: the points of what was open. `top`, `most_open`: what the full height stands for."""

    bars: Sequence[Bar]
    line: str
    top: int
    most_open: int
    step: float
    width: float = _WIDE
    height: float = _HIGH


def set_up(app: Application) -> None:
    app[TOWNS] = Keeping(fresh=_FRESH, stale=_STALE, most=1)


async def town(request: Request) -> Town:
    """Counted for all who ask within a quarter of an hour, in whatever language."""
    web = request.app[WEB]

    async def count() -> Town:
        async with web.store.view() as view:
            return await view.towns.count(web.city, web.clock.now())

    return await request.app[TOWNS].get("", web.clock.now(), count)


@routes.get("/figures")
async def figures(request: Request) -> Response:
    """Good or bad: what the promises came to."""
    return await kept(request, "/figures", partial(_figures, request))


async def _figures(request: Request, whose: Reader) -> Leaf:
    counted = await town(request)
    return render(
        request, "public/figures.html", whose, query={}, town=counted, chart=chart(counted.weeks), small=SMALL,
        few=request.app[WEB].city.openness.few,
    )  # fmt: skip


def chart(weeks: Sequence[Week]) -> Chart:
    """Heights from 0 to the drawing's."""
    top = max((max(week.filed, week.closed) for week in weeks), default=0) or 1
    most = max((week.open for week in weeks), default=0) or 1
    step = _WIDE / max(1, len(weeks))
    bars = [
        Bar(
            week=week, x=round(n * step, 1), filed=_share(week.filed, top), closed=_share(week.closed, top),
            open=_share(week.open, most),
        )
        for n, week in enumerate(weeks)
    ]  # fmt: skip
    line = " ".join(f"{bar.x + step / 2:g},{_HIGH - bar.open:g}" for bar in bars)
    return Chart(bars=bars, line=line, top=top, most_open=most, step=round(step, 1))


def _share(count: int, of: int) -> float:
    return round(_HIGH * count / of, 1)
