"""Which of the citizen's own reports is meant: the number said, else the one that the words tell of, else the newest.

Their own and those they joined, of the last weeks. Several that are equally meant are asked about: the question keeps
what the message wanted, so that "which one?" is answered by one digit and nothing is said twice
(`handlers/reports/picked.py`).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from channels.message import Media
from handlers.phrases.contrast import Contrast, contrast
from handlers.phrases.naming import services_named
from handlers.say import Option, Say, ServiceName, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from nlu.street_words import TYPES, tokens
from tickets.city import City
from tickets.model import Place, Point, Ticket
from tickets.number import find_number, read_number
from tickets.ports import Tickets
from tickets.workflow import OPEN

_NUMBER = re.compile(r"\d+")
RECENT = timedelta(days=60)  # what is older is meant by its number only
FRESH = timedelta(hours=1)  # who writes so soon after a report means that one, where two would do
NEW = "new"  # the option "none of them, a new report"
_MOST, _OFFERED = 20, 5
_DENIED, _STREET, _SAID = 4, 2, 1  # what tells most of a report: what it is said not to be, its street, its service


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a message wanted of a report that we had to ask for: the message itself, as far as it is needed again."""

    intent: str
    text: str = field(default="", repr=False)
    place: Place | None = None
    media: tuple[Media, ...] = ()


async def meant(turn: Turn, city: City, tickets: Tickets) -> Sequence[Ticket]:
    """None: they have no such report. One: that one. More: ask with `which`."""
    if number := number_said(turn):
        found = await tickets.get(number)
        return [found] if found and await concerns(found, turn, tickets) else []
    recent = await of_citizen(turn, tickets)
    return told(turn, recent) or recent[:1]


async def of_citizen(turn: Turn, tickets: Tickets) -> Sequence[Ticket]:
    """The recent reports of this citizen, newest first, their own before those they joined."""
    own = await tickets.of_reporter(turn.citizen.id, _MOST)
    joined = await tickets.followed_by(turn.citizen.id, _MOST)
    return [ticket for ticket in (*own, *joined) if turn.now - ticket.filed_at <= RECENT]


async def concerns(ticket: Ticket, turn: Turn, tickets: Tickets) -> bool:
    """Whether this citizen reported or joined it."""
    return ticket.reporter == turn.citizen.id or await tickets.follows(ticket.number, turn.citizen.id)


def told(turn: Turn, among: Sequence[Ticket]) -> Sequence[Ticket]:
    """Those that the words of this message tell of best; none where they tell of none."""
    said = contrast(turn.inbound.text, turn.language)
    scores = [_score(ticket, said, turn) for ticket in among]
    best = max(scores, default=0)
    if not best:
        return []
    equal = [ticket for ticket, score in zip(among, scores, strict=True) if score == best]
    open_ = [ticket for ticket in equal if ticket.status in OPEN] or equal
    fresh = [ticket for ticket in open_ if turn.now - ticket.filed_at <= FRESH]
    return fresh if len(fresh) == 1 else open_[:_OFFERED]


def which(turn: Turn, found: Sequence[Ticket], intent: str, *, new: bool = False, misses: int = 0) -> Answer:
    """Ask which of these reports is meant; `intent` names what is wanted of it, `new` offers a new one too."""
    return which_for(_wish(turn, intent), turn, found, new=new, misses=misses)


def which_for(wish: Wish, turn: Turn, found: Sequence[Ticket], *, new: bool, misses: int) -> Answer:
    """The same, again or for the first time, for a wish that is kept."""
    room = _OFFERED - new  # all options together fit into two SMS
    lines = (
        Option(t.number, say(Say.STATUS_LINE, number=t.number, service=ServiceName(t.service), status=t.status))
        for t in found[:room]
    )
    more = (Option(NEW, Say.NEW_REPORT),) if new else ()
    question = say(Say.WHICH_TICKET, *lines, *more)
    return ask(turn, Asked.TICKET, Draft(), question, misses=misses, item=_packed(wish))


def wish_of(item: str) -> Wish:
    """What was wanted, from the question's `item`; a bare intent is one."""
    try:
        kept = json.loads(item)
    except ValueError:
        return Wish(intent=item)
    media = tuple(Media(reference=reference, content_type=kind) for reference, kind in kept["media"])
    return Wish(intent=kept["intent"], text=kept["text"], place=_place(kept["place"]), media=media)


