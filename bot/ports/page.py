"""A part of a list."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some of a list's rows, in its order, and how many the whole list has. `reach`: how many of them can be paged to,
    where that is not all; `capped`: there are more than `total`."""

    rows: tuple[T, ...]
    total: int
    reach: int | None = None
    capped: bool = False
