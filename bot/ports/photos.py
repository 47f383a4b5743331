"""Photos of tickets, and where files are kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from channels.message import Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A file of a ticket. `name` is the Files name once fetched, None before; `reason` why it could not be; `token`
    is that of the claim under which it is being fetched, `attempts` how many claims in a row, this one counted in,
    nobody has finished."""

    id: int
    number: str
    channel: str
    media: Media
    name: str | None
    reason: str
    added_at: datetime
    token: str | None
    attempts: int


class Photos(Protocol):
    async def add(
        self, number: str, channel: str, media: Sequence[Media], now: datetime, citizen: int | None = None
    ) -> None:
        """`citizen`: who sent them; a ticket's followers do too."""
        ...

    async def sent(self, citizen: int, since: datetime) -> int:
        """How many pictures this citizen has sent from then on, also those that are not fetched yet; no voice notes."""
        ...

    async def claim(self, owner: str, now: datetime, lease: float, limit: int) -> Sequence[Photo]:
        """Those not fetched yet and due, the longest due first; nobody else's for `lease` seconds."""
        ...

    async def fetched(self, photo: Photo, name: str, now: datetime) -> bool:
        """Its file has this name; False, and nothing is written, once the claim is over or another's."""
        ...

    async def failed(self, photo: Photo, reason: str, retry_at: datetime | None) -> bool:
        """To be claimed again from `retry_at` on, None: never; False as above."""
        ...

    async def release(self, owner: str) -> int:
        """Let others claim what this owner holds; how many."""
        ...

    async def named(self, names: Collection[str]) -> set[str]:
        """Those of these Files names that a photo has."""
        ...

    async def attach(self, number: str, channel: str, name: str, content_type: str, now: datetime) -> None:
        """A photo of ours, whose file is there already."""
        ...

    def token(self, name: str, until: datetime) -> str:
        """What shows this file to whoever has it, until then; no word of it can be read or made without our key."""
        ...

    def shown(self, token: str, now: datetime) -> str | None:
        """The file that a token shows; None where it is none of ours, or too old."""
        ...

    async def of_ticket(self, number: str) -> Sequence[Photo]: ...

    async def doomed(self, limit: int) -> Sequence[str]:
        """Names of files whose citizens had their data erased: to be removed, and then `gone`."""
        ...

    async def gone(self, names: Sequence[str]) -> None: ...


class Files(Protocol):
    """Photos and other files, by name. A file is loose until it is kept: its writer may die before anybody has noted
    the name."""

    async def put(self, content: bytes, content_type: str) -> str:
        """The name of a new, loose file, no other's; raises OSError."""
        ...

    async def get(self, name: str) -> tuple[bytes, str]:
        """Content and content type, loose or kept; raises KeyError."""
        ...

    async def keep(self, name: str) -> None:
        """Somebody has noted the name. Harmless when it is kept already; raises OSError, and then it stays loose."""
        ...

    async def remove(self, name: str) -> None:
        """Harmless when it is gone; raises OSError."""
        ...

    async def loose(self, before: datetime, limit: int) -> Sequence[str]:
        """Names of loose files, half-written ones among them, that were last written before this time."""
        ...
