"""A reader under test: how it is opened, what it is fed, and by which bound in time it must have ended."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from random import Random

from tests.fuzz.mutation import mutated

Read = Callable[[bytes], str]  # what became of an input, in one word or a few; whatever it raises is a finding
Change = Callable[[Random, bytes, "Sequence[bytes]", "Sequence[bytes]"], bytes]  # of one, with others and with words
SECONDS = 0.05  # of CPU, for at most LONGEST bytes
LONGEST = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`opened` gives the reader; `samples` are inputs that are right (files in seeds/NAME/ are added), `words` what its
    language consists of. `seconds`: of CPU that one input may take; `longest`: bytes of one that was changed."""

    name: str
    opened: Callable[[], AbstractContextManager[Read]]
    samples: Sequence[bytes] = ()
    words: Sequence[bytes] = ()
    change: Change = mutated
    seconds: float = SECONDS
    longest: int = LONGEST


def simple(read: Read) -> Callable[[], AbstractContextManager[Read]]:
    """Of a reader that needs nothing around it."""

    @contextmanager
    def opened() -> Iterator[Read]:
        yield read

    return opened


def text_of(data: bytes) -> str:
    """Bytes as words; half characters stay, for JSON can bring them."""
    return data.decode("utf-8", "replace") if b"\xed" not in data else data.decode("utf-8", "surrogateescape")


def size(count: int) -> str:
    """About how many: as an outcome, a hundred and a hundred and one are the same."""
    return str(count) if count < 4 else f"2^{count.bit_length()}"
