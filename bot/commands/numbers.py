"""Numbers as they are typed."""

from argparse import ArgumentTypeError
from collections.abc import Callable


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
