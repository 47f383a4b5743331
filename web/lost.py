"""A session that ended while its clerk wrote: nothing is saved, and nothing of what they wrote is lost either."""

from collections.abc import Mapping
from itertools import count

from aiohttp.web import Request, Response

from web import language
from web.page import page

_NEVER = frozenset({"csrf", "password", "old", "again", "code", "secret", "once", "query", "back"})  # shown to nobody


def lost(request: Request, fields: Mapping[str, str], login: str) -> Response | None:
    """What they wrote, to take along, with the way to the log-in (`login`); None where nothing was written. A form of
    another site is not shown as if it were theirs."""
    words = [value for name, value in fields.items() if name not in _NEVER and len(value.split()) > 1]
    if not words or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return None
    written = [(f"words-{number}", text) for number, text in zip(count(1), words, strict=False)]
    return page(request, "lost.html", language.of_page(request), status=401, written=written, login=login)
