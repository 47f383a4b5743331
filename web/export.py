"""A copy of a citizen's data, by the link that they were sent: for a day, and for nobody who guesses.

GET /my-data/{token} -> 200, a JSON file to save | 404, unknown or past alike | 429, too many wrong ones
"""

import re
from dataclasses import dataclass, field

from aiohttp.web import AppKey, HTTPNotFound, Request, Response, RouteTableDef

from bot.rights import PATH, file_name
from web.caller import caller
from web.ports import WEB
from web.throttle import Throttle, keys_of

routes = RouteTableDef()

_TOKEN = re.compile(r"[0-9a-f]{48}")


@dataclass(slots=True)
class Counter:
    """How often wrong links were tried."""

    throttle: Throttle = field(default_factory=Throttle)


COUNTER = AppKey("export_counter", Counter)


@routes.get(PATH + "{token}")
async def fetch(request: Request) -> Response:
    """As often as its owner likes until it is forgotten. The answer does not tell why there is none."""
    web, throttle = request.app[WEB], request.app[COUNTER].throttle
    now, token = web.clock.now(), request.match_info["token"]
    keys = keys_of("", caller(request))[1:]
    if wait := throttle.take(keys, now):
        return Response(text="429 Too Many Requests\n", status=429, headers={"Retry-After": str(wait)})
    if not _TOKEN.fullmatch(token):
        raise HTTPNotFound
    async with web.store.view() as view:
        content = await view.exports.fetch(token, now)
    if content is None:
        raise HTTPNotFound
    throttle.forget(keys)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(now)}"', "Cache-Control": "no-store, private"}
    return Response(text=content, content_type="application/json", charset="utf-8", headers=headers)
