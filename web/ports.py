"""What the web needs from outside, as one frozen value: `bot.app` makes it, the handlers read it."""

import gettext
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from aiohttp.web import AppKey

from bot.attending import Attending
from bot.desk.acts import Acts
from bot.desk.bulk import Bulk
from bot.hooks.acts import Hooking
from bot.hooks.target import Network
from bot.inforce import InForce
from bot.metrics import Counters
from bot.oidc.service import Elsewhere, Service
from bot.ports import Accept, Clock, Files, Render, Store
from bot.ports.live import News, Silence
from bot.settings.desk import Admission
from bot.settings.invite import Invite
from bot.settings.tiles import Tiles
from channels import Channel
from channels.message import Receipt
from channels.simulator import Simulator
from tickets.city import City
from tickets.model import Status


class Move(Protocol):
    """A clerk's move, with its notices to citizens, in one unit of work."""

    async def __call__(
        self, *, number: str, to: Status, version: int, login: str, note: str, photo: str = ""
    ) -> None:  # fmt: skip
        """`photo`: a file that goes with the news. Raises Unknown, Stale, NotAllowed, NoteNeeded, NoteTooLong or
        StoreUnavailable; then nothing was written."""
        ...


class WriteNote(Protocol):
    """A note between clerks; no citizen is told."""

    async def __call__(self, *, number: str, version: int, login: str, text: str) -> None:
        """Raises Unknown, Stale or StoreUnavailable; then nothing was written."""
        ...


class ChangeService(Protocol):
    """A clerk's word on what a report is about; no citizen is told."""

    async def __call__(self, *, number: str, service: str, version: int, login: str) -> None:
        """Raises Unknown, Stale, UnknownService, NotAllowed or StoreUnavailable; then nothing was written."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Everything the web is handed. `channels` are the real ones by name, `simulators` those of the demo by style
    (`telegram`, `sms`, `whatsapp`; empty outside demo mode); `accept` keeps messages durably (store or spool) and
    raises StoreUnavailable when neither can; `attend`: what clerks do in conversations; `demo_token` opens the desk
    once as `demo_login` (None outside demo mode); `elsewhere`: the city's own log-in service, where it has one;
    `proxies`: whose `X-Forwarded-For` is believed beside this machine's; `data`: where exports of open data lie;
    `counters`: what this process has counted."""

    force: InForce
    store: Store
    clock: Clock
    channels: Mapping[str, Channel]
    accept: Accept
    receipts: Callable[[str, Sequence[Receipt]], Awaitable[None]]
    move: Move
    note: WriteNote
    change_service: ChangeService
    acts: Acts
    bulk: Bulk
    hooks: Hooking
    render: Render
    files: Files
    attend: Attending
    translation: Callable[[str], gettext.NullTranslations]
    simulators: Mapping[str, Simulator]
    ready: Callable[[], Awaitable[Mapping[str, bool]]]
    public_url: str
    proxies: Sequence[Network] = ()
    demo_token: str | None = field(default=None, repr=False)
    demo_login: str = "demo"
    admission: Admission = field(default_factory=Admission)
    tiles: Tiles | None = None
    invite: Invite = field(default_factory=Invite)
    data: Path | None = None
    news: News = field(default_factory=Silence)
    elsewhere: Elsewhere | None = None
    counters: Counters = field(default_factory=Counters)

    @property
    def passwords(self) -> bool:
        """Whether clerks come in by password, or by the city's own log-in service only."""
        return self.service is None or not self.service.only

    @property
    def service(self) -> Service | None:
        """The city's own log-in service, as it is set."""
        return self.elsewhere.service if self.elsewhere else None

    @property
    def city(self) -> City:
        """The one that holds; the same through all of a request."""
        return self.force.now

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")


WEB = AppKey("web", Web)
