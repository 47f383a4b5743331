"""Who sends, by their api_key: as the standard has it in the form, or in the address, or in the header Api-Key. What is
wrong with a key is a 403, too much of it a 429."""

from datetime import datetime, time

from aiohttp.web import Request

from bot.ports.keys import Key, Scope
from web.open311.problems import Refused
from web.open311.standard import DOOR
from web.open311.who import known, shown
from web.ports import WEB

_MAY = {
    Scope.FILE: "file reports",
    Scope.UPDATE: "write updates",
}


async def holder(request: Request, given: str, scope: Scope) -> Key:
    """Whose key came, `given` in a form or beside it; this use is counted. Raises Refused or StoreUnavailable."""
    secret = given or shown(request)
    if not secret:
        raise Refused(403, "api_key: is missing. The city gives keys on request.")
    key = await known(request, secret)
    if key is None:
        raise Refused(403, "api_key: is not known here.")
    _check(key, scope, request.app[WEB].clock.now())
    if wait := request.app[DOOR].pace.take(f"key {key.id}", request.app[WEB].clock.now(), key.rate):
        raise Refused(429, headers={"Retry-After": str(wait)})
    await _note(request, key, secret)
    return key


def _check(key: Key, scope: Scope, now: datetime) -> None:
    if key.revoked_at is not None:
        raise Refused(403, "api_key: was revoked.")
    if not key.opens(now):
        raise Refused(403, "api_key: has expired.")
    if scope not in key.scopes:
        raise Refused(403, f"api_key: may not {_MAY.get(scope, scope)}.")


async def _note(request: Request, key: Key, secret: str) -> None:
    """The day, once a day."""
    now = request.app[WEB].clock.now()
    today = datetime.combine(now.date(), time(), now.tzinfo)
    if key.used_on is not None and key.used_on >= today:
        return
    async with request.app[WEB].store.work() as work:
        await work.keys.used(secret, today)
        await work.commit()
