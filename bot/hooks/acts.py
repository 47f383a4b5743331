"""What an administrator does with subscribers, at the desk and at a terminal; each act stands in the audit."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.hooks import payload, signing
from bot.hooks.sending import Answer, Sender
from bot.hooks.worker import sent_with
from bot.ports import Clock, Store, UnitOfWork
from bot.ports.audit import Deed, Entry
from bot.ports.hooks import Hook, State
from tickets.happening import Happening

MOST = 50  # subscribers: each costs a row with each event


class NoHook(Exception):
    """There is no such subscriber; `python -m bot hook list` shows those there are."""


class TooMany(Exception):
    """There are 50 subscribers already, and each is told of each event; remove one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A subscriber as it is asked for; empty filters want all."""

    name: str
    url: str
    services: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    happenings: tuple[Happening, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooking:
    """All acts, each in a unit of work of its own. `by`: a login, or who stands for one."""

    store: Store
    clock: Clock
    send: Sender
    source: str

    async def add(self, wanted: Wanted, by: str) -> tuple[int, str]:
        """Its id and its secret, which is shown this once. Raises Refused where nothing could be sent there, TooMany or
        StoreUnavailable."""
        await self.send.checked(wanted.url)
        now, secret = self.clock.now(), signing.fresh()
        hook = Hook(
            name=wanted.name, url=wanted.url, secrets=(secret,), services=wanted.services, areas=wanted.areas,
            happenings=wanted.happenings, made_at=now, due=now,
        )  # fmt: skip
        async with self.store.work() as work:
            if len(await work.hooks.all()) >= MOST:
                raise TooMany
            which = await work.hooks.add(hook)
            await self._noted(work, by, Deed.HOOK_ADDED, which, wanted.name)
            await work.commit()
        return which, signing.shown(secret)

    async def turn(self, which: int, state: State, by: str) -> None:
        """Pause it, or let it go on. Raises NoHook or StoreUnavailable, as do the others."""
        async with self.store.work() as work:
            if not await work.hooks.turn(which, state, self.clock.now()):
                raise NoHook
            await self._noted(work, by, Deed.HOOK_CHANGED, which, state)
            await work.commit()

    async def rotate(self, which: int, by: str) -> tuple[str, datetime]:
        """Another secret, shown this once, and until when the old one signs beside it."""
        secret, until = signing.fresh(), self.clock.now() + signing.OVERLAP
        async with self.store.work() as work:
            if not await work.hooks.renew(which, secret, until):
                raise NoHook
            await self._noted(work, by, Deed.HOOK_CHANGED, which, "rotated")
            await work.commit()
        return signing.shown(secret), until

    async def replay(self, which: int, since: datetime, by: str) -> None:
        """Tell it again what happened from then until now."""
        async with self.store.work() as work:
            if not await work.hooks.replay(which, since, self.clock.now()):
                raise NoHook
            await self._noted(work, by, Deed.HOOK_CHANGED, which, f"replay from {since.isoformat()}")
            await work.commit()

    async def happened(self, event: str) -> datetime | None:
        """When an event with this id (`webhook-id`) happened, to tell again from there; None: there was no such."""
        number, _, version = event.rpartition(".")
        async with self.store.view() as view:
            history = await view.tickets.history(number)
        return next((one.at for one in history if str(one.version) == version), None)

    async def again(self, which: int, by: str) -> int:
        """Try once more what was set aside; how many."""
        async with self.store.work() as work:
            if await work.hooks.get(which) is None:
                raise NoHook
            count = await work.hooks.again(which, self.clock.now())
            await self._noted(work, by, Deed.HOOK_CHANGED, which, f"{count} again")
            await work.commit()
        return count

    async def remove(self, which: int, by: str) -> None:
        """It is told nothing more, and nothing is kept for it."""
        async with self.store.work() as work:
            if not await work.hooks.remove(which):
                raise NoHook
            await self._noted(work, by, Deed.HOOK_REMOVED, which)
            await work.commit()

    async def ping(self, which: int, by: str) -> Answer:
        """Send it something of no matter, now; what it answered. No unit of work is open meanwhile."""
        async with self.store.work() as work:
            hook = await work.hooks.get(which)
            if hook is None:
                raise NoHook
            await self._noted(work, by, Deed.HOOK_CHANGED, which, "ping")
            await work.commit()
        now, name = self.clock.now(), f"ping.{secrets.token_hex(8)}"
        body = payload.ping(name, self.source, now)
        return await self.send(hook.url, body, sent_with(hook, name, now, body))

    async def _noted(self, work: UnitOfWork, by: str, deed: Deed, which: int, detail: str = "") -> None:
        """No address: many carry a password."""
        await work.audit.note(Entry(at=self.clock.now(), login=by, deed=deed, subject=f"hook {which}", detail=detail))


def codes(typed: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Those that are known, each once; all of them are none, for then new ones are among them too."""
    chosen = tuple(one for one in known if one in set(typed))
    return () if len(chosen) == len(known) else chosen
