"""It is not fixed: said to our question or unasked. Opened again at once; or, too late for that, a new report."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.courtesy import one
from handlers.effects import AnswerClosure, ChangeTicket, Effect
from handlers.phrases.verdict import is_bare
from handlers.phrases.words import NO, YES, says
from handlers.reporting.filing import file_report
from handlers.reporting.missing import ask_next
from handlers.reports import comment, mine
from handlers.say import Option, Reply, Say, ServiceName, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from tickets import workflow
from tickets.city import City
from tickets.model import CITIZEN, Place, Status, Ticket
from tickets.ports import Tickets
from tickets.promise import new_date

TOLD = 1  # as the misses of this question: it was answered
YES_NO = (Option("yes", Say.YES), Option("no", Say.NO))


async def disputed(turn: Turn, city: City, tickets: Tickets, ticket: Ticket) -> Answer:
    """Opened again at once, within the window that counts from when it was closed. One that somebody else has opened
    meanwhile is open; that one more says so is counted."""
    if ticket.status in comment.WITHOUT_WORK:
        return await comment.objected(turn, city, tickets, ticket)
    if not _in_time(turn, city, ticket):
        return _too_late(turn, ticket)
    opened, update = workflow.reopen(ticket, at=turn.now, due=new_date(ticket, city, turn.now))
    effects = (
        ChangeTicket(ticket=opened, update=update, tell=update.public),
        *added(turn, opened),
        AnswerClosure(number=ticket.number, fixed=False),
    )
    return replace(_ask_what(turn, ticket), effects=effects)


def still_wrong(turn: Turn, ticket: Ticket) -> Answer:
    """What is wrong, for the clerk; more photos may follow. Who has nothing to add, or says the bare "no" once more,
    hears what stands: nobody is asked the same for ever."""
    effects = added(turn, ticket)
    if turn.dialogue is None:
        return _ask_what(turn, ticket)
    if not effects:
        return one(_as_it_stands(turn, ticket))
    told = replace(turn.dialogue, misses=TOLD)
    return Answer(replies=(say(Say.COMMENT_KEPT, number=ticket.number),), dialogue=told, effects=tuple(effects))


async def anew(turn: Turn, city: City, tickets: Tickets, ticket: Ticket) -> Answer:
    """The answer to "shall I send a new one for the same place?": not past what a neighbour told meanwhile, nor past
    what the service asks; where there is nothing of that it was confirmed just now."""
    draft = turn.dialogue.draft if turn.dialogue else Draft()
    if _says(turn, "yes", YES, "affirm"):
        answer = await ask_next(turn, city, tickets, draft)
        whole = answer.dialogue if answer.dialogue and answer.dialogue.asked is Asked.CONFIRM else None
        return file_report(turn, city, whole.draft) if whole else answer
    return one(say(Say.GOODBYE)) if _says(turn, "no", NO, "deny") else _ask_anew(turn, ticket, draft)


def shown(turn: Turn, ticket: Ticket) -> Place:
    """Its place, to a neighbour without the reporter's words."""
    return ticket.place if ticket.reporter == turn.citizen.id else replace(ticket.place, words="")


def words_of(turn: Turn) -> str:
    """What a clerk should read of a message: not the label of a button, nor a bare yes."""
    bare = turn.inbound.choice is not None or turn.chosen or is_bare(turn.inbound.text)
    return "" if bare else turn.inbound.text.strip()


def _ask_what(turn: Turn, ticket: Ticket) -> Answer:
    question = say(Say.REOPENED, number=ticket.number)
    return ask(turn, Asked.REOPENED, Draft(), question, about=ticket.number, item=ticket.service)


def _as_it_stands(turn: Turn, ticket: Ticket) -> Reply:
    service, place = ServiceName(ticket.service), shown(turn, ticket)
    return say(
        Say.STATUS, number=ticket.number, service=service, place=place, status=ticket.status, due=ticket.due_at
    )  # fmt: skip


def _too_late(turn: Turn, ticket: Ticket) -> Answer:
    """What they say now is what a new report would tell, and what it goes back to; of a neighbour's only the number."""
    own, media = ticket.reporter == turn.citizen.id, turn.inbound.media
    before = f"{ticket.number}: {ticket.description}" if own and ticket.description else ticket.number
    draft = Draft(
        service=ticket.service, place=shown(turn, ticket), media=media, answers=ticket.answers if own else (),
        description="\n".join(filter(None, (words_of(turn), before))),
    )  # fmt: skip
    return _ask_anew(turn, ticket, draft)


def _ask_anew(turn: Turn, ticket: Ticket, draft: Draft) -> Answer:
    question = say(Say.TOO_LATE, *YES_NO, number=ticket.number, at=ticket.closed_at or ticket.filed_at)
    return ask(turn, Asked.ANEW, draft, question, about=ticket.number, item=ticket.service)


def _in_time(turn: Turn, city: City, ticket: Ticket) -> bool:
    return ticket.closed_at is None or turn.now - ticket.closed_at < city.talk.reopen


def added(turn: Turn, ticket: Ticket) -> Sequence[Effect]:
    """What the message says beside yes and no, its photos and the spot it marks, in the ticket's history."""
    words = words_of(turn) or _spot(turn)
    if not words and not turn.inbound.media:
        return ()
    commented, update = workflow.comment(ticket, actor=CITIZEN, at=turn.now, note=words, public=False)
    return (ChangeTicket(ticket=commented, update=update, media=turn.inbound.media),)


def _spot(turn: Turn) -> str:
    point = turn.inbound.point
    return f"{point.latitude:.5f}, {point.longitude:.5f}" if point else ""


def _says(turn: Turn, option: str, words: frozenset[str], intent: str) -> bool:
    if turn.chosen:
        return turn.chosen == option
    return says(turn.inbound.text, words) or turn.intent == intent


async def meant(turn: Turn, city: City, tickets: Tickets) -> Sequence[Ticket]:
    """The one named by its number. Else of what was resolved within the window the one that the words tell of; else the
    one of all that they tell of; else what was resolved of late, or the newest."""
    if mine.number_said(turn):
        return await mine.meant(turn, city, tickets)
    recent = await mine.of_citizen(turn, tickets)
    closed = [one for one in recent if one.status is Status.RESOLVED and _in_time(turn, city, one)]
    return mine.told(turn, closed) or mine.told(turn, recent) or closed or recent[:1]
