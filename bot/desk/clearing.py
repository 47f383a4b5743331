"""What anybody may see of what was said and sent: a clerk reads it first, and answers for it."""

from collections.abc import Collection

from bot.desk.seeing import clerk
from bot.notices import seen, undeterred
from bot.ports import Clock, Photo, Store, UnitOfWork
from bot.ports.public import Clearing
from tickets import casework
from tickets.casework import Shown
from tickets.model import Ticket
from tickets.workflow import NotAllowed

LONGEST = 1000  # characters of cleared words


def showable(photo: Photo) -> bool:
    """Whether anybody could be shown it: a picture that is there. A voice is a person's."""
    return photo.name is not None and photo.media.content_type.startswith("image/")


class Clearings:
    """Each act names the version it was decided on. No citizen is told of it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    @undeterred
    async def clear(
        self, *, number: str, version: int, login: str, words: str, photos: Collection[int], news: bool
    ) -> None:
        """Anybody may see these `words` (empty: none), the ticket's `photos` of these ids, and the newest words with
        which a clerk told its citizen (`news`); nothing else. Raises Unknown, Stale, or NotAllowed where that is
        nothing and nothing was seen before."""
        async with self._store.work() as work:
            ticket = await seen(work, number, version)
            told = casework.newest_news(await work.tickets.history(number)) if news else None
            found = Clearing(
                words=words.strip()[:LONGEST], photos=await _named(work, number, photos),
                news=told.note.strip() if told else "", news_version=told.version if told else None,
                at=self._clock.now(), login=login,
            )  # fmt: skip
            await self._keep(work, ticket, found)
            await work.commit()

    async def _keep(self, work: UnitOfWork, ticket: Ticket, clearing: Clearing) -> None:
        shown = _shown(clearing)
        if not shown and await work.public.clearing(ticket.number) is None:
            raise NotAllowed("nothing of it is shown")
        step = casework.clear(ticket, shown, actor=clerk(clearing.login), at=clearing.at)
        await work.tickets.change(*step)
        if shown:
            await work.public.clear(ticket.number, clearing)
        else:
            await work.public.unclear(ticket.number)


def _shown(clearing: Clearing) -> Collection[Shown]:
    parts = {Shown.WORDS: clearing.words, Shown.PHOTOS: clearing.photos, Shown.NEWS: clearing.news}
    return [part for part, there in parts.items() if there]


async def _named(work: UnitOfWork, number: str, ids: Collection[int]) -> tuple[str, ...]:
    found = await work.photos.of_ticket(number) if ids else ()
    return tuple(photo.name for photo in found if photo.id in ids and photo.name and showable(photo))
