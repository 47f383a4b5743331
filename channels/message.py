"""Messages as every channel sees them: what a citizen sent, what we send, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tickets.model import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A channel and that channel's id for a person (chat id, phone number). Never printed: see `__repr__`."""

    channel: str
    address: str

    def __repr__(self) -> str:
        return f"Contact({self.channel}:***)"


class Kind(StrEnum):
    """What came in. Everything but MESSAGE is kept and answered kindly, but not read as words."""

    MESSAGE = "message"  # words, a photo, a pin, a button: any mixture
    VOICE = "voice"
    STICKER = "sticker"
    CONTACT = "contact"
    EDITED = "edited"
    OTHER = "other"  # video, document, poll ...


class Keyword(StrEnum):
    """What a whole message means to the provider itself, who acts on it before we see it (SMS). It answers all but
    YES, which opts in who had opted out and is an answer to our question otherwise."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    YES = "yes"


def is_sound(content_type: str) -> bool:
    """Whether a file of this type is listened to. Voice notes come as `audio/ogg; codecs=opus` and, from some recorders
    and gateways, as Ogg without a kind."""
    return content_type.startswith(("audio/", "application/ogg"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file at the provider, not yet fetched. `reference` is what the channel needs to fetch it (file id or URL)."""

    reference: str = field(repr=False)
    content_type: str

    @property
    def is_sound(self) -> bool:
        return is_sound(self.content_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One message towards us. `external_id` is the provider's and unique within the channel (Telegram's holds the chat
    id); `choice` is the id of the button that was pressed; `language_hint` what the provider says of the phone's
    language (`pt`, `pt-BR`); `provider_keyword`: what the provider took the message for, None for ordinary words;
    `album`: the same for photos that were sent together, where each comes as a message of its own."""

    sender: Contact
    external_id: str = field(repr=False)
    received_at: datetime
    text: str = field(default="", repr=False)
    point: Point | None = field(default=None, repr=False)
    media: tuple[Media, ...] = ()
    language_hint: str | None = None
    choice: str | None = field(default=None, repr=False)
    kind: Kind = Kind.MESSAGE
    acknowledge: str | None = field(default=None, repr=False)  # what Acknowledges needs (Telegram's callback_query id)
    provider_keyword: Keyword | None = None
    album: str | None = field(default=None, repr=False)
    free_until: datetime | None = None  # where the channel takes free text only for a while after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One possible answer: `id` comes back as Inbound.choice, `label` is shown."""

    id: str
    label: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text approved by the provider beforehand (WhatsApp outside its 24-hour window)."""

    name: str
    language: str
    values: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of ours that goes with a message: `file` is its name among our files, `url` where whoever has the
    address sees it for a while, `line` the same in words, for channels that carry no pictures. Without a public
    address of the city both are empty."""

    file: str = field(repr=False)
    url: str = field(default="", repr=False)
    line: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One message from us. `key` is ours, unique in the outbox, and comes back with receipts. `subject` and
    `unsubscribe`, the https address that takes its reader off a list by one POST, are for e-mail alone. `picture`
    becomes a file, an address or a line when it is sent (bot/delivery/picture.py)."""

    key: str = field(repr=False)
    recipient: Contact
    text: str = field(repr=False)
    choices: tuple[Choice, ...] = ()
    template: Template | None = None
    attachments: tuple[Attachment, ...] = ()
    subject: str = field(default="", repr=False)
    unsubscribe: str = field(default="", repr=False)
    picture: Picture | None = None


class Delivery(StrEnum):
    """What became of an outbound. The order of the members is the order in which it may move: never back."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"

    @property
    def rank(self) -> int:
        return list(Delivery).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A provider's report on one outbound, found by our `key` when the callback carries it, else by `external_id`."""

    key: str | None = field(repr=False)
    external_id: str = field(repr=False)
    delivery: Delivery
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One HTTP request to a channel, as it came: `url` is the path and query under our public address, header names
    are lower case, `body` raw. `now` is when it arrived (providers' own times are used where they give one)."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    now: datetime
