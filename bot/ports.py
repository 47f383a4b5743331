"""What the bot needs from outside, as Protocols that `store`, `nlu`, `channels` and the tests' fakes keep."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from channels.message import Contact, Delivery, Inbound, Media, Outbound, Receipt
from handlers.say import Option, Reply
from handlers.turn import Citizen, Dialogue
from nlu.parse import Parse
from tickets.model import Place, Point, Status, Ticket, Update


class StoreUnavailable(Exception):
    """The database is locked, gone or full; nothing was written. Try again later."""


class Stale(Exception):
    """Somebody else changed this ticket first; nothing was written. Load it again."""


class Taken(Exception):
    """This ticket number or login exists already; nothing was written. Choose another."""


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A claimed inbox row with what its handling needs. `token` fences completion: whoever lost the
    lease changes nothing."""

    id: int
    token: str
    attempts: int
    accepted_at: datetime
    inbound: Inbound
    citizen: Citizen
    dialogue: Dialogue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A claimed outbox row."""

    id: int
    token: str
    attempts: int
    queued_at: datetime
    outbound: Outbound


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """An outbound to enqueue. `number` and `version` name the ticket update it tells of; `bulk` notices go
    after replies."""

    outbound: Outbound
    citizen: int
    number: str | None = None
    version: int | None = None
    bulk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One outbox row as the desk shows it."""

    key: str = field(repr=False)
    number: str | None
    version: int | None
    delivery: Delivery
    reason: str
    queued_at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A message that could not be handled and waits for a clerk's eyes."""

    id: int
    channel: str
    accepted_at: datetime
    reason: str
    text: str = field(repr=False)


class Inbox(Protocol):
    """Messages towards us: durable, unique by (channel, external_id), given out one per citizen, oldest first."""

    async def accept(self, arrivals: Sequence[Inbound]) -> int:
        """Keep new ones, ignore those known; the number of new rows. Creates citizens on their first message."""
        ...

    async def claim(self, owner: str, now: datetime, lease: float, limit: int) -> Sequence[Arrival]:
        """The oldest due row of each free lane, leased for `lease` seconds; attempts grow by one."""
        ...

    async def answered(self, arrival: Arrival, now: datetime) -> bool:
        """Mark as done; False when the lease was lost (then nothing else of this unit of work may be committed)."""
        ...

    async def retry(self, arrival: Arrival, due: datetime, *, counted: bool = True) -> None:
        """Give it back, due later; `counted=False` takes the attempt back (waiting is no failure)."""
        ...

    async def set_aside(self, arrival: Arrival, now: datetime, reason: str) -> bool:
        """Stop trying; a clerk sees it. False when the lease was lost."""
        ...

    async def aside(self, limit: int) -> Sequence[Aside]:
        """What was set aside, newest first."""
        ...

    async def release(self, owner: str) -> int:
        """Free what a former self of this process held; how many."""
        ...


class Outbox(Protocol):
    """Messages from us: durable, unique by key, sent one per citizen at a time in order."""

    async def enqueue(self, rows: Sequence[Queued], now: datetime) -> None:
        """Known keys are ignored. Nothing is queued for a citizen who opted out, save keys that start with `stop:`."""
        ...

    async def claim(self, owner: str, now: datetime, lease: float, limit: int) -> Sequence[Departure]: ...

    async def sent(self, departure: Departure, external_id: str, now: datetime) -> None: ...

    async def retry(self, departure: Departure, due: datetime, reason: str, *, counted: bool = True) -> None: ...

    async def failed(self, departure: Departure, reason: str, now: datetime) -> None: ...

    async def receipt(self, channel: str, receipt: Receipt, now: datetime) -> bool:
        """Move the delivery forward, never back; False when no row is meant."""
        ...

    async def drop_queued(self, citizen: int, now: datetime) -> int:
        """Fail, with reason `opted_out`, what is queued for a citizen; how many."""
        ...

    async def release(self, owner: str, unsure: Mapping[str, datetime] | None = None) -> int:
        """Free what a former self of this process held. What it may have sent by a channel in `unsure` is due only
        then: until that time a receipt may come and tell that it has arrived."""
        ...

    async def of_ticket(self, number: str) -> Sequence[Sent]: ...


class Citizens(Protocol):
    async def get(self, citizen: int) -> Citizen | None: ...

    async def find(self, contact: Contact) -> Citizen | None: ...

    async def lanes(self, contacts: Iterable[Contact]) -> Mapping[Contact, int]:
        """The ids of these contacts, made where missing."""
        ...

    async def save(self, citizen: Citizen) -> None:
        """Language, chosen, opted_out, welcomed."""
        ...


class Dialogues(Protocol):
    async def save(self, citizen: int, dialogue: Dialogue | None, now: datetime) -> None:
        """Replace the open dialogue, or end it with None."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What the desk lists. None means any; `text` is part of a number."""

    open: bool | None = True
    service: str | None = None
    status: Status | None = None
    text: str = field(default="", repr=False)
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    tickets: tuple[Ticket, ...]
    total: int


