"""Which page of a list is asked for, and how many there are."""

import re
from collections.abc import Mapping

PER_PAGE = 50
_LAST_PAGE = 10_000


def asked(query: Mapping[str, str]) -> int:
    """The number behind `page`, from 1 on; 1 for whatever is no number."""
    page = query.get("page", "")
    return min(int(page), _LAST_PAGE) if re.fullmatch("[1-9][0-9]{0,8}", page) else 1


def pages(total: int) -> int:
    """At least one, be it empty."""
    return max(1, -(-total // PER_PAGE))
