"""The city as the moving map draws it: one small file of its areas, streets and landmarks, kept by browsers.

    GET /desk/map/city.json -> {"scale": 100000, "areas": [[name, line], ...], "streets": [...], "landmarks": [...]}

A line is [longitude, latitude, then steps], in whole parts of `scale` of a degree: about a metre,
in a third of the room.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiohttp.web import AppKey, Application, Request, Response, RouteTableDef

from tickets.city import City
from web import plan
from web.map.drawing import box_of
from web.page import ENVIRONMENTS
from web.plan import Plan
from web.ports import WEB
from web.visit import Visit, for_clerks

routes = RouteTableDef()
PATH = "/desk/map/city.json"
_SCALE = 100_000
_YEAR = 31_536_000  # seconds


@dataclass(frozen=True, slots=True)
class Layers:
    """`address` carries a hash of the content, so that a changed one is never taken from a cache."""

    content: bytes
    tag: str

    @property
    def address(self) -> str:
        return f"{PATH}?v={self.tag}"


LAYERS = AppKey("layers", Layers)
PLAN: AppKey[Plan | None] = AppKey("plan", Plan)


def of_city(city: City) -> Layers:
    """Made once, when the web begins."""
    drawn = {
        "scale": _SCALE,
        "areas": [[area.name, _steps(area.ring)] for area in city.areas],
        "streets": [[street.name, _steps(street.line)] for street in city.streets],
        "landmarks": [[one.name, _steps([(one.point.longitude, one.point.latitude)])] for one in city.landmarks],
    }
    content = json.dumps(drawn, ensure_ascii=False, separators=(",", ":")).encode()
    return Layers(content, hashlib.sha256(content).hexdigest()[:12])


def set_up(app: Application) -> None:
    """Tell every page of the layers, and of the server of map pictures where there is one."""
    web, drawn = app[WEB], plan.of_city(app[WEB].city)
    app[LAYERS], app[PLAN] = of_city(web.city), drawn
    frame = box_of(drawn.frame) if drawn else None
    for key in app[ENVIRONMENTS].values():
        app[key].globals.update(map_layers=app[LAYERS].address, map_frame=frame, map_tiles=web.tiles)


@routes.get(PATH)
@for_clerks
async def city_layers(request: Request, _: Visit) -> Response:
    """The browser's own copy is enough while its tag is the same."""
    layers = request.app[LAYERS]
    lasting = request.query.get("v") == layers.tag
    caching = f"private, max-age={_YEAR}, immutable" if lasting else "private, no-cache"
    headers = {"ETag": f'W/"{layers.tag}"', "Cache-Control": caching}
    if f'"{layers.tag}"' in request.headers.get("If-None-Match", ""):
        return Response(status=304, headers=headers)
    return Response(body=layers.content, content_type="application/json", headers=headers)


def _steps(line: Sequence[tuple[float, float]]) -> list[int]:
    found: list[int] = []
    for before, (longitude, latitude) in zip([(0, 0), *_whole(line)], _whole(line), strict=False):
        found += [longitude - before[0], latitude - before[1]]
    return found


def _whole(line: Iterable[tuple[float, float]]) -> list[tuple[int, int]]:
    return [(round(longitude * _SCALE), round(latitude * _SCALE)) for longitude, latitude in line]
