"""One act of the desk on its settings: checked as config.yml is, against what holds at this moment, and nobody else's
overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp.web import Request

from bot.amending.amended import read_amended
from bot.amending.change import changed
from bot.ports.amendments import Amendment
from bot.ports.audit import Deed
from web.noting import noted
from web.ports import WEB
from web.settings.kinds import Room
from web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`seen`: the id of the newest change of this key that its clerk saw, 0 for none."""

    key: str
    value: str | None
    seen: int


class Overtaken(Exception):
    """Somebody changed it since it was shown, and nothing was written."""


async def save(request: Request, visit: Visit, room: Room, wishes: Sequence[Wish]) -> None:
    """All of them or none; what is so already is not written again. Raises Overtaken, Wrong or StoreUnavailable."""
    web = request.app[WEB]
    async with web.store.work() as work:
        await work.amendments.hold()
        city = (await read_amended(work, web.force.base)).city
        for wish in wishes:
            newest = next(iter(await work.amendments.history(room.kind, wish.key, 1)), None)
            if newest and newest.value == wish.value:
                continue
            if (newest.id if newest else 0) != wish.seen:
                raise Overtaken
            city = changed(city, web.force.base, room.kind, wish.key, wish.value)
            await work.amendments.amend(
                Amendment(
                    kind=room.kind, key=wish.key, value=wish.value, at=web.clock.now(), login=visit.clerk.login
                )
            )  # fmt: skip
            await noted(request, work, visit.clerk.login, Deed.SETTING_CHANGED, f"{room.slug}: {wish.key}")
        await work.commit()
    await web.force.refresh(web.store)


def seen(typed: str) -> int:
    """The id that a form names."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else 0
