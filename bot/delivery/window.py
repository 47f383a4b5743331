"""WhatsApp's window: free text is taken only for a day after the citizen's last message.

Outside it a notice goes as its own approved template, which carries the news itself. What has none is parked behind the
template "we have news", until the citizen writes (bot/inbox/releasing.py) or has not for too long (fallback.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.loop import noted
from bot.ports import Clock, Departure, Kind, Queued, Render, Store, UnitOfWork
from channels import Channel, Windowed
from channels.message import Outbound, Template
from handlers.say import Say, say

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Decides at sending. `languages` are the city's, the first for who has none."""

    store: Store
    clock: Clock
    channels: Mapping[str, Channel]
    render: Render
    languages: Sequence[str]

    async def prepare(self, departure: Departure) -> Departure | None:
        """The message as it can go now; None: it is parked, or has nothing to say any more."""
        channel = self.channels.get(departure.outbound.recipient.channel)
        if channel is None or not channel.traits.window or not isinstance(channel, Windowed):
            return departure
        is_open = departure.free_until is not None and self.clock.now() < departure.free_until
        if is_open and departure.kind is Kind.NEWS:
            await self._skip(departure)
            return None
        form = shaped(departure.outbound, channel, is_open=is_open)
        if form is None:
            await self._park(departure, channel)
            return None
        return replace(departure, outbound=form)

    async def refused(self, departure: Departure) -> bool:
        """The provider counts otherwise than we do: the window is closed, and the message takes the way outside it.
        False where that is refused as well: it has failed."""
        anew = False

        async def write(work: UnitOfWork) -> None:
            nonlocal anew
            again = await work.windows.refused(departure, self.clock.now())
            anew = anew or again  # written twice, it is done the second time

        await noted(self.store, write)
        return anew

    async def _skip(self, departure: Departure) -> None:
        """Who has written meanwhile is told the news themselves."""

        async def write(work: UnitOfWork) -> None:
            await work.windows.skip(departure, self.clock.now())
            await work.windows.release(departure.citizen, self.clock.now())

        await noted(self.store, write)

    async def _park(self, departure: Departure, channel: Windowed) -> None:
        now, knock, kept = self.clock.now(), await self._knock(departure, channel), 0
        patience = channel.patience if knock else timedelta()  # what nobody knows of need not be waited for

        async def write(work: UnitOfWork) -> None:
            nonlocal kept
            kept = await work.windows.park(departure, now, now + patience)
            if kept == 1 and knock:
                await work.outbox.enqueue([Queued(outbound=knock, citizen=departure.citizen, kind=Kind.NEWS)], now)

        await noted(self.store, write)
        if kept:
            log.info("parked", outbound=departure.id, template=knock is not None)

    async def _knock(self, departure: Departure, channel: Windowed) -> Outbound | None:
        """The message "we have news" in the first language in which it is approved."""
        for language in await self._spoken(departure):
            template = Template(name=Say.NEWS.value, language=language, values=())
            if channel.approved(template):
                key, text = f"news:{departure.id}", self.render(say(Say.NEWS), language)
                return Outbound(key=key, recipient=departure.outbound.recipient, text=text, template=template)
        return None

    async def _spoken(self, departure: Departure) -> list[str]:
        async with self.store.view() as view:
            citizen = await view.citizens.get(departure.citizen)
        template = departure.outbound.template
        own = [template.language if template else None, citizen.language if citizen else None]
        return [language for language in [*own, *self.languages[:1]] if language]


def shaped(outbound: Outbound, channel: Windowed, *, is_open: bool) -> Outbound | None:
    """Free text inside the window, an approved template outside it, else None."""
    if is_open:
        return replace(outbound, template=None)
    return outbound if outbound.template and channel.approved(outbound.template) else None
