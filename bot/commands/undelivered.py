"""`python -m bot undelivered`: what reached nobody, a line each, for those who have no browser at hand."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock import SystemClock
from bot.commands.terminal import show
from bot.config import Config
from bot.i18n import catalogue
from bot.opening import open_store
from bot.ports import Failure
from web.reasons import KINDS, why

EMPTY = "Everything that was sent has arrived, or is on its way."


async def show_undelivered(config: Config, language: str, most: int) -> None:
    """Since when, which report, by what, what kind and why; never what was said or to whom. Newest first."""
    store, _ = await open_store(config, SystemClock())
    try:
        async with store.view() as view:
            page = await view.undelivered.page(0, most)
    finally:
        await store.close()
    say, zone = catalogue(language).gettext, ZoneInfo(config.city.timezone)
    for failure in page.rows:
        kind, reason = say(KINDS[failure.kind]), say(why(failure.reason, failure.channel))
        show(f"{_since(failure, zone)}  {failure.number or '-':8}  {failure.channel:10}  {kind}: {reason}")
    if page.total > len(page.rows):
        show(f"... {page.total - len(page.rows)} more")
    if not page.total:
        show(say(EMPTY))


def _since(failure: Failure, zone: ZoneInfo) -> str:
    local: datetime = failure.queued_at.astimezone(zone)
    return local.strftime("%Y-%m-%d %H:%M")
