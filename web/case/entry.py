"""What of a case anybody sees, and what they would see: the form in which a clerk decides it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.desk.clearing import showable
from bot.ports import Photo
from bot.ports.public import Clearing
from nlu.redaction import masked, pieces
from tickets.casework import newest_news
from tickets.model import Ticket, Update
from tickets.public import PublicTicket
from web.case.forms import LONGEST, Typed

ACT = "public"
PREVIEW, SHOW, HIDE = "preview", "show", "hide"  # what its buttons do
_PHOTO, _NEWS = "photo-", "news"  # fields; a photo's id follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`words` as the form has them, `pieces` of the description with whether a rule would take them out, `photos` that
    could be shown, `chosen` ids of those that are ticked, `news` that could be shown and whether they are ticked;
    `now`: what anybody sees of it, `then`: what they would (None: no preview was asked for)."""

    words: str
    pieces: Sequence[tuple[str, bool]]
    photos: Sequence[Photo]
    chosen: Collection[int]
    news: Update | None
    news_chosen: bool
    cleared: bool
    now: PublicTicket | None
    then: PublicTicket | None

    @property
    def hides(self) -> bool:
        """Whether the rules found something in the description."""
        return any(hidden for _, hidden in self.pieces)


def entry_of(
    ticket: Ticket, history: Sequence[Update], photos: Sequence[Photo], clearing: Clearing | None,
    now: PublicTicket | None, sent: Typed,
) -> Entry:  # fmt: skip
    """With what was sent, else with what is cleared, else with what the rules leave of the description."""
    fit, news = [photo for photo in photos if showable(photo)], newest_news(history)
    typed = bool(sent.number)
    entry = Entry(
        words=sent.text if typed else clearing.words if clearing else masked(ticket.description)[:LONGEST],
        pieces=pieces(ticket.description),
        photos=fit,
        chosen=chosen(sent.fields) if typed else _ids(fit, clearing),
        news=news,
        news_chosen=with_news(sent.fields) if typed else bool(clearing and clearing.news),
        cleared=clearing is not None,
        now=now,
        then=None,
    )
    return replace(entry, then=_then(entry)) if typed and sent.to == PREVIEW else entry


def chosen(fields: Mapping[str, str]) -> frozenset[int]:
    """The ids of the photos that are ticked."""
    ids = (name.removeprefix(_PHOTO) for name in fields if name.startswith(_PHOTO))
    return frozenset(int(one) for one in ids if one.isascii() and one.isdigit() and len(one) <= 12)


def with_news(fields: Mapping[str, str]) -> bool:
    return bool(fields.get(_NEWS))


def _ids(photos: Sequence[Photo], clearing: Clearing | None) -> frozenset[int]:
    names = clearing.photos if clearing else ()
    return frozenset(photo.id for photo in photos if photo.name in names)


def _then(entry: Entry) -> PublicTicket | None:
    if entry.now is None:
        return None
    names = tuple(photo.name for photo in entry.photos if photo.id in entry.chosen and photo.name)
    news = entry.news.note.strip() if entry.news and entry.news_chosen else None
    return replace(entry.now, words=entry.words.strip() or None, photos=names, news=news)
