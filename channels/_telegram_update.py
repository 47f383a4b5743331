"""One update of Telegram's Bot API as what a citizen sent, or as nothing for us."""

import re
from collections.abc import Iterator
from datetime import datetime
from math import isfinite

from telegram import CallbackQuery, Location, Message, Update, User

from channels import Malformed
from channels.message import Contact, Inbound, Kind, Media, is_sound
from channels.words import clean
from tickets.model import Point

CHANNEL = "telegram"
UPDATES = ["message", "edited_message", "callback_query"]  # the only updates Telegram shall send us

_PRIVATE = "private"
_LEADING = re.compile(r"[\s/]+")
_COMMAND = re.compile(r"/([a-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)

_VOICE, _AUDIO = "audio/ogg", "audio/mpeg"  # where no type is told: what the Bot API says that they are

# Attributes of a message without words, picture or pin, and what it then is; the first that is there counts.
_UNREAD = (
    ("voice", Kind.VOICE),
    ("audio", Kind.VOICE),
    ("video_note", Kind.VOICE),
    ("sticker", Kind.STICKER),
    ("contact", Kind.CONTACT),
)
# What Telegram itself writes into a chat: nobody waits for an answer to it.
_SILENT = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "connected_website",
    "chat_background_set",
)


def inbound(update: Update, now: datetime) -> Inbound | None:
    """What a person wrote to us in private; None for groups, channels, bots and all else. Raises Malformed."""
    if update.callback_query:
        return _pressed(update.callback_query, now)
    message = update.message or update.edited_message
    if not message or message.chat.type != _PRIVATE or (message.from_user and message.from_user.is_bot):
        return None
    if update.edited_message:  # a live location edits itself every few seconds: nobody wrote that
        return None if message.location else _edited(message, update.update_id, now)
    return None if any(getattr(message, name, None) for name in _SILENT) else _written(message, now)


def _pressed(query: CallbackQuery, now: datetime) -> Inbound | None:
    """A button of ours was pressed. Without a message it came from elsewhere (inline mode, a game)."""
    if query.message is None or query.message.chat.type != _PRIVATE or not clean(query.data):
        return None
    return Inbound(
        sender=_contact(query.from_user.id), external_id=f"c{_text(query.id)}", received_at=now,
        language_hint=_language(query.from_user), choice=clean(query.data), acknowledge=_text(query.id),
    )  # fmt: skip


def _edited(message: Message, update_id: int, now: datetime) -> Inbound:
    """A message may be edited often: the update's number tells the edits apart."""
    return Inbound(
        sender=_contact(message.chat.id), external_id=f"e{_id(message)}:{_number(update_id)}", received_at=now,
        language_hint=_language(message.from_user), text=_words(message), kind=Kind.EDITED,
    )  # fmt: skip


def _written(message: Message, now: datetime) -> Inbound:
    text, point, pictures = _words(message), _point(message.location), tuple(_pictures(message))
    readable, media = message.text is not None or text or point or pictures, (*pictures, *_sounds(message))
    return Inbound(
        sender=_contact(message.chat.id), external_id=f"m{_id(message)}", received_at=now,
        language_hint=_language(message.from_user), text=text, point=point, media=media,
        kind=Kind.MESSAGE if readable else _kind(message), album=clean(message.media_group_id)[:64] or None,
    )  # fmt: skip


def _words(message: Message) -> str:
    """Text, caption or the name of a pinned place. A leading slash never leaves this file: to Rasa it is an order."""
    venue = message.venue
    place = ", ".join(filter(None, (clean(venue.title), clean(venue.address)))) if venue else ""
    words = clean(message.text) or clean(message.caption) or place
    command = _COMMAND.fullmatch(words)
    if command is None:
        return _LEADING.sub("", words, count=1) if words.startswith("/") else words
    name, rest = command[1].lower(), (command[2] or "").strip()
    return name if name == "start" or not rest else f"{name} {rest}"  # what follows /start is a link's, not a person's


def _pictures(message: Message) -> Iterator[Media]:
    """The largest size of a photo, and a picture that was sent as a file."""
    if message.photo:
        largest = max(message.photo, key=lambda size: _whole(size.width) * _whole(size.height))
        yield Media(reference=_text(largest.file_id), content_type="image/jpeg")
    file = message.document
    if file and _type(file.mime_type).startswith("image/"):
        yield Media(reference=_text(file.file_id), content_type=_type(file.mime_type))


def _whole(value: object) -> int:
    """Of what is no number 0: a number times a text would be a text that fills the memory."""
    return value if isinstance(value, int) else 0


def _sounds(message: Message) -> Iterator[Media]:
    """A voice note, or a sound that was sent as music or as a file."""
    for file, usual in ((message.voice, _VOICE), (message.audio, _AUDIO), (message.document, "")):
        if file and is_sound(kind := _type(file.mime_type) or usual):
            yield Media(reference=_text(file.file_id), content_type=kind)


def _type(mime: object) -> str:
    return clean(mime).lower()[:100]


def _kind(message: Message) -> Kind:
    known = next((kind for name, kind in _UNREAD if getattr(message, name, None)), Kind.OTHER)
    return Kind.VOICE if known is Kind.OTHER and any(_sounds(message)) else known


def _point(location: Location | None) -> Point | None:
    if location is None:
        return None
    try:
        latitude, longitude = float(location.latitude), float(location.longitude)
    except (TypeError, ValueError, OverflowError):
        raise Malformed from None
    on_earth = isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return Point(latitude=latitude, longitude=longitude) if on_earth else None


def _contact(chat: object) -> Contact:
    return Contact(channel=CHANNEL, address=str(_number(chat)))


def _language(user: User | None) -> str | None:
    return clean(user.language_code)[:35] or None if user else None


def _id(message: Message) -> str:
    return f"{_number(message.chat.id)}:{_number(message.message_id)}"


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise Malformed
    return value


def _text(value: object) -> str:
    words = clean(value)
    if not words or len(words) > 512:
        raise Malformed
    return words
