"""One person with a phone: writes, reads what it shows, and answers what is asked, by their own temper."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from bot.simulate.persona import Persona, Temper
from bot.simulate.reading import Choosable, Heard, Phrasebook
from bot.simulate.spelling import bare, sloppy
from bot.simulate.vocabulary import Spot, Vocabulary, vocabulary
from bot.simulate.world import World
from channels.message import Inbound, Kind
from channels.segments import gsm_safe
from channels.simulator import Bubble
from handlers.say import Say
from tickets.city import City
from tickets.model import Point

PHOTO, VOICE = b"\xff\xd8\xff a photo", b"OggS a voice"
_BY_TWILIO = ("You have successfully been", "Reply STOP")  # what it says by itself, in English
_ALIKE = 3  # the same answer as often in a row: stuck


@dataclass(slots=True, kw_only=True)
class Talk:
    """What was counted of one conversation. `segments` are our SMS, `turns` the citizen's messages."""

    turns: int = 0
    segments: int = 0
    alike: int = 0
    mixed: int = 0  # bubbles in another language than the citizen's
    after_stop: int = 0  # bubbles
    unread: list[str] = field(default_factory=list)  # texts of ours that no pattern fits
    wrong_service: bool = False  # proposed to the citizen
    reports: list["Filed"] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One report from its first word to its receipt. `whole`: the first message had service and place."""

    turns: int
    segments: int | None  # by SMS only
    whole: bool


class Citizen:
    """Acts only on what the phone shows."""

    def __init__(self, world: World, book: Phrasebook, persona: Persona, phone: str = "") -> None:
        self.world, self.book, self.persona, self.phone = world, book, persona, phone or persona.phone
        self.random = Random(persona.seed + phone)  # noqa: S311 - the same talk each time
        self.language, self.talk = persona.language, Talk()
        self.heard: list[Heard] = []
        self.changed = False  # their mind about the place, once
        self.spoke = False  # in words that tell their language: a photo, a digit or an address does not
        self._read = 0
        self._last = ""

    @property
    def city(self) -> City:
        return self.world.vecino.config.city

    @property
    def words(self) -> Vocabulary:
        return vocabulary(self.language)

    def spot(self) -> Spot:
        return self.random.choice(self.words.spots)

    def typed(self, text: str) -> str:
        """As this person types."""
        return sloppy(text, self.words.abbreviations, self.random) if self.persona.careless else text

    async def say(self, name: str, **values: str) -> None:
        """A phrase of the vocabulary."""
        await self.tell(self.words.phrase(name, self.random, **values))

    async def tell(self, *texts: str) -> None:
        """These sentences, as this person types."""
        self.spoke = True
        await self.write(*map(self.typed, texts))

    async def write(self, *texts: str, **more: Any) -> None:
        """Send these quickly one after the other, and read what comes back. `more` goes with the last."""
        phone = self.world.phones[self.persona.channel]
        hint = self.persona.hint
        sent: list[Inbound] = [phone.say(self.phone, text, language=hint) for text in texts[:-1]]
        sent.append(phone.say(self.phone, texts[-1] if texts else "", language=hint, **more))
        await self._send(sent)

    async def _send(self, sent: list[Inbound]) -> None:
        self.talk.turns += len(sent)
        seen = len(self.screen)
        await self.world.send(sent)
        await self.world.answered(self.persona.channel, self.phone, seen)
        self.look()

    async def pin(self, point: Point) -> None:
        await self.write(point=point)

    async def photo(self, text: str = "") -> None:
        await self.write(text, photo=PHOTO)

    async def voice(self) -> None:
        """A voice note."""
        phone = self.world.phones[self.persona.channel]
        note = phone.say(self.phone, "", photo=VOICE, language=self.persona.hint)
        media = tuple(replace(one, content_type="audio/ogg") for one in note.media)
        await self._send([replace(note, kind=Kind.VOICE, media=media)])

    async def wait(self, **span: float) -> None:
        """Let time pass, and look at the phone."""
        await self.world.pass_time(timedelta(**span))
        self.look()

    async def choose(self, choice: Choosable, words: str = "") -> None:
        """Press the button where there is one, else type the digit, or these words."""
        digits = self.persona.temper is Temper.DIGITS
        if choice.id is not None and not digits:
            await self.write(choice.label, choice=choice.id)
        elif words and not digits and self.random.random() < 0.5:
            await self.write(self.typed(words))
        else:
            await self.write(choice.digit)

    def look(self) -> None:
        """Read what is new on the phone."""
        bubbles = self.screen
        for bubble in bubbles[self._read :]:
            if bubble.mine:
                continue
            heard = self.book.read(bubble, self.language)
            self.heard.append(heard)
            self._count(heard)
        self._read = len(bubbles)

    def last(self, *says: Say) -> Heard | None:
        """The newest bubble that says one of these."""
        return next((heard for heard in reversed(self.heard) if heard.says(*says)), None)

    def question(self) -> Heard | None:
        """What is asked last."""
        return next((heard for heard in reversed(self.heard) if heard.question), None)

    def option(self, heard: Heard, what: Say) -> Choosable | None:
        """The choice with this label of ours."""
        return _labelled(heard, self.book.labels[heard.language or self.language][what])

    def service_option(self, heard: Heard, service: str) -> Choosable | None:
        return _labelled(heard, self.book.services[heard.language or self.language][service])

    @property
    def silence(self) -> int:
        """How many bubbles of ours the phone shows."""
        return sum(not bubble.mine for bubble in self.screen)

    @property
    def screen(self) -> Sequence[Bubble]:
        return self.world.screen(self.persona.channel, self.phone)

    def _count(self, heard: Heard) -> None:
        talk, text = self.talk, heard.bubble.text
        talk.segments += heard.bubble.segments.segments if heard.bubble.segments else 0
        talk.alike = talk.alike + 1 if text == self._last else 1
        self._last = text
        if heard.say is None and not text.startswith(_BY_TWILIO):
            talk.unread.append(text)
        elif self.spoke and heard.language not in (None, self.language):
            talk.mixed += 1

    @property
    def stuck(self) -> bool:
        return self.talk.alike >= _ALIKE


def _labelled(heard: Heard, label: str) -> Choosable | None:
    return next((choice for choice in heard.choices if same(choice.label, label)), None)


def same(shown: str, label: str) -> bool:
    """An SMS comes without some accents."""
    return bare(gsm_safe(shown)) == bare(gsm_safe(label))
