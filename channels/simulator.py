"""Demo phones: whoever opens the page talks to the bot as a citizen of each channel. Nothing leaves the process."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit
from uuid import uuid4

from channels import Forged, Rejected, Traits
from channels.keywords import keyword
from channels.message import (
    Choice,
    Contact,
    Delivery,
    Inbound,
    Keyword,
    Kind,
    Media,
    Outbound,
    Receipt,
    Template,
    Webhook,
)
from channels.reason import Reason
from channels.segments import Segments, count, gsm_safe
from channels.words import clean, numbered
from tickets.model import Point

Style = Literal["telegram", "sms", "whatsapp"]

TRAITS: dict[Style, Traits] = {
    "telegram": Traits(buttons=100, text_limit=4096, attachments=1, caption_limit=1024),
    "sms": Traits(buttons=0, text_limit=1600, segmented=True),
    "whatsapp": Traits(buttons=0, text_limit=1600, window=timedelta(hours=24), links=True),
}
PHONES, BUBBLES, PHOTOS = 200, 200, 20  # kept; the oldest go first

# What Twilio says by itself on SMS, in English whatever the citizen speaks (its default words, shortened).
_BY_TWILIO = {
    Keyword.STOP: "You have successfully been unsubscribed. Reply START to resubscribe.",
    Keyword.START: "You have successfully been re-subscribed. Reply STOP to unsubscribe.",
    Keyword.HELP: "Reply STOP to unsubscribe.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message on a phone's screen; `number` grows by one with each. `mine` is the citizen's; `segments` is what it
    costs, on SMS only."""

    number: int
    mine: bool
    at: datetime
    text: str = field(repr=False)
    choices: tuple[Choice, ...] = ()
    files: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()  # of ours: what `picture` knows, or the path of an address of ours
    point: Point | None = field(default=None, repr=False)
    segments: Segments | None = None
    delivery: Delivery = Delivery.DELIVERED


