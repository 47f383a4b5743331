"""People and what is being talked about with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from channels.message import Contact
from handlers.turn import Citizen, Dialogue


class Citizens(Protocol):
    async def get(self, citizen: int) -> Citizen | None: ...

    async def find(self, contact: Contact) -> Citizen | None: ...

    async def lanes(self, contacts: Iterable[Contact]) -> Mapping[Contact, int]:
        """The ids of these contacts, made where missing."""
        ...

    def marks_of(self, contact: Contact) -> Sequence[str]:
        """What names a contact whether or not it is known, also once it was erased: keyed hashes in hex, today's key
        first."""
        ...

    async def lock(self, citizens: Collection[int]) -> None:
        """All whom this unit of work writes to or changes, at once and behind all else, see `Cases.lock`."""
        ...

    async def save(self, citizen: Citizen) -> None:
        """Language, chosen, opted_out, welcomed, consent."""
        ...

    async def remember(self, citizen: Citizen) -> None:
        """The same but opted_out, which stays what it is."""
        ...


class Dialogues(Protocol):
    async def save(self, citizen: int, dialogue: Dialogue | None, now: datetime) -> None:
        """Replace the open dialogue, or end it with None."""
        ...

    async def left(
        self, since: datetime, before: datetime, after: int, limit: int
    ) -> Sequence[tuple[Citizen, Dialogue | None]]:
        """Those who were asked something between these times and have said nothing since, and what: by id, above
        `after`; without those who said STOP or are refused, and those in a thread. None: it cannot be read. No
        more of them only where it is empty."""
        ...

    async def quiet(self, citizens: Collection[int]) -> Mapping[int, Dialogue | None]:
        """Of these citizens those of whom no message waits for its answer, with the dialogue that they are in; until
        the end of this unit of work none of theirs is accepted."""
        ...
