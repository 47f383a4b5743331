"""A report is put right in one sentence, before or after it was filed; where the sentence does not tell what is right,
one question does."""

from dataclasses import replace
from datetime import timedelta

from handlers.courtesy import one
from handlers.effects import ChangeTicket
from handlers.phrases.contrast import contrast, denies
from handlers.phrases.correction_words import (
    ANOTHER_WORDS,
    PLACING_WORDS,
    SMALL_WORDS,
    begins_to_correct,
    tells_right_place,
)
from handlers.phrases.naming import services_named
from handlers.phrases.words import NO, fold, says
from handlers.reporting.elsewhere import notice
from handlers.reporting.menu import services_menu
from handlers.reports import comment, mine
from handlers.reports.amends import Amends, amends, counts
from handlers.routes import led_anew
from handlers.say import Option, Reply, Say, ServiceName, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from nlu.contract import REPORT_INTENTS, service_of
from tickets.city import City
from tickets.model import CITIZEN, Field, Ticket
from tickets.ports import Tickets
from tickets.promise import stood
from tickets.workflow import CLOSED, NotAllowed, correct

ASKED = frozenset({Asked.CORRECT, Asked.NEW_PLACE, Asked.NEW_SERVICE})
_SUMMED_UP = frozenset({Asked.CONFIRM, Asked.QUESTION})  # the draft was shown, or its service
_SERVICE, _PLACE = Option("service", Say.CHANGE_SERVICE), Option("place", Say.CHANGE_PLACE)
_MOST_MISSES = 2
_LATELY = timedelta(hours=24)  # so soon after a report a sentence that contrasts two things puts it right
_AT_ONCE = timedelta(hours=1)
_BRIEF = 12  # words of a correction at most, where the model hears something else
_TELLING = 4  # words from which a report is a new one

_NEVER = frozenset({
    "correct", "stop", "start", "emergency", "handover", "change_language", "help", "my_data", "erase_data", "thank",
    "goodbye", "greet", "affirm", "abuse", "reopen",
})  # fmt: skip


