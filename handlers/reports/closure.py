"""Is it fixed? Then a rating and a word; or it is opened again. No answer is no answer: nothing is assumed.

Each of these questions keeps the service of its ticket as its `item`: "el foco sigue igual" is about a lamp.
"""

from dataclasses import replace
from datetime import timedelta

from handlers.courtesy import one
from handlers.effects import AnswerClosure, ChangeTicket, Rate
from handlers.phrases.verdict import fixed_by_words, goes_on, is_thanks, may_be_fixed, score_of
from handlers.phrases.words import does_not_know
from handlers.reports import comment, mine, reopening
from handlers.reports.reopening import YES_NO, shown, words_of
from handlers.say import Option, Reply, Say, ServiceName, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from nlu.contract import REPORT_INTENTS, service_of
from tickets import workflow
from tickets.city import City
from tickets.model import Status, Ticket
from tickets.ports import Tickets
from tickets.workflow import OPEN

_SCORES = tuple(Option(str(score), score) for score in range(1, 6))
_KEPT = 500  # characters of a word on top of a rating
_LATE = timedelta(days=7)  # since the resolution: longer than the window, so that "too late" is said too
_COURTESIES = frozenset({"thank", "goodbye", "greet"})


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """The answer to one of this file's questions."""
    asked, about = (turn.dialogue.asked, turn.dialogue.about) if turn.dialogue else (Asked.FIXED, "")
    ticket = await tickets.get(about)
    if ticket is None:
        return one(say(Say.NUMBER_UNKNOWN, number=about))
    if asked in (Asked.FIXED, Asked.RATING) and turn.inbound.media and not turn.inbound.text.strip():
        return await _photo(turn, city, tickets, ticket)
    match asked:
        case Asked.RATING:
            return _rated(turn, ticket)
        case Asked.WORD:
            return _word(turn, ticket)
        case Asked.REOPENED:
            return reopening.still_wrong(turn, ticket)
        case Asked.ANEW:
            return await reopening.anew(turn, city, tickets, ticket)
        case _:
            return await _fixed(turn, city, tickets, ticket)


