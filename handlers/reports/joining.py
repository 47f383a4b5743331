"""Joining a neighbour's report (the answer to `handlers.reporting.duplicate`) and leaving it: "I follow it no more".

Nobody is shown who else reported or joined; what a neighbour tells on top goes to the clerks.
"""

from collections.abc import Sequence
from dataclasses import replace

from handlers.courtesy import one
from handlers.effects import ChangeTicket, Effect, Follow, Leave
from handlers.people.stuck import unless_stuck
from handlers.phrases.neighbour_words import begins_with_no, ordinal, says_join, says_leave, says_none
from handlers.phrases.words import does_not_know, fold
from handlers.reporting import report
from handlers.reporting.duplicate import NONE, question
from handlers.reporting.filing import confirm, file_report
from handlers.reporting.heard import misses, says_option, service_said, with_old_place
from handlers.reports import mine
from handlers.say import Reply, Say, ServiceName, Value, say
from handlers.turn import Answer, Asked, Draft, Turn, with_media
from tickets.city import City
from tickets.model import CITIZEN, Status, Ticket
from tickets.number import find_number
from tickets.ports import Tickets
from tickets.promise import urgent_date
from tickets.workflow import OPEN, comment, follow
from tickets.workflow import leave as without

LEAVE = "leave"  # what is wanted of a report, where it has to be asked which
_MOST = 20


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """The answer to "is it one of these?". Whatever else is said belongs to the report that they were about to send."""
    if turn.dialogue is None:
        return await report.handle(turn, city, tickets)
    offered = [number for number in turn.dialogue.offered if number != NONE]
    draft = with_media(turn.dialogue.draft, turn)
    if not _elsewhere(turn, draft):
        if number := _picked(turn, offered):
            return await _joined(turn, city, tickets, draft, number)
        if _agreed(turn) or does_not_know(turn.inbound.text):
            return await _which(turn, city, tickets, draft, offered)
        if turn.chosen == NONE or _denied(turn, city, draft):
            return file_report(turn, city, replace(draft, sought=True))
    confirming = replace(turn, dialogue=replace(turn.dialogue, asked=Asked.CONFIRM))
    return await report.handle(confirming, city, tickets)


async def _which(turn: Turn, city: City, tickets: Tickets, draft: Draft, offered: Sequence[str]) -> Answer:
    """A yes where several were offered, or "I don't know": those that are open still, once more."""
    found = [ticket for number in offered if (ticket := await tickets.get(number)) and ticket.status in OPEN]
    if not found:
        return confirm(turn, city, replace(draft, sought=True))
    return unless_stuck(turn, city, question(turn, draft, found, misses=misses(turn)))


def wants_to_leave(turn: Turn) -> bool:
    """Whether the message says, by its words, that a report shall be followed no more: no stop of everything."""
    return turn.inbound.choice is None and says_leave(turn.inbound.text, find_number(turn.inbound.text))


