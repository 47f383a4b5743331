"""Every page of a list can be reached, and behind the last one there is none."""

import pytest

from bot.ports import Page
from web.paging import listed


class Numbers:
    """The list 0, 1, 2 ... of so many numbers."""

    def __init__(self, total: int) -> None:
        self._total, self.furthest = total, 0

    async def page(self, offset: int, limit: int) -> Page[int]:
        self.furthest = max(self.furthest, offset + limit)
        return Page(rows=tuple(range(self._total)[offset : offset + limit]), total=self._total)


@pytest.mark.parametrize(
    ("asked", "total", "number", "pages", "first"),
    [
        ("", 51, 1, 2, 0),
        ("2", 51, 2, 2, 50),
        ("3", 51, 2, 2, 50),
        ("1", 0, 1, 1, None),
        ("7", 0, 1, 1, None),
        ("2", 50, 1, 1, 0),
        ("-1", 51, 1, 2, 0),
        ("x", 51, 1, 2, 0),
        ("20000", 1_000_000, 20_000, 20_000, 999_950),
        ("9" * 19, 1_000_000, 20_000, 20_000, 999_950),
        ("9" * 20, 1_000_000, 1, 20_000, 0),
    ],
)
async def test_the_page_that_is_asked_for_or_the_last(
    asked: str, total: int, number: int, pages: int, first: int | None
) -> None:
    numbers = Numbers(total)
    found = await listed({"page": asked}, numbers.page)
    assert (found.number, found.pages, found.total) == (number, pages, total)
    assert (found.rows[0] if found.rows else None) == first
    assert numbers.furthest < 2**31  # PostgreSQL is told an offset in 32 bits
