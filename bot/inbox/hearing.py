"""Puts words to a voice note before it is handled, where the city has a speech server: from then on it is a message in
words, and the sound is kept with it. No unit of work is open meanwhile. Without words it is handled as what it is."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

import structlog

from bot.ports import Arrival, Transcriber
from channels import Channel, Fetches, Rejected, Throttled, Unavailable
from channels.message import Inbound, Kind, Media
from nlu.transcriber import NotHeard

PATIENCE = 10.0  # seconds, the fetching counted in: a citizen waits for an answer, and so do those behind in the loop
AT_ONCE = 4  # more would wait for the speech server's one processor anyway
_REMEMBERED = 500  # voice notes whose words are kept: a message may be looked at several times
log = structlog.get_logger()


class Hearing:
    """One per worker. `patience` in seconds."""

    def __init__(
        self, transcriber: Transcriber, channels: Mapping[str, Channel], *, patience: float = PATIENCE
    ) -> None:
        self._transcriber, self._channels, self._patience = transcriber, channels, patience
        self._heard: OrderedDict[str, str] = OrderedDict()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def of(self, arrival: Arrival) -> Arrival:
        """The same message, in words where it is a voice note that could be heard."""
        sound = _sound(arrival.inbound)
        if sound is None:
            return arrival
        words = self._heard.get(sound.reference) or await self._listen(arrival, sound)
        if not words:
            return arrival
        self._remember(sound.reference, words)
        return replace(arrival, inbound=replace(arrival.inbound, text=words, kind=Kind.MESSAGE))

    async def _listen(self, arrival: Arrival, sound: Media) -> str:
        """Empty where it cannot be heard: then the citizen is asked to write."""
        channel = self._channels.get(arrival.inbound.sender.channel)
        if not isinstance(channel, Fetches):
            return ""
        citizen = arrival.citizen
        try:
            async with asyncio.timeout(self._patience), self._turns:
                content = await channel.fetch(sound)
                language = citizen.language if citizen.chosen else None
                return await self._transcriber.transcribe(content, sound.content_type, language)
        except (NotHeard, Rejected, Unavailable, Throttled, TimeoutError, OSError) as trouble:
            log.warning("voice_not_heard", message=arrival.id, error=type(trouble).__name__)
            return ""

    def _remember(self, reference: str, words: str) -> None:
        self._heard[reference] = words
        if len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)


def _sound(inbound: Inbound) -> Media | None:
    """The voice note that is all of a message."""
    if inbound.kind is not Kind.VOICE:
        return None
    return next((one for one in inbound.media if one.is_sound), None)
