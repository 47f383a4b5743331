"""What citizens may ask of us: consent, a copy of their data, erasure, silence that lasts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from channels.message import Contact
from tickets.model import Update


class Consents(Protocol):
    async def record(self, citizen: int, version: str, now: datetime) -> None:
        """Once per version."""
        ...


class Exports(Protocol):
    """Copies of citizens' data that wait to be fetched. Only the hash of a token is kept."""

    async def everything(self, citizen: int) -> Mapping[str, object]:
        """All that is kept of them, as JSON would have it."""
        ...

    async def keep(self, token: str, citizen: int, content: str, until: datetime) -> None:
        """In place of an earlier one of theirs."""
        ...

    async def fetch(self, token: str, now: datetime) -> str | None:
        """None when it is unknown or its time is over."""
        ...

    async def forget(self, now: datetime) -> int:
        """Delete those whose time is over; how many."""
        ...


class Erasure(Protocol):
    """Takes a citizen out of the database. Their cases stay, with service, place on the map, dates and status."""

    async def numbers(self, citizen: int) -> Sequence[str]:
        """Of the tickets that they reported, or in which words of theirs stand."""
        ...

    async def unreadable(self, citizen: int) -> None:
        """What no key of ours opens of their reports and of their words is emptied, so that the rest can be erased."""
        ...

    async def rewrite(self, history: Sequence[Update]) -> None:
        """Put note and changes of these updates in place of what they were: the one time that history is edited."""
        ...

    async def person(self, citizen: int, now: datetime) -> None:
        """Everything else of theirs: messages in both directions, dialogue, threads, ratings' words, exports, learning
        examples, photos (`Photos.doomed`), the contact itself; nothing is sent to them any more but `Kind.STOP`. A STOP
        stays as a keyed hash. What they wrote and nobody has answered yet is a new citizen's. Twice is once."""
        ...

    async def fleeting(self, key: str, until: datetime) -> None:
        """The outbound of this key is deleted once it is done, but not before then."""
        ...


class Silenced(Protocol):
    """Contacts that said STOP, as keyed hashes: it holds even after an erasure."""

    async def add(self, contact: Contact, now: datetime) -> None: ...

    async def remove(self, contact: Contact) -> None: ...

    async def has(self, contact: Contact) -> bool: ...

    def token(self, contact: Contact, until: datetime) -> str:
        """What says STOP for who gets mail: it stands in a link, and nobody else can make one."""
        ...

    def holder(self, token: str, now: datetime) -> Contact | None:
        """Whose STOP it is; None where it is none of ours, or too old."""
        ...
