"""A page of a list: the one that the address asks for, or the last where there are not so many."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.ports import Page

PER_PAGE = 50
_FARTHEST = 10_000_000  # its rows can still be counted in 32 bits, as databases want it

T = TypeVar("T")
Read = Callable[[int, int], Awaitable[Page[T]]]  # (offset, limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Generic[T]):
    """The rows of page `number` of `pages`, from 1 on; there is at least one, be it empty. `total`: rows of all, or
    (`capped`) fewer than that; `cut`: not all of them can be paged to."""

    rows: tuple[T, ...]
    total: int
    number: int
    pages: int
    capped: bool = False
    cut: bool = False


async def listed(query: Mapping[str, str], read: Read[T]) -> Listed[T]:
    """The page that `page` of this query names, by what reads a part of the list."""
    number = _asked(query.get("page", ""))
    page = await _at(number, read)
    if number > _pages(_reach(page)):
        number = _pages(_reach(page))
        page = await _at(number, read)
    cut = page.capped or _reach(page) < page.total
    pages = _pages(_reach(page))
    return Listed(rows=page.rows, total=page.total, number=number, pages=pages, capped=page.capped, cut=cut)


def _reach(page: Page[T]) -> int:
    return page.total if page.reach is None else page.reach


async def _at(number: int, read: Read[T]) -> Page[T]:
    return await read((number - 1) * PER_PAGE, PER_PAGE)


def _asked(page: str) -> int:
    """1 for whatever is no number."""
    return min(int(page), _FARTHEST) if re.fullmatch("[1-9][0-9]{0,18}", page) else 1


def _pages(total: int) -> int:
    return max(1, -(-total // PER_PAGE))
