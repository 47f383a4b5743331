"""Writing into the audit what somebody did at the desk."""

from aiohttp.web import Request

from bot.ports import UnitOfWork
from bot.ports.audit import Deed, Entry
from web.ports import WEB

_LONGEST = 100  # characters of what it was done to


async def note(request: Request, login: str, deed: Deed, subject: str = "", detail: str = "") -> None:
    """In a unit of work of its own."""
    async with request.app[WEB].store.work() as work:
        await noted(request, work, login, deed, subject, detail)
        await work.commit()


async def noted(
    request: Request, work: UnitOfWork, login: str, deed: Deed, subject: str = "", detail: str = ""
) -> None:  # fmt: skip
    """With whatever else this unit of work does, or not at all."""
    now = request.app[WEB].clock.now()
    await work.audit.note(Entry(at=now, login=login, deed=deed, subject=subject[:_LONGEST], detail=detail))