class Cases(Protocol):
    """Tickets with their history: `tickets.ports.Tickets`, and writes in the unit of work's transaction."""

    async def get(self, number: str) -> Ticket | None: ...

    async def of_reporter(self, reporter: int, limit: int) -> Sequence[Ticket]: ...

    async def history(self, number: str) -> Sequence[Update]: ...

    async def file(self, ticket: Ticket, update: Update) -> None:
        """Raises Taken when the number exists."""
        ...

    async def change(self, ticket: Ticket, update: Update) -> None:
        """Write the ticket's next version and its update; raises Stale unless the stored version is one lower."""
        ...

    async def page(self, query: Query) -> Page:
        """Emergencies first, then by due date."""
        ...

    async def count_by_status(self) -> Mapping[Status, int]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A file of a ticket. `name` is the Files name once fetched, None before; `reason` why it could not be."""

    id: int
    number: str
    channel: str
    media: Media
    name: str | None
    reason: str
    added_at: datetime


class Photos(Protocol):
    async def add(self, number: str, channel: str, media: Sequence[Media], now: datetime) -> None: ...

    async def due(self, now: datetime, limit: int) -> Sequence[Photo]:
        """Those not fetched yet and due."""
        ...

    async def fetched(self, photo: Photo, name: str, content_type: str) -> None: ...

    async def failed(self, photo: Photo, reason: str, retry_at: datetime | None) -> None: ...

    async def of_ticket(self, number: str) -> Sequence[Photo]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """One who works tickets. `password` is an argon2 hash."""

    login: str
    name: str
    language: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A clerk's log-in. `token` is stored as a hash only; `csrf` is sent back with every form."""

    token: str = field(repr=False)
    login: str
    csrf: str = field(repr=False)
    expires_at: datetime


class Clerks(Protocol):
    async def add(self, clerk: Clerk) -> None:
        """Raises Taken."""
        ...

    async def get(self, login: str) -> Clerk | None: ...

    async def open_session(self, session: Session) -> None: ...

    async def session(self, token: str, now: datetime) -> Session | None:
        """The session of this token unless it has expired."""
        ...

    async def close_session(self, token: str) -> None: ...


class Cursors(Protocol):
    """Where polling stands (Telegram's offset), moved in the transaction that keeps what was polled."""

    async def get(self, name: str) -> int: ...

    async def set(self, name: str, value: int) -> None: ...


class Schedule(Protocol):
    """Who runs a scheduled job: the one whose transaction first says so."""

    async def once(self, schedule: str, at: datetime) -> bool:
        """True for the first who asks for this schedule and time, False for everybody after."""
        ...


class UnitOfWork(Protocol):
    """One transaction over everything. Left without `commit()` it rolls back. Never open while a provider is called."""

    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def citizens(self) -> Citizens: ...
    @property
    def dialogues(self) -> Dialogues: ...
    @property
    def tickets(self) -> Cases: ...
    @property
    def photos(self) -> Photos: ...
    @property
    def clerks(self) -> Clerks: ...
    @property
    def cursors(self) -> Cursors: ...
    @property
    def schedule(self) -> Schedule: ...

    async def commit(self) -> None:
        """Raises StoreUnavailable; then nothing was written."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Store(Protocol):
    """The database. `work()` opens a unit of work that writes, `view()` one that only reads (its commit does nothing);
    both raise StoreUnavailable when the database cannot be reached or stays locked."""

    def work(self) -> UnitOfWork: ...

    def view(self) -> UnitOfWork: ...

    async def close(self) -> None: ...


class Wake(Protocol):
    """Says that a queue got something to do: what makes polling quick, never instead of it."""

    async def wait(self, queue: str, seconds: float) -> bool:
        """Until rows were added to `inbox` or `outbox` since the last wait (True), or the seconds are over (False).
        One waiter per queue in a process."""
        ...


class Spool(Protocol):
    """Where messages go while the store cannot take them: encrypted and fsynced, oldest first."""

    def append(self, arrivals: Sequence[Inbound]) -> None:
        """Raises OSError when even this fails."""
        ...

    def pending(self) -> bool: ...

    async def drain(self, accept: "Accept") -> int:
        """Hand everything to `accept`, then forget it; how many. What `accept` refuses stays."""
        ...


class Accept(Protocol):
    async def __call__(self, arrivals: Sequence[Inbound]) -> None: ...


class Parser(Protocol):
    async def parse(self, text: str) -> Parse:
        """Raises NluStarting or NluUnavailable."""
        ...


class Places(Protocol):
    """The city's gazetteer."""

    def resolve(self, words: str) -> Place:
        """Words -> place; what is not known stays None, the words are always kept."""
        ...

    def locate(self, point: Point, words: str = "") -> Place:
        """A pin -> place with the nearest street and the area."""
        ...


class Render(Protocol):
    """Words for a reply; the only place where a language is spoken."""

    def __call__(self, reply: Reply, language: str) -> str: ...

    def label(self, option: Option, language: str) -> str: ...


class Files(Protocol):
    """Photos and other files, by name."""

    async def put(self, content: bytes, content_type: str) -> str: ...

    async def get(self, name: str) -> tuple[bytes, str]:
        """Content and content type; raises KeyError."""
        ...
