"""Finding tickets and conversations by words. Those of citizens are never indexed in clear: the store keeps keyed
hashes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word that is looked for. It is found where its stem (`handlers.phrases.stems`) is among the words of the
    citizens or of the street, or where the ticket is of one of these `services` or `areas`, which are called so, or
    where its number holds `part` (written without the hyphen; empty: it is no part of a number)."""

    stem: str = field(repr=False)
    services: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    part: str = field(default="", repr=False)


class Search(Protocol):
    """What words lead to. Tickets are found by `Query.words`."""

    async def threads(self, words: Sequence[Word], limit: int) -> Sequence[int]:
        """Conversations in which all of these words were written, the newest first."""
        ...

    async def reindex_tickets(self, after: str, limit: int) -> Sequence[str]:
        """Hash the words of so many tickets anew, with the newest key, those behind this number; which, in order. Fewer
        than `limit`: there are no more. Nobody changes them until the end of this unit of work."""
        ...

    async def reindex_threads(self, after: int, limit: int) -> Sequence[int]:
        """The same of conversations, by their ids."""
        ...