async def handle(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """Change what is wrong in the citizen's own report."""
    if turn.dialogue and turn.dialogue.asked in ASKED:
        return await _answered(turn, city, tickets)
    found = await mine.meant(turn, city, tickets)
    if len(found) > 1:
        return mine.which(turn, found, "correct")
    if not found or found[0].reporter != turn.citizen.id:
        return await comment.handle(turn, city, tickets)
    return await _put_right(turn, city, tickets, found[0])


def in_draft(turn: Turn, city: City, draft: Draft) -> Draft | None:
    """The draft put right by this message, whose words stay in it; None where it puts nothing right."""
    right = amends(turn, city, draft.service, draft.place)
    if not right:
        return None
    said = turn.inbound.text.strip()
    words = draft.description if said in draft.description else f"{draft.description}\n{said}".strip()
    put_right = replace(draft, description=words)
    if right.place and right.place != draft.place:
        put_right = replace(put_right, place=right.place, sought=False)
    if right.service and right.service != draft.service:
        put_right = replace(put_right, service=right.service, confidence=1.0, answers=(), sought=False)
    return put_right


def wrong_in_draft(turn: Turn, city: City) -> str:
    """What a sentence says to be wrong in the draft without telling what is right, as the option of "what should I
    change?" ("change": it does not tell that either); "" where it says nothing of the kind."""
    dialogue = turn.dialogue
    if dialogue is None or dialogue.asked not in _SUMMED_UP or turn.chosen or not by_words(turn):
        return ""
    wrong = amends(turn, city, dialogue.draft.service, dialogue.draft.place).wrong
    if counts(contrast(turn.inbound.text, turn.language)) or turn.inbound.media:
        return ""
    return f"change_{wrong}" if wrong else "" if _tells_more(turn) else "change"


def by_words(turn: Turn) -> bool:
    """Whether the words put something right, whatever the model makes of them. Whoever tells much tells something new:
    "no es ruido, es que ..." stands in many a long report."""
    folded = fold(turn.inbound.text)
    if turn.intent == "correct":
        return True
    if len(folded.split()) > _BRIEF:
        return False
    if begins_to_correct(f" {folded} ") or tells_right_place(turn.inbound.text):
        return True
    half = contrast(turn.inbound.text, turn.language)
    denied = services_named(half.denied) if len(half.denied.split()) <= _TELLING else ()
    return counts(half) or bool(denied and (denies(turn.inbound.text) or services_named(half.said)))


async def is_said(turn: Turn, tickets: Tickets) -> bool:
    """Whether a message that answers no question puts right what was reported lately, though the model hears another
    report, a place, a plain no, or nothing."""
    if turn.intent in _NEVER or turn.inbound.point or turn.chosen or not turn.inbound.text.strip():
        return False
    words = by_words(turn) and not (turn.intent == "cancel" and _tells_more(turn))
    if not words and not _tells_place(turn):
        return await _contradicts(turn, tickets)
    newest, since = await mine.newest(turn, tickets), _LATELY if words else _AT_ONCE
    since = mine.RECENT if words and tells_right_place(turn.inbound.text) else since
    if newest is None or newest.status in CLOSED or turn.now - newest.filed_at > since:
        return await _contradicts(turn, tickets)
    return not words or await _says_what_it_denies(turn, tickets)


async def _says_what_it_denies(turn: Turn, tickets: Tickets) -> bool:
    """Whether one of theirs says one of two services that are contrasted; where none are, it need not."""
    half = contrast(turn.inbound.text, turn.language)
    denied, said = services_named(half.denied), services_named(half.said)
    if not denied or not said:
        return True
    theirs = await mine.of_citizen(turn, tickets)
    return any(ticket.service in (*denied, *said) for ticket in theirs if ticket.reporter == turn.citizen.id)


async def _contradicts(turn: Turn, tickets: Tickets) -> bool:
    """Whether it denies what one of their reports says of its place."""
    half = contrast(turn.inbound.text, turn.language)
    intents = (*REPORT_INTENTS, "provide_location", "deny", None)
    if turn.intent not in intents or not half.denied or len(turn.inbound.text.split()) > 2 * _BRIEF:
        return False
    if not services_named(half.said):
        return False
    theirs = await mine.of_citizen(turn, tickets)
    return any(mine.contradicted(ticket, half) for ticket in theirs if ticket.reporter == turn.citizen.id)


def answers(turn: Turn) -> bool:
    """Whether this message goes on with one of our questions; a whole new report does not."""
    place = turn.parse is not None and turn.parse.first("location") is not None
    new = turn.intent in REPORT_INTENTS and place and not by_words(turn)
    return bool(turn.chosen) or not new or len(turn.inbound.text.split()) < _TELLING


def _tells_place(turn: Turn) -> bool:
    """ "No, it's at Mill Road", "the number is 45": a place, and that it is the one. A bare place begins a report, and
    "another one at ..." too."""
    if turn.place is None or turn.intent not in ("deny", "provide_location", None):
        return False
    entity = turn.parse.first("location") if turn.parse else None
    words = fold(turn.inbound.text.replace(entity.value, " ") if entity else turn.inbound.text).split()
    told = not PLACING_WORDS.isdisjoint(words) or (bool(words) and says(words[0], NO))
    return told and ANOTHER_WORDS.isdisjoint(words)


async def _put_right(turn: Turn, city: City, tickets: Tickets, ticket: Ticket) -> Answer:
    if ticket.status in CLOSED:
        return comment.kept(turn, ticket)
    right = amends(turn, city, ticket.service, ticket.place)
    if right:
        return await _changed(turn, city, tickets, ticket, right)
    half = contrast(turn.inbound.text, turn.language)
    if right.wrong and not counts(half):
        return _ask_right(turn, city, ticket, right.wrong)
    if turn.inbound.media or _tells_more(turn):
        return comment.kept(turn, ticket)
    return _ask_what(turn, ticket)


def _tells_more(turn: Turn) -> bool:
    """Whether there is more in it than that something is wrong."""
    number = mine.number_said(turn) or ""
    words = fold(turn.inbound.text.upper().replace(number, " ") if number else turn.inbound.text).split()
    return sum(word not in SMALL_WORDS for word in words) > 1


async def _changed(turn: Turn, city: City, tickets: Tickets, ticket: Ticket, right: Amends) -> Answer:
    """The new summary; where the report said so already, the summary again."""
    service = city.service(right.service or ticket.service)
    elsewhere = notice(city, service if right.service else None, right.place)
    if elsewhere:  # a clerk reads it, and closes what is not ours
        return comment.kept(turn, ticket, elsewhere)
    note = turn.inbound.text.strip()
    waited = stood(await tickets.history(ticket.number), city.calendar)
    try:
        changed, update = correct(
            ticket, city.calendar, service=service, place=right.place, actor=CITIZEN, at=turn.now, note=note,
            stood=waited, to=led_anew(city, ticket, service, right.place),
        )  # fmt: skip
    except NotAllowed:
        return comment.kept(turn, ticket, _summary(ticket)) if turn.inbound.media else one(_summary(ticket))
    effect = ChangeTicket(ticket=changed, update=update, media=turn.inbound.media)
    return Answer(replies=(_summary(changed),), effects=(effect,))


def _summary(ticket: Ticket) -> Reply:
    service = ServiceName(ticket.service)
    return say(Say.CORRECTED, number=ticket.number, service=service, place=ticket.place, due=ticket.due_at)


def _ask_what(turn: Turn, ticket: Ticket, misses: int = 0) -> Answer:
    question = say(Say.WHAT_TO_CORRECT, _SERVICE, _PLACE, number=ticket.number)
    return ask(turn, Asked.CORRECT, Draft(), question, misses=misses, about=ticket.number)


def _ask_right(turn: Turn, city: City, ticket: Ticket, wrong: Field, misses: int = 0) -> Answer:
    if wrong is Field.PLACE:
        question = say(Say.RIGHT_PLACE, number=ticket.number)
        return ask(turn, Asked.NEW_PLACE, Draft(), question, misses=misses, about=ticket.number)
    menu = services_menu(turn, city, Say.RIGHT_SERVICE)
    question = replace(menu, values={"number": ticket.number})
    return ask(turn, Asked.NEW_SERVICE, Draft(), question, misses=misses, about=ticket.number)


async def _answered(turn: Turn, city: City, tickets: Tickets) -> Answer:
    """The answer to one of the three questions, about the ticket as it is now."""
    dialogue = turn.dialogue
    ticket = await tickets.get(dialogue.about) if dialogue else None
    if dialogue is None or ticket is None or ticket.reporter != turn.citizen.id:
        return await comment.handle(replace(turn, dialogue=None), city, tickets)
    if ticket.status in CLOSED:
        return comment.kept(turn, ticket)
    if turn.chosen in ("service", "place"):
        return _ask_right(turn, city, ticket, Field(turn.chosen))
    right = _right(turn, city, ticket, dialogue.asked)
    if right:
        return await _changed(turn, city, tickets, ticket, right)
    return _missed(turn, city, ticket, dialogue.asked, dialogue.misses + 1)


def _right(turn: Turn, city: City, ticket: Ticket, asked: Asked) -> Amends:
    if turn.chosen:
        return Amends(service=turn.chosen if city.service(turn.chosen) else None)
    said = amends(turn, city, ticket.service, ticket.place)
    if asked is Asked.NEW_SERVICE and not said.service:
        code = next(iter(services_named(turn.inbound.text)), service_of(turn.intent or ""))
        return replace(said, service=code if code and city.service(code) else None)
    if asked is Asked.NEW_PLACE and not said.place:
        return Amends(place=None if turn.intent in _NO_PLACE else turn.place)
    return said


_NO_PLACE = frozenset({"affirm", "deny", "greet", "thank", "goodbye", "abuse"})


def _missed(turn: Turn, city: City, ticket: Ticket, asked: Asked, misses: int) -> Answer:
    """Asked again, twice at most; then the words are kept for the clerk."""
    if turn.intent in ("deny", "thank", "goodbye") or says(turn.inbound.text, NO):  # they leave it as it is
        return one(_summary(ticket))
    if turn.inbound.media or misses > _MOST_MISSES:
        return comment.kept(turn, ticket)
    if asked is Asked.CORRECT:
        return _ask_what(turn, ticket, misses)
    return _ask_right(turn, city, ticket, Field.PLACE if asked is Asked.NEW_PLACE else Field.SERVICE, misses)
