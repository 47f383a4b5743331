"""Lists in parts: by number (`page`), or behind the last one of the part before (`after`), which costs the same however
deep one reads. The answer's `Link` (RFC 8288) leads to the next part; without one there is no more."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from aiohttp.web import Request

from bot.ports.public import Cursor
from web.open311 import params
from web.open311.answers import address
from web.open311.problems import Refused

MOST = 1000  # the standard's, also for who says nothing: most clients know of no parts
_DEEPEST = 10_000  # rows that are counted past; who wants more goes on with `after`
_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_BEHIND = re.compile(r"([0-9]{1,17})_([0-9A-Z-]{1,20})(?:\.([0-9]{1,9}))?", re.ASCII)
T = TypeVar("T")


def size(query: params.Query) -> int:
    """`page_size`."""
    return params.count(query, "page_size", MOST, MOST)


def offset(query: params.Query, rows: int) -> int:
    """How many rows are before page `page` of so many each."""
    page = params.count(query, "page", 1, _DEEPEST)
    if (page - 1) * rows > _DEEPEST:
        raise Refused(400, f"page: behind {_DEEPEST} rows follow the Link of the answer instead.")
    return (page - 1) * rows


def behind(query: params.Query) -> tuple[Cursor, int] | None:
    """`after`, as a Link of ours has it: behind which ticket, and which of its versions."""
    text = query.get("after", "").strip()
    if not text:
        return None
    match = _BEHIND.fullmatch(text)
    if match is None:
        raise Refused(400, "after: take it from the Link of an answer, as it is.")
    return Cursor(at=_EPOCH + int(match[1]) * _TICK, number=match[2]), int(match[3] or 0)


def mark(at: datetime, number: str, version: int | None = None) -> str:
    """What `after` says of the last row of a part."""
    return f"{(at - _EPOCH) // _TICK}_{number}" + ("" if version is None else f".{version}")


def link(request: Request, rows: Sequence[T], wanted: int, after: str) -> tuple[Sequence[T], Mapping[str, str]]:
    """Of one row more than is wanted: the rows of this part, and the header that leads on."""
    if len(rows) <= wanted:
        return rows, {}
    query = request.rel_url.without_query_params("page", "after").update_query({"after": after})
    return rows[:wanted], {"Link": f'<{address(request, str(query))}>; rel="next"'}