async def offered(turn: Turn, tickets: Tickets) -> Sequence[Ticket]:
    """The reports that the open question offers, in the order in which they stand there."""
    numbers = turn.dialogue.offered if turn.dialogue else ()
    theirs = {ticket.number: ticket for ticket in await of_citizen(turn, tickets)}
    return [theirs[number] for number in numbers if number in theirs]


async def with_more(turn: Turn, tickets: Tickets) -> Answer:
    """Another photo or voice note while we ask which report one is for: it is for the same, and the question comes
    again."""
    if turn.dialogue is None:
        return Answer(replies=())
    wish = wish_of(turn.dialogue.item)
    grown = replace(wish, media=(*wish.media, *turn.inbound.media))
    new = NEW in turn.dialogue.offered
    return which_for(grown, turn, await offered(turn, tickets), new=new, misses=turn.dialogue.misses)


async def newest(turn: Turn, tickets: Tickets) -> Ticket | None:
    own = await tickets.of_reporter(turn.citizen.id, 1)
    return own[0] if own else None


def number_said(turn: Turn) -> str | None:
    """The valid number in a message, if any."""
    words, entity = turn.inbound.text.strip(), turn.parse.first("ticket") if turn.parse else None
    return read_number(words) or find_number(words) or (read_number(entity.value) if entity else None)


def _score(ticket: Ticket, said: Contrast, turn: Turn) -> int:
    """In a correction the words that deny tell what the report says now. The service that it names is the new one, or,
    where another place is told, the report's."""
    correcting = turn.intent == "correct"
    denied, named = services_named(said.denied), services_named(said.said)
    names = ticket.service in named and not (correcting and not denied and not _elsewhere(said, turn))
    score = _DENIED * (ticket.service in denied) + _SAID * names
    score += _DENIED * _at(ticket.place, said.denied)
    return score + _STREET * (
        not correcting and (same_street(ticket.place, turn.place) or _at(ticket.place, said.said))
    )


def _elsewhere(said: Contrast, turn: Turn) -> bool:
    """Whether a correction tells another place: then the service it names is the report's, not a new one."""
    return turn.place is not None or any(c.isdigit() for c in said.said)


def contradicted(ticket: Ticket, said: Contrast) -> bool:
    """Whether a sentence denies the place of this report, whose service it names: "el foco es en Los Pinos, no en la
    8"."""
    if not said.denied or ticket.service not in services_named(said.said):
        return False
    denied = set(_NUMBER.findall(said.denied))
    return _at(ticket.place, said.denied) or (bool(denied) and denied <= set(_NUMBER.findall(ticket.place.words)))


def same_street(place: Place, other: Place | None) -> bool:
    """Whether both are known to be in one street."""
    return place.street is not None and other is not None and place.street == other.street


def _at(place: Place, words: str) -> bool:
    """Whether these words name the street of the place: all of its name, its type too where it is but a number."""
    name, said = tokens(place.street or place.words), tokens(words)
    if not name or not said:
        return False
    telling = [word for word in name if word not in TYPES and not word.isdigit()]
    if telling:
        return all(word in said for word in telling)
    return any(said[at : at + len(name)] == name for at in range(len(said)))


def _wish(turn: Turn, intent: str) -> Wish:
    return Wish(intent=intent, text=turn.inbound.text.strip(), place=turn.place, media=turn.inbound.media)


def _packed(wish: Wish) -> str:
    place, pin = wish.place, wish.place.point if wish.place else None
    at = [pin.latitude, pin.longitude] if pin else None
    return json.dumps({
        "intent": wish.intent,
        "text": wish.text,
        "place": [place.words, at, place.street, place.area] if place else None,
        "media": [[one.reference, one.content_type] for one in wish.media],
    })  # fmt: skip


def _place(kept: list[Any] | None) -> Place | None:
    if kept is None:
        return None
    words, at, street, area = kept
    point = Point(latitude=at[0], longitude=at[1]) if at else None
    return Place(words=words, point=point, street=street, area=area)
