"""What became of a report: what happened, what comes next, by when. By number, by what it is about, or all of theirs.

Reporters see what they told us themselves; who joined sees the place as its street, the news and the date; who only
knows the number sees service and status.
"""

from collections.abc import Sequence
from dataclasses import replace

from channels.message import Inbound
from handlers.courtesy import one
from handlers.phrases.asking import asks_after, asks_for_own, asks_outright
from handlers.reports import mine
from handlers.say import Day, NextStep, Reason, Reply, Say, ServiceName, say
from handlers.turn import Answer, Asked, Dialogue, Turn
from nlu.contract import REPORT_INTENTS
from tickets.city import City
from tickets.explain import Since, explain
from tickets.model import Event, Place, Ticket, Update
from tickets.number import find_number, looks_like_number, read_number
from tickets.ports import Tickets
from tickets.undoing import standing
from tickets.workflow import CLOSED, OPEN

WANTS = "check_status"
_SHOWN = 5
_PLATED = "vehicle"  # a report of this service is told with a plate, `ABC-123`
_MISTAKEN = frozenset({*REPORT_INTENTS, "reopen", "add_comment", "ask_information", "provide_location"})
_EMPTY = frozenset({None, "greet", "thank", "goodbye", "help", "affirm", "ask_information", "out_of_scope"})
_NEWS = frozenset({Event.MOVED, Event.REOPENED})


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Status of the number in the message, else of the report that it tells of, else of all that are theirs."""
    number, written = number_in(turn)
    if number:
        ticket = await tickets.get(number)
        return one(await (_of(ticket, turn, city, tickets) if ticket else _gone(number, tickets)), turn)
    if written:
        return one(say(Say.NUMBER_UNKNOWN, number=written), turn)
    theirs = await mine.of_citizen(turn, tickets) or await tickets.of_reporter(turn.citizen.id, _SHOWN)
    named = mine.told(turn, theirs)
    return await _several(named or sorted(theirs, key=_open_and_new), turn, city, tickets)


async def asks_after_own(turn: Turn, tickets: Tickets) -> bool:
    """Whether a message that may be taken for a report asks after one that its writer made or joined: "¿y el foco?" of
    somebody who reported one, and tells no other place."""
    if turn.dialogue or turn.inbound.choice is not None or turn.inbound.media or not asks_after(turn.inbound.text):
        return False
    if turn.intent is not None and turn.intent not in _MISTAKEN:
        return False
    asks = turn.inbound.text.rstrip().endswith("?") or asks_outright(turn.inbound.text)
    if turn.intent == "reopen" and not asks:  # "ya arreglaron, pero quedó mal"
        return False
    named, here = mine.told(turn, await mine.of_citizen(turn, tickets)), turn.place
    if not turn.inbound.text.rstrip().endswith("?"):  # "y la luz se fue otra vez", of one that was fixed
        named = [one for one in named if one.status in OPEN]
    return bool(named) and (here is None or any(here.street and here.street == one.place.street for one in named))


def is_number(inbound: Inbound, dialogue: Dialogue | None) -> bool:
    """Whether a message is nothing but a number, be it wrong: then it asks for a status in no language. To an open
    question an address ("Cra 100") or a plate may be the answer."""
    words = inbound.text.strip()
    if read_number(words):
        return True
    if inbound.media or not looks_like_number(words) or (dialogue and dialogue.draft.service == _PLATED):
        return False
    answering = dialogue is not None and dialogue.asked in (Asked.PLACE, Asked.DETAILS)
    return not answering or ("-" in words and any(character.isalpha() for character in words))


def is_asked(turn: Turn) -> bool:
    """Whether the whole message is "my reports", be it mistyped."""
    return turn.inbound.choice is None and not turn.inbound.media and asks_for_own(turn.inbound.text)


def is_named(turn: Turn) -> bool:
    """Whether words that mean nothing in particular hold the number of a report: "how is 84Q-BYJ going"."""
    return turn.intent in _EMPTY and not turn.inbound.media and mine.number_said(turn) is not None


def number_in(turn: Turn) -> tuple[str | None, str]:
    """The valid number in a message, if any, and what was written in its place (empty: nothing)."""
    words, entity = turn.inbound.text.strip(), turn.parse.first("ticket") if turn.parse else None
    valid = read_number(words) or find_number(words) or (read_number(entity.value) if entity else None)
    if entity:
        return valid, entity.value
    return valid, words if looks_like_number(words) else ""


async def _several(theirs: Sequence[Ticket], turn: Turn, city: City, tickets: Tickets) -> Answer:
    """One is told wholly; of more there is a line each, and a digit opens one. A report under way is not given up for
    that: then the lines have no digits."""
    if not theirs:
        return one(say(Say.NO_REPORTS), turn)
    if len(theirs) == 1:
        return one(await _of(theirs[0], turn, city, tickets), turn)
    shown = theirs[:_SHOWN]
    if turn.dialogue is not None:
        return one(say(Say.MY_REPORTS, lines=tuple(map(_line, shown)), count=len(shown)), turn)
    asked = mine.which(turn, shown, WANTS)
    return replace(asked, replies=tuple(replace(reply, say=Say.MY_REPORTS) for reply in asked.replies))


def _open_and_new(ticket: Ticket) -> tuple[bool, float]:
    return ticket.status in CLOSED, -ticket.filed_at.timestamp()


def _line(ticket: Ticket) -> Reply:
    return say(Say.STATUS_LINE, number=ticket.number, service=ServiceName(ticket.service), status=ticket.status)


async def _gone(number: str, tickets: Tickets) -> Reply:
    """There is none of this number any more, or there never was."""
    stone = await tickets.buried(number)
    if stone is None:
        return say(Say.NUMBER_UNKNOWN, number=number)
    return say(Say.DELETED_BY_RULE, number=number, service=ServiceName(stone.service), day=Day(stone.deleted_at))


async def _of(ticket: Ticket, turn: Turn, city: City, tickets: Tickets) -> Reply:
    if ticket.reporter == turn.citizen.id:
        return _whole(ticket, ticket.place, turn, await _more(ticket, turn, city, tickets))
    if await tickets.follows(ticket.number, turn.citizen.id):
        more = (*await _more(ticket, turn, city, tickets), say(Say.FOLLOWING))
        place = _without_words(ticket.place, city)
        return _whole(ticket, place, turn, more) if place else public(ticket, *more)
    return public(ticket)


def _without_words(place: Place, city: City) -> Place | None:
    """As somebody else may see it: by its street, else its area."""
    area = next((area.name for area in city.areas if area.code == place.area), None)
    return Place(street=place.street or area) if place.street or area else None


def public(ticket: Ticket, *more: Reply) -> Reply:
    """What everybody may know who has the number. What comes next is told to none of them, so it is not promised."""
    service = ServiceName(ticket.service)
    return say(Say.STATUS_PUBLIC, lines=more, number=ticket.number, service=service, status=ticket.status)


def _whole(ticket: Ticket, place: Place, turn: Turn, more: tuple[Reply, ...]) -> Reply:
    service = ServiceName(ticket.service)
    if ticket.status in CLOSED:
        return say(
            Say.STATUS_CLOSED, lines=more, number=ticket.number, service=service, place=place,
            status=ticket.status, at=ticket.closed_at or ticket.filed_at,
        )  # fmt: skip
    what = Say.STATUS_WAITING if ticket.waiting_since else _dated(ticket, turn)
    return say(
        what, lines=more, number=ticket.number, service=service, place=place, status=ticket.status, due=ticket.due_at
    )


def _dated(ticket: Ticket, turn: Turn) -> Say:
    return Say.STATUS if turn.now <= ticket.due_at else Say.STATUS_LATE


async def _more(ticket: Ticket, turn: Turn, city: City, tickets: Tickets) -> tuple[Reply, ...]:
    """Which days its date passes over, the last news that its people were told, and what comes next."""
    history = await tickets.history(ticket.number)
    last = next((update for update in reversed(standing(history)) if _is_news(update)), None)
    told = (say(Say.LAST_NEWS, at=last.at, note=last.note or ticket.status),) if last and _adds(last, ticket) else ()
    return (*_counted(ticket, turn, history, city), *told, *_next(ticket))


def _counted(ticket: Ticket, turn: Turn, history: Sequence[Update], city: City) -> tuple[Reply, ...]:
    """Why the date is later than somebody counts who forgets the holidays; where more than those plays a part, it would
    be long."""
    if ticket.status in CLOSED or ticket.waiting_since or turn.now > ticket.due_at:
        return ()
    told = explain(ticket, history, city)
    plain = told.since is Since.FILED and told.target is not None and not told.stood
    return (say(Say.COUNTED, reason=Reason(told)),) if plain and told.closed else ()


def _is_news(update: Update) -> bool:
    return update.public and update.event in _NEWS


def _adds(last: Update, ticket: Ticket) -> bool:
    """Whether it says more than the status: a clerk's words, or since when a case that is open stands so."""
    return bool(last.note) or ticket.status in OPEN


def _next(ticket: Ticket) -> tuple[Reply, ...]:
    return (say(Say.NEXT, step=NextStep(ticket.status)),) if ticket.status in OPEN else ()
