"""The public pages' own frame: a language without a cookie, links that keep it, and answers that are kept."""

from collections.abc import Callable, Coroutine, Hashable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp.web import AppKey, Application, Request, Response

from web import language
from web.caller import caller
from web.page import ENVIRONMENTS
from web.ports import WEB
from web.public.allowance import Allowance
from web.public.keeping import Keeping
from web.public.leaf import Leaf, leaf, sent

FRESH = timedelta(seconds=60)
_STALE = timedelta(minutes=10)
_MOST = 600  # answers: some 6 MB
_FREE, _EVERY = 200, timedelta(seconds=0.25)  # pages that are made for one address: thousands of phones may share it
LEAVES: Final = AppKey("leaves", Keeping[Leaf])
MADE = AppKey("made", Allowance)
_OURS = ("l", "language")  # the second one is what our other pages say


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """`chosen`: the language that the address names, which its links name too; "": the browser's, or the city's."""

    language: str
    chosen: str = ""

    def link(self, path: str, **query: object) -> str:
        """An address of ours, in the same language. Values that are empty are left out."""
        told = {name: value for name, value in (*query.items(), ("l", self.chosen)) if value not in ("", None)}
        path, _, part = path.partition("#")
        return path + (f"?{urlencode(told, safe=',')}" if told else "") + (f"#{part}" if part else "")

    def aside(self, path: str) -> str:
        """An address of ours that is none of the public pages."""
        return f"{path}?language={self.chosen}" if self.chosen else path


def set_up(app: Application) -> None:
    app[LEAVES] = Keeping(fresh=FRESH, stale=_STALE, most=_MOST)
    app[MADE] = Allowance(free=_FREE, every=_EVERY)


def reader(request: Request) -> Reader:
    """Whoever asks: nothing is kept of them, in their browser or here."""
    known = request.app[WEB].city.languages
    chosen = next((wish for name in _OURS if (wish := request.query.get(name)) in known), "")
    return Reader(language=chosen or language.of_browser(request), chosen=chosen or "")


async def kept(
    request: Request, key: Hashable, make: Callable[[Reader], Coroutine[Any, Any, Leaf]]
) -> Response:  # fmt: skip
    """What `make` makes, or made for the same `key` and language less than FRESH ago. 429 for who has too many made."""
    leaves, whose, now = request.app[LEAVES], reader(request), request.app[WEB].clock.now()
    if not leaves.has((key, whose), now) and (wait := spent(request)):
        return Response(text="429 Too Many Requests\n", status=429, headers={"Retry-After": str(wait)})
    found = await leaves.get((key, whose), now, partial(make, whose))
    return sent(request, found)


def spent(request: Request) -> int:
    """Counts what is made for this caller; seconds to wait, or 0."""
    made, who, now = request.app[MADE], caller(request), request.app[WEB].clock.now()
    wait = made.wait(who, now)
    if not wait:
        made.spend(who, now)
    return wait


def render(
    request: Request, template: str, whose: Reader, *, query: Mapping[str, object], status: int = 200, **values: object
) -> Leaf:  # fmt: skip
    """A template of `public/` as a page. `here` makes the address of the same page in another language."""
    web = request.app[WEB]
    environment = request.app[request.app[ENVIRONMENTS][whose.language]]
    given = {name: value for name, value in query.items() if value}
    here = request.path if status == 200 else "/"
    text = environment.get_template(template).render(
        city=web.city,
        path=here,
        link=whose.link,
        aside=whose.aside,
        in_language=lambda code: Reader(language=code, chosen=code).link(here, **given),
        public_url=web.public_url,
        chosen=whose.chosen,
        query=given,
        **values,
    )
    return leaf(text, status=status, Content_Language=whose.language)