@dataclass(slots=True)
class _Phone:
    bubbles: deque[Bubble] = field(default_factory=lambda: deque(maxlen=BUBBLES))
    last: int = 0
    stopped: bool = False
    free_until: datetime | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Simulator:
    """All phones of one style; a channel like the real one, save that nothing is signed and receipts are not needed."""

    def __init__(self, style: Style, now: Callable[[], datetime]) -> None:
        self.style, self._now, self.patience = style, now, timedelta(hours=12)
        self._phones: OrderedDict[str, _Phone] = OrderedDict()
        self._photos: OrderedDict[str, bytes] = OrderedDict()

    @property
    def name(self) -> str:
        return f"simulated_{self.style}"

    @property
    def traits(self) -> Traits:
        return TRAITS[self.style]

    def say(
        self,
        phone: str,
        text: str,
        *,
        choice: str | None = None,
        point: Point | None = None,
        photo: bytes | None = None,
        voice: bytes | None = None,
        language: str | None = None,
    ) -> Inbound:
        """What the citizen sends: shown on the phone, and returned for the inbox. `text` of a press is its label;
        `voice` is an Ogg file."""
        words = clean(text)
        word = keyword(words) if self.style == "sms" and not (photo or voice) else None
        files = (*(("photo",) if photo else ()), *(("voice",) if voice else ()))
        self._show(phone, mine=True, text=words, point=point, files=files)
        self._answer_as_twilio(phone, word)
        until = self._phone(phone).free_until = self._now() + self.traits.window if self.traits.window else None
        return Inbound(
            sender=Contact(channel=self.name, address=phone), external_id=uuid4().hex, received_at=self._now(),
            text="" if choice else words.lstrip("/ "), choice=choice, point=point,
            media=(*self._kept(photo), *self._kept(voice, "audio/ogg")), language_hint=language,
            provider_keyword=word, free_until=until,
            kind=Kind.VOICE if voice and not (words or choice or photo or point) else Kind.MESSAGE,
        )  # fmt: skip

    def screen(self, phone: str, after: int = 0) -> Sequence[Bubble]:
        """The bubbles with a number above `after`, oldest first."""
        known = self._phones.get(phone)
        return [bubble for bubble in known.bubbles if bubble.number > after] if known else []

    async def news(self, phone: str, after: int, seconds: float) -> Sequence[Bubble]:
        """The same, but waits up to `seconds` until there is one."""
        if not self.screen(phone, after):
            try:
                async with asyncio.timeout(seconds):
                    await self._phone(phone).news.wait()
            except TimeoutError:
                pass
        return self.screen(phone, after)

    def read(self, webhook: Webhook) -> Sequence[Inbound | Receipt]:
        """Nobody signs for a simulated phone: raises Forged, so that no demo can be talked into from outside."""
        raise Forged(webhook.url)

    async def send(self, outbound: Outbound) -> str:
        """Shown at once; raises Rejected where the real provider would refuse for good."""
        phone = outbound.recipient.address
        if self._phone(phone).stopped:
            raise Rejected(Reason.OPTED_OUT, "21610")
        if self._is_outside(phone) and not outbound.template:
            raise Rejected(Reason.OUTSIDE_WINDOW, "63016")
        if len(outbound.attachments) > self.traits.attachments:
            raise Rejected(Reason.ATTACHMENTS)
        buttons = outbound.choices if self.traits.buttons else ()
        text = outbound.text if buttons else numbered(outbound.text, outbound.choices)
        if len(text) > self.traits.text_limit:
            raise Rejected(Reason.TOO_LONG)
        files = tuple(file.name for file in outbound.attachments)
        pictures = [one.content for one in outbound.attachments if one.content_type == "image/jpeg"]
        shown = tuple(media.reference for picture in pictures for media in self._kept(picture))
        if self.traits.links and outbound.picture and outbound.picture.url:  # as the provider would fetch it
            shown = (urlsplit(outbound.picture.url).path,)
        bubble = self._show(phone, mine=False, text=text, choices=buttons, files=files, pictures=shown)
        return f"{phone}:{bubble.number}"

    def picture(self, phone: str, reference: str) -> bytes | None:
        """A picture that this phone was sent; None where it is another's or forgotten."""
        theirs = any(reference in bubble.pictures for bubble in self.screen(phone))
        return self._photos.get(reference) if theirs else None

    def approved(self, template: Template) -> bool:
        """Every template is, here; its words are the message's."""
        return all(template.values)

    def fold(self, text: str) -> str:
        return gsm_safe(text) if self.traits.segmented else text

    async def fetch(self, media: Media) -> bytes:
        """A photo that was sent lately; raises Rejected."""
        try:
            return self._photos[media.reference]
        except KeyError:
            raise Rejected(Reason.NOT_FOUND) from None

    async def close(self) -> None:
        self._phones.clear()
        self._photos.clear()

    def _phone(self, phone: str) -> _Phone:
        known = self._phones.setdefault(phone, _Phone())
        self._phones.move_to_end(phone)
        if len(self._phones) > PHONES:
            self._phones.popitem(last=False)
        return known

    def _show(
        self,
        phone: str,
        *,
        mine: bool,
        text: str,
        choices: tuple[Choice, ...] = (),
        files: tuple[str, ...] = (),
        pictures: tuple[str, ...] = (),
        point: Point | None = None,
    ) -> Bubble:
        known = self._phone(phone)
        known.last += 1
        words = text if mine else self.fold(text)
        bubble = Bubble(
            number=known.last, mine=mine, at=self._now(), text=words, choices=choices, files=files,
            pictures=pictures, point=point,
            segments=count(words) if self.traits.segmented else None,
        )  # fmt: skip
        known.bubbles.append(bubble)
        known.news.set()
        known.news = asyncio.Event()
        return bubble

    def _is_outside(self, phone: str) -> bool:
        """A phone that the process has forgotten is not."""
        until = self._phone(phone).free_until
        return until is not None and self._now() >= until

    def _answer_as_twilio(self, phone: str, word: Keyword | None) -> None:
        known = self._phone(phone)
        if word in (Keyword.STOP, Keyword.START, Keyword.YES):
            known.stopped = word is Keyword.STOP
        if word in _BY_TWILIO:
            self._show(phone, mine=False, text=_BY_TWILIO[word])

    def _kept(self, file: bytes | None, content_type: str = "") -> tuple[Media, ...]:
        if not file:
            return ()
        reference = uuid4().hex
        self._photos[reference] = file
        if len(self._photos) > PHOTOS:
            self._photos.popitem(last=False)
        picture = "image/png" if file[:4] == b"\x89PNG" else "image/jpeg"
        return (Media(reference=reference, content_type=content_type or picture),)
