"""Puts words to a voice note before it is handled, where the city has a speech server: from then on it is a message in
words, and the sound is kept with it. No unit of work is open meanwhile. Without words it is handled as what it is."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic

import structlog

from bot.ports import Arrival, Transcriber
from channels import Channel, Fetches, Rejected, Throttled, Unavailable
from channels.message import Inbound, Kind, Media
from nlu.breaker import Breaker
from nlu.transcriber import NotHeard

PATIENCE = 10.0  # seconds, the fetching counted in: a citizen waits for an answer, and so do those behind in the loop
AT_ONCE = 4  # more would wait for the speech server's one processor anyway
_REMEMBERED = 500  # voice notes whose words are kept until they are answered: a message may be looked at several times
_SECONDS = 3600.0  # and no longer than that
log = structlog.get_logger()


class AllBusy(Exception):
    """As many voice notes as may be are being listened to: this one comes again in a moment, and holds up nobody."""


class Hearing:
    """One per worker. `patience` in seconds; `timer`: seconds that only go forward."""

    def __init__(
        self, transcriber: Transcriber, channels: Mapping[str, Channel], *, patience: float = PATIENCE,
        timer: Callable[[], float] = monotonic,
    ) -> None:  # fmt: skip
        self._transcriber, self._channels, self._patience, self._timer = transcriber, channels, patience, timer
        self._breakers = {name: Breaker(timer) for name in channels}  # of fetching
        self._heard: OrderedDict[str, tuple[float, str]] = OrderedDict()  # when, and what
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def of(self, arrival: Arrival) -> Arrival:
        """The same message, in words where it is a voice note that could be heard. Raises AllBusy."""
        self._forget()
        sound = _sound(arrival.inbound)
        if sound is None:
            return arrival
        _, words = self._heard.get(sound.reference) or (0.0, await self._listen(arrival, sound))
        if not words:
            return arrival
        self._heard.setdefault(sound.reference, (self._timer(), words))
        return replace(arrival, inbound=replace(arrival.inbound, text=words, kind=Kind.MESSAGE))

    def answered(self, inbound: Inbound) -> None:
        """Its words are not needed any more."""
        for media in inbound.media:
            self._heard.pop(media.reference, None)

    async def _listen(self, arrival: Arrival, sound: Media) -> str:
        """Empty where it cannot be heard: then the citizen is asked to write."""
        channel = self._channels.get(arrival.inbound.sender.channel)
        if not isinstance(channel, Fetches):
            return ""
        if self._turns.locked():
            raise AllBusy
        citizen = arrival.citizen
        try:
            async with self._turns, asyncio.timeout(self._patience):
                content = await self._fetch(channel, arrival.inbound.sender.channel, sound)
                language = citizen.language if citizen.chosen else None
                return await self._transcriber.transcribe(content, sound.content_type, language)
        except (NotHeard, Rejected, Unavailable, Throttled, TimeoutError, OSError) as trouble:
            log.warning("voice_not_heard", message=arrival.id, error=type(trouble).__name__)
            return ""

    async def _fetch(self, channel: Fetches, name: str, sound: Media) -> bytes:
        """A provider that is away, or too slow, is left alone for some seconds."""
        breaker = self._breakers[name]
        if not breaker.lets_through():
            raise NotHeard
        try:
            content = await channel.fetch(sound)
        except Rejected:  # of this sound alone
            raise
        except BaseException:  # given up too: it was too slow
            breaker.failed()
            raise
        breaker.succeeded()
        return content

    def _forget(self) -> None:
        while self._heard:
            oldest, (at, _) = next(iter(self._heard.items()))
            if len(self._heard) <= _REMEMBERED and self._timer() - at < _SECONDS:
                return
            del self._heard[oldest]


def _sound(inbound: Inbound) -> Media | None:
    """The voice note that is all of a message."""
    if inbound.kind is not Kind.VOICE:
        return None
    return next((one for one in inbound.media if one.is_sound), None)