async def leave(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """No more news of the report that is named or told of, else of the only one that they joined."""
    number = mine.number_said(turn)
    if number is None:
        joined = [ticket for ticket in await tickets.followed_by(turn.citizen.id, _MOST) if ticket.status in OPEN]
        found = mine.told(turn, joined) or joined
        if len(found) > 1:
            return mine.which(turn, found, LEAVE) if turn.dialogue is None else _named(turn, found)
        return _left(found[0], turn) if found else one(say(Say.NEWS_OF_OWN), turn)
    ticket = await tickets.get(number)
    if ticket is None:
        return one(say(Say.NUMBER_UNKNOWN, number=number), turn)
    if await tickets.follows(number, turn.citizen.id):
        return _left(ticket, turn)
    own = ticket.reporter == turn.citizen.id
    return one(say(Say.NEWS_OF_OWN) if own else say(Say.NOT_FOLLOWING, number=number), turn)


def _named(turn: Turn, found: Sequence[Ticket]) -> Answer:
    """Which one is to be left, said with its number: the open question goes on, and digits answer that."""
    return one(say(Say.WHICH_TICKET, lines=tuple(_say(Say.STATUS_LINE, ticket) for ticket in found)), turn)


def _left(ticket: Ticket, turn: Turn) -> Answer:
    changed, update = without(ticket, at=turn.now)
    effects = (ChangeTicket(ticket=changed, update=update), Leave(number=ticket.number))
    return replace(one(say(Say.LEFT, number=ticket.number), turn), effects=effects)


def _elsewhere(turn: Turn, draft: Draft) -> bool:
    """Whether it tells another place than the draft's: then a yes or no is not all of it."""
    here, there = turn.place, draft.place
    if turn.chosen or here is None or there is None or (here.street and here.street == there.street):
        return False
    return turn.inbound.point is not None or fold(here.words) not in fold(there.words)


def _picked(turn: Turn, offered: Sequence[str]) -> str | None:
    """The number of the one that they mean: by press, digit, "the second", or a yes where there is but one."""
    if turn.chosen in offered:
        return turn.chosen
    if turn.chosen or not offered:
        return None
    at = ordinal(turn.inbound.text)
    if at is not None and at < len(offered):
        return offered[at]
    return offered[0] if len(offered) == 1 and _agreed(turn) else None


def _agreed(turn: Turn) -> bool:
    return says_join(turn.inbound.text) or says_option(turn, "yes", "affirm")


def _denied(turn: Turn, city: City, draft: Draft) -> bool:
    """ "No", "none of them", and "no, ese no es, es otro poste"; not "no sé cuál", nor "no, es un árbol"."""
    text = turn.inbound.text
    if says_none(text) or says_option(turn, "no", "deny"):
        return True
    service, _ = service_said(turn, city)
    return begins_with_no(text) and service in (None, draft.service)


async def _joined(turn: Turn, city: City, tickets: Tickets, draft: Draft, number: str) -> Answer:
    ticket = await tickets.get(number)
    if ticket is None or ticket.status not in OPEN:  # closed while the question was open
        over = (_say(Say.STATUS_PUBLIC, ticket),) if ticket else ()
        return confirm(turn, city, replace(draft, sought=True), *over)
    words = _told(with_old_place(draft), city, turn.language)
    if ticket.reporter == turn.citizen.id:
        return _added(Say.OWN_ALREADY, ticket, turn, draft, words)
    if await tickets.follows(number, turn.citizen.id):
        return _added(Say.JOINED_ALREADY, ticket, turn, draft, words)
    due = urgent_date(ticket, city, turn.now)
    changed, update = follow(ticket, at=turn.now, note=words, urgent_from=city.talk.urgent_from, due=due)
    effects: tuple[Effect, ...] = (
        ChangeTicket(ticket=changed, update=update, media=draft.media), Follow(number=number),
    )  # fmt: skip
    return Answer(replies=(_welcome(changed, turn),), effects=effects)


def _welcome(ticket: Ticket, turn: Turn) -> Reply:
    """With the promised date, unless that has passed: it would be none."""
    if ticket.due_at < turn.now or ticket.status is Status.WAITING:
        return _say(Say.JOINED_NO_DATE, ticket)
    return _say(Say.JOINED, ticket, due=ticket.due_at)


def _added(what: Say, ticket: Ticket, turn: Turn, draft: Draft, words: str) -> Answer:
    """What they say now is for the clerks, though they are counted once."""
    changed, update = comment(ticket, actor=CITIZEN, at=turn.now, note=words, public=False)
    effect = ChangeTicket(ticket=changed, update=update, media=draft.media)
    return Answer(replies=(_say(what, ticket),), effects=(effect,))


def _say(what: Say, ticket: Ticket, **more: Value) -> Reply:
    values: dict[str, Value] = {
        "number": ticket.number,
        "service": ServiceName(ticket.service),
        "status": ticket.status,
    }
    return Reply(say=what, values=values | more)


def _told(draft: Draft, city: City, language: str) -> str:
    """All that the draft says in words, the answers to its service's questions too."""
    service = city.service(draft.service or "")
    answers = []
    for code, value in draft.answers:
        question_ = service.question(code) if service else None
        option = question_.option(value) if question_ else None
        answers.append(option.names.get(language, value) if option else value)
    return "\n".join(filter(None, (draft.description, draft.details, *answers)))
