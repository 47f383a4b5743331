"""Which key came with a request, if any: nobody needs one to read."""

from aiohttp.web import Request

from bot.ports.keys import Key, Scope
from web.ports import WEB

LONGEST = 200  # characters; ours are far below it


def shown(request: Request) -> str:
    """The key that stands beside a form; empty: none."""
    return request.headers.get("Api-Key", "") or request.query.get("api_key", "")


async def known(request: Request, secret: str) -> Key | None:
    """What is known of a key, also of one that opens nothing any more."""
    if len(secret) > LONGEST:
        return None
    async with request.app[WEB].store.view() as view:
        return await view.keys.find(secret)


async def reader(request: Request) -> Key | None:
    """The key that lets its holder read more often than others, where one came; any other is nobody's here."""
    secret = shown(request)
    key = await known(request, secret) if secret else None
    good = key is not None and key.opens(request.app[WEB].clock.now()) and Scope.READ in key.scopes
    return key if good else None