async def unasked(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """ "It is not fixed", or that it is, said without being asked. To a ticket that is open it is a comment."""
    found = await reopening.meant(turn, city, tickets)
    if len(found) > 1:
        return mine.which(turn, found, "reopen")
    if not found or found[0].status in OPEN:
        return await comment.handle(turn, city, tickets)
    if found[0].status is Status.RESOLVED and fixed_by_words(turn.inbound.text):
        return _confirmed(turn, found[0])
    return await reopening.disputed(turn, city, tickets, found[0])


async def is_unasked(turn: Turn, tickets: Tickets) -> bool:
    """Whether what the model takes for a new report says that one of theirs, resolved of late, is not fixed: of the
    same service, from nowhere else, and with a word that tells that it was told before."""
    if turn.intent not in REPORT_INTENTS or turn.place or not goes_on(turn.inbound.text):
        return False
    recent = await mine.of_citizen(turn, tickets)
    services = {service_of(turn.intent)} if turn.intent != "report_other" else {one.service for one in recent}
    return any(one.service in services and _of_late(one, turn) for one in recent)


def _of_late(ticket: Ticket, turn: Turn) -> bool:
    closed = ticket.closed_at if ticket.status is Status.RESOLVED else None
    return closed is not None and turn.now - closed <= _LATE


async def _fixed(turn: Turn, city: City, tickets: Tickets, ticket: Ticket) -> Answer:
    match _verdict(turn):
        case True:
            return _confirmed(turn, ticket)
        case False:
            return await reopening.disputed(turn, city, tickets, ticket)
    misses = turn.dialogue.misses + 1 if turn.dialogue else 1
    if does_not_know(turn.inbound.text):
        return one(say(Say.GOODBYE), turn)  # the question stays
    if turn.intent == "thank" and (misses > 1 or is_thanks(turn.inbound.text)):
        return one(say(Say.THANKS), turn)
    again = _again(turn, ticket)
    return ask(turn, Asked.FIXED, Draft(), again, misses=misses, about=ticket.number, item=ticket.service)


async def _photo(turn: Turn, city: City, tickets: Tickets, ticket: Ticket) -> Answer:
    """A photo without a word answers nothing: it belongs to what they have just reported, else to this ticket."""
    if await comment.belongs_to_newest(turn, tickets):
        kept = await comment.handle(replace(turn, dialogue=None), city, tickets)
        return replace(kept, dialogue=turn.dialogue)
    again = _again(turn, ticket) if turn.dialogue and turn.dialogue.asked is Asked.FIXED else say(Say.RATE, *_SCORES)
    asked = turn.dialogue.asked if turn.dialogue else Asked.FIXED
    noted = say(Say.COMMENT_KEPT, number=ticket.number)
    answer = ask(turn, asked, Draft(), noted, again, about=ticket.number, item=ticket.service)
    return replace(answer, effects=tuple(reopening.added(turn, ticket)))


def _verdict(turn: Turn) -> bool | None:
    """A press or a digit, else the words, else what the model makes of them."""
    if turn.chosen:
        return turn.chosen == "yes"
    told = fixed_by_words(turn.inbound.text)
    if does_not_know(turn.inbound.text) or (turn.intent != "affirm" and may_be_fixed(turn.inbound.text)):
        return None
    return told if told is not None else {"affirm": True, "deny": False, "reopen": False}.get(turn.intent or "")


def _again(turn: Turn, ticket: Ticket) -> Reply:
    place = shown(turn, ticket)
    return say(
        Say.IS_IT_FIXED_LATER, *YES_NO, number=ticket.number, service=ServiceName(ticket.service), place=place
    )  # fmt: skip


def _confirmed(turn: Turn, ticket: Ticket) -> Answer:
    """What somebody else has opened again meanwhile is not rated yet; what they say of it is kept all the same."""
    confirmed, update = workflow.confirm(ticket, at=turn.now, note=words_of(turn))
    change = ChangeTicket(ticket=confirmed, update=update, media=turn.inbound.media)
    answer = _ask_score(turn, ticket) if ticket.status is Status.RESOLVED else one(_stands(ticket))
    return replace(answer, effects=(change, AnswerClosure(number=ticket.number, fixed=True)))


def _stands(ticket: Ticket) -> Reply:
    return say(Say.STATUS_PUBLIC, number=ticket.number, service=ServiceName(ticket.service), status=ticket.status)


def _ask_score(turn: Turn, ticket: Ticket, *, misses: int = 0) -> Answer:
    question = say(Say.RATE, *_SCORES)
    return ask(turn, Asked.RATING, Draft(), question, misses=misses, about=ticket.number, item=ticket.service)


def _rated(turn: Turn, ticket: Ticket) -> Answer:
    """One of the five, and a last question."""
    score = _score(turn)
    if score is None:
        return _ask_score(turn, ticket, misses=turn.dialogue.misses + 1 if turn.dialogue else 1)
    after, update = workflow.rated(ticket, at=turn.now, note=f"{score}/5")
    effects = (ChangeTicket(ticket=after, update=update), Rate(number=ticket.number, score=score))
    answer = ask(turn, Asked.WORD, Draft(), say(Say.ANY_WORD), about=ticket.number, item=ticket.service)
    return replace(answer, effects=effects)


def _score(turn: Turn) -> int | None:
    """None too for what was typed before we asked: that is the yes to our last question, a second time."""
    if turn.dialogue and turn.inbound.choice is None and turn.inbound.received_at < turn.dialogue.since:
        return None
    return int(turn.chosen) if turn.chosen else score_of(turn.inbound.text)


def _word(turn: Turn, ticket: Ticket) -> Answer:
    """Whatever they write on top; nothing more to say is fine too."""
    word = words_of(turn)[:_KEPT]
    if not word and not turn.inbound.media:
        return one(say(Say.GOODBYE))
    if turn.intent in _COURTESIES and is_thanks(word):
        return one(say(Say.THANKS if turn.intent == "thank" else Say.GOODBYE))
    after, update = workflow.rated(ticket, at=turn.now, note=word)
    change = ChangeTicket(ticket=after, update=update, media=turn.inbound.media)
    return Answer(replies=(say(Say.WORD_KEPT),), effects=(change, Rate(number=ticket.number, word=word)))
