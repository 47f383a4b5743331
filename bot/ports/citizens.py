"""People and what is being talked about with them."""

from collections.abc import Iterable, Mapping
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

    async def save(self, citizen: Citizen) -> None:
        """Language, chosen, opted_out, welcomed."""
        ...

    async def remember(self, citizen: Citizen) -> None:
        """The same but opted_out, which stays what it is."""
        ...


class Dialogues(Protocol):
    async def save(self, citizen: int, dialogue: Dialogue | None, now: datetime) -> None:
        """Replace the open dialogue, or end it with None."""
        ...
