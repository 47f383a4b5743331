"""Numbers and days as they are typed."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import UTC, datetime


def whole(least: int, most: int) -> Callable[[str], int]:
    """For argparse: refuses all but whole numbers between these, both included, with a sentence."""

    def read(typed: str) -> int:
        try:
            number = int(typed)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise ArgumentTypeError(f"a whole number from {least:,} to {most:,} is needed")
        return number

    return read


def day(typed: str) -> datetime:
    """For argparse: the first instant of a day, in UTC."""
    try:
        return datetime.strptime(typed, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ArgumentTypeError("a day such as 2019-01-31 is needed") from None
