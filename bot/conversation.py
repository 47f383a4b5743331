"""converse(): one inbound message and its answer. Chooses the language, the meaning of a digit, and the handler."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.ports import Arrival, Places
from bot.speech import choose_language
from bot.whereabouts import place_said
from channels.message import Kind
from handlers import aside, courtesy, information, language, tone
from handlers.effects import Consent, Erase, OptOut
from handlers.people import answering, back, danger, person, privacy, rights
from handlers.phrases.words import NO, WAITING, YES, digits_alone, says
from handlers.reporting import menu, opening, question, report, second
from handlers.reporting.report import is_unknown_place
from handlers.reports import bare, claim, closure, comment, correction, joining, outcome, picked, status
from handlers.say import Say, say
from handlers.turn import Answer, Asked, Dialogue, Handle, Keyed, Part, Turn, without_key
from nlu.contract import REPORT_INTENTS
from nlu.parse import Parse
from tickets.city import FIRST_NOTICE, City
from tickets.ports import Tickets

DRAFT_LIVES = timedelta(hours=24)
QUESTION_LIVES = timedelta(hours=72)  # of those about what is filed: people answer days later
CLOSURE_LIVES = timedelta(days=6)  # "is it fixed?" may be answered too late, and then we say so

BY_INTENT: dict[str, Handle] = {
    **dict.fromkeys(REPORT_INTENTS, report.handle),
    "provide_location": report.handle,
    "check_status": status.handle,
    "add_comment": comment.handle,
    "correct": correction.handle,
    "reopen": closure.unasked,
    "cancel": courtesy.cancel,
    "greet": courtesy.greet,
    "goodbye": courtesy.goodbye,
    "thank": courtesy.thank,
    "help": opening.help_meant,
    "handover": person.handle,
    "change_language": language.handle,
    "affirm": courtesy.agreed,
    "deny": courtesy.acknowledged,
    "stop": rights.stop_meant,
    "start": rights.start,
    "my_data": privacy.my_data,
    "erase_data": privacy.erase,
    "emergency": danger.handle,
    "ask_information": information.handle,
    "out_of_scope": tone.out_of_scope,
    "abuse": tone.abuse,
}
OPEN_QUESTION: dict[Asked, Handle] = {
    **dict.fromkeys(
        (Asked.SERVICE, Asked.PLACE, Asked.DETAILS, Asked.QUESTION, Asked.CONFIRM, Asked.CHANGE), report.handle
    ),
    Asked.DUPLICATE: joining.handle,
    Asked.TICKET: picked.handle,
    **dict.fromkeys((Asked.CORRECT, Asked.NEW_PLACE, Asked.NEW_SERVICE), correction.handle),
    **dict.fromkeys((Asked.FIXED, Asked.RATING, Asked.WORD, Asked.REOPENED, Asked.ANEW), closure.handle),
    Asked.CODE: privacy.handle,
    Asked.INFORMED: information.answered,
    Asked.NOTHING: tone.still,
    Asked.WRITTEN: answering.handle,
    Asked.CLAIM: claim.handle,
    Asked.LANGUAGE: language.handle,
    Asked.STOP: rights.stop_meant,
}
_YES_NO = frozenset({"affirm", "deny"})
# Questions that a message may leave unanswered: what answers them, beside a press, a digit, yes and no. Whatever else
# is said begins anew, as if nothing had been asked.
LIGHT: dict[Asked, frozenset[str]] = {
    Asked.TICKET: frozenset({"provide_location", "check_status"}),
    Asked.LANGUAGE: frozenset({"change_language", "affirm", "deny", "greet"}),
}
BY_KIND: dict[Kind, Handle] = dict.fromkeys(set(Kind) - {Kind.MESSAGE, Kind.EDITED}, courtesy.unreadable)
BY_KIND[Kind.EDITED] = courtesy.edited
BY_KIND[Kind.VOICE] = bare.handle

# What a person may say in the middle of a report without its being the answer to our question, and what belongs to it.
# Every intent stands in one of the two.
INTERRUPTS = frozenset({
    "change_language", "handover", "help", "emergency", "cancel", "check_status", "stop", "start", "my_data",
    "erase_data",
})  # fmt: skip
ANSWERS = frozenset({
    *REPORT_INTENTS, "provide_location", "affirm", "deny", "correct", "add_comment", "reopen", "greet", "thank",
    "goodbye", "abuse", *aside.INTENTS,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An answer and the language it is given in; `detected` when the citizen's language is to be remembered."""

    answer: Answer
    language: str
    detected: bool


async def converse(
    arrival: Arrival, parse: Parse | None, city: City, tickets: Tickets, places: Places, *, now: datetime, number: str,
    code: str = "", token: str = "", keyed: Keyed = without_key, parts: tuple[Part, ...] = (),
) -> Outcome:  # fmt: skip
    """Decide on one message. `parse` is None when understanding is down or the words needed none; `number`, `code` and
    `token` are fresh, `keyed` hashes a code, `parts` are the problems of a message that tells of several."""
    dialogue = privacy.unless_answered(_alive(arrival.dialogue, now), arrival.inbound, now, keyed)
    language, detected = choose_language(arrival, parse, dialogue, city)
    turn = Turn(
        inbound=arrival.inbound, citizen=arrival.citizen, language=language, parse=parse, dialogue=dialogue,
        now=now, number=number, chosen=chosen_option(arrival, dialogue), code=code, token=token, keyed=keyed,
        parts=parts, look_up=places.resolve,
    )  # fmt: skip
    turn = opening.heard(turn)
    if turn.citizen.thread is None and not _answers(turn):  # what a person reads answers no question of ours
        turn = replace(turn, dialogue=None, chosen=None)
    turn = danger.unless_imagined(replace(turn, danger=danger.told_in(arrival.inbound)))
    turn = question.heard(replace(turn, place=place_said(turn, places)), city)
    handle = await _handler(turn, city, tickets)
    answer = await handle(turn, city, tickets)
    if handle is not danger.handle and turn.danger:
        answer = danger.warned(answer, turn, city)
    answer = await report.next_waiting(turn, city, tickets, answer)
    if handle is not picked.handle:
        answer = await picked.not_lost(answer, arrival.dialogue, turn, tickets)
    answer = _welcomed(_stays(answer, turn, dialogue), turn, city)
    return Outcome(answer=answer, language=language, detected=detected)


def _stays(answer: Answer, turn: Turn, dialogue: Dialogue | None) -> Answer:
    """A question that this message left unanswered, where nothing else is asked now: "no" may still follow."""
    stays = outcome.STAYS | {Asked.WRITTEN, Asked.CLAIM}
    left = dialogue is not None and turn.dialogue is None and dialogue.asked in stays
    asks = answer.dialogue is not None and answer.dialogue.asked is not Asked.NOTHING
    return replace(answer, dialogue=dialogue) if left and not asks else answer


def needs_parse(arrival: Arrival, now: datetime) -> bool:
    """False where words are not read: buttons, digits that choose, pins and photos alone, voice notes."""
    inbound = arrival.inbound
    if inbound.kind is not Kind.MESSAGE or not inbound.text.strip() or inbound.choice is not None:
        return False
    if arrival.citizen.thread is not None:  # a person reads it
        return False
    dialogue = _alive(arrival.dialogue, now)
    if outcome.is_score(inbound.text, dialogue):
        return False
    return chosen_option(arrival, dialogue) is None and not status.is_number(inbound, dialogue)


def _alive(dialogue: Dialogue | None, now: datetime) -> Dialogue | None:
    if dialogue is None:
        return None
    about = CLOSURE_LIVES if dialogue.asked in (Asked.FIXED, Asked.WRITTEN, Asked.CLAIM) else QUESTION_LIVES
    lives = about if dialogue.about else DRAFT_LIVES
    return dialogue if now - dialogue.since < lives else None


def chosen_option(arrival: Arrival, dialogue: Dialogue | None) -> str | None:
    """The option that a button press or a typed digit means for the open question; None for an older button."""
    if dialogue is None:
        return None
    if arrival.inbound.choice is not None:
        question, _, option = arrival.inbound.choice.partition(":")
        return option if question == dialogue.question and option in dialogue.offered else None
    digits = arrival.inbound.text.strip().rstrip(".)")
    if digits.isascii() and digits.isdigit() and len(digits) <= 2 and 1 <= int(digits) <= len(dialogue.offered):
        return dialogue.offered[int(digits) - 1]
    return None


async def _handler(turn: Turn, city: City, tickets: Tickets) -> Handle:
    """Rights first, then what cannot be read, then the open question, then what speaks of a report of theirs, then the
    intent, at last the menu."""
    return (
        _with_a_person(turn)
        or _to_the_clerk(turn)
        or await _after_filing(turn, city, tickets)
        or _as_it_is(turn)
        or _to_the_question(turn, city)
        or await _of_their_reports(turn, tickets)
        or await _by_meaning(turn, city, tickets)
    )


def _with_a_person(turn: Turn) -> Handle | None:
    """A right, or what is a clerk's to read while one has the conversation."""
    if turn.citizen.thread is not None and back.wants_bot(turn):
        return back.handle
    if first := rights.keyword(turn):
        return first
    return person.to_clerk if turn.citizen.thread is not None else None


def _to_the_clerk(turn: Turn) -> Handle | None:
    """What answers a clerk, unless it tells of danger."""
    return answering.handle if answering.is_reply(turn) and not turn.danger else None


async def _after_filing(turn: Turn, city: City, tickets: Tickets) -> Handle | None:
    if turn.danger:
        return None
    if await second.is_after_filing(turn, city, tickets):
        return report.handle
    return comment.handle if await comment.is_for(turn, tickets) else None


def _as_it_is(turn: Turn) -> Handle | None:
    """What means the same whatever is being talked about."""
    if first := BY_KIND.get(turn.inbound.kind) or _pressed_or_numbered(turn):
        return first
    if joining.wants_to_leave(turn):
        return joining.leave
    if status.is_asked(turn):
        return status.handle
    if turn.danger:
        return danger.handle
    if says(turn.inbound.text, WAITING) and not turn.inbound.media:  # a model may hear danger in "um momento"
        return courtesy.take_time
    if turn.intent == "emergency":
        return danger.handle
    if opening.is_said(turn):
        return opening.handle
    return opening.begun if opening.is_wish(turn) else None


def _to_the_question(turn: Turn, city: City) -> Handle | None:
    if turn.dialogue is None or not _goes_on(turn):
        return None
    return aside.handle if aside.is_aside(turn, city) else OPEN_QUESTION[turn.dialogue.asked]


async def _of_their_reports(turn: Turn, tickets: Tickets) -> Handle | None:
    """What speaks of a report that is filed, though a model may hear another one in it."""
    if await closure.is_unasked(turn, tickets):
        return closure.unasked
    if comment.is_bare(turn) or await comment.shows(turn, tickets):
        return bare.handle
    if await correction.is_said(turn, tickets):
        return correction.handle
    return comment.handle if await comment.refers(turn, tickets) else None


async def _by_meaning(turn: Turn, city: City, tickets: Tickets) -> Handle:
    if turn.parts:
        return report.handle
    if await courtesy.is_yes_to_nothing(turn, tickets):
        return courtesy.agreed
    if digits_alone(turn.inbound.text) and turn.intent != "check_status":  # no question is open that it answers
        return menu.handle
    if status.is_named(turn):
        return status.handle
    if information.is_asked(turn, city):
        return information.handle
    if await status.asks_after_own(turn, tickets):
        return status.handle
    if turn.place and turn.intent is None:
        return report.handle
    return BY_INTENT.get(turn.intent or "", menu.handle)


def _pressed_or_numbered(turn: Turn) -> Handle | None:
    if turn.inbound.choice is not None and turn.chosen is None:
        return courtesy.old_button
    return status.handle if status.is_number(turn.inbound, turn.dialogue) else None


_BY_OWN_RULE: dict[Asked, Callable[[Turn], bool]] = {
    Asked.NOTHING: tone.is_still,
    Asked.WRITTEN: answering.is_reply,
    Asked.INFORMED: information.is_answer,
    Asked.CLAIM: claim.is_answer,
}


def _answers(turn: Turn) -> bool:
    """Whether this message may answer the open question. A light one is left unanswered by whatever else is said: then
    there is no dialogue for this message."""
    if turn.dialogue and turn.dialogue.asked in correction.ASKED:
        return correction.answers(turn)
    if turn.dialogue and (own := _BY_OWN_RULE.get(turn.dialogue.asked)):
        return own(turn)
    if turn.dialogue and turn.dialogue.asked in outcome.QUESTIONS:
        return outcome.is_answer(turn) and not opening.is_bare_wish(turn)
    if turn.dialogue is None or turn.dialogue.asked not in LIGHT:
        return True
    text = turn.inbound.text
    if turn.chosen or turn.inbound.choice is not None or text.strip().isdigit() or says(text, YES | NO):
        return True
    if turn.dialogue.asked is Asked.TICKET and picked.is_answer(turn):
        return True
    return turn.intent in LIGHT[turn.dialogue.asked]


def _goes_on(turn: Turn) -> bool:
    """Whether this message belongs to the open question. Digits alone do, whatever the model makes of them; a report
    is no answer to "which language?" or "shall I stop writing?"."""
    if turn.chosen or turn.inbound.text.strip().isdigit() or is_unknown_place(turn):
        return True
    if turn.dialogue and (turn.dialogue.asked is Asked.CLAIM or turn.dialogue.asked in outcome.QUESTIONS):
        return True  # or it had not been let through
    if turn.dialogue and turn.dialogue.asked is Asked.STOP and turn.intent in REPORT_INTENTS:
        return False
    if turn.dialogue and turn.dialogue.asked is Asked.TICKET and turn.intent == "check_status":
        return picked.is_answer(turn)
    return turn.intent not in INTERRUPTS


def _welcomed(answer: Answer, turn: Turn, city: City) -> Answer:
    """At first contact, one line of who we are and how data is used, before the answer; later, once, where the notice
    has changed since."""
    if turn.citizen.opted_out or not answer.replies or turn.citizen.consent == city.privacy_version:
        return answer
    if any(isinstance(effect, OptOut | Erase) for effect in answer.effects):  # one last word, and no other
        return answer
    consent = Consent(version=city.privacy_version)
    if turn.citizen.welcomed:
        known = turn.citizen.consent is None and city.privacy_version == FIRST_NOTICE  # it was all there was
        told = () if known else (say(Say.CONSENT_CHANGED, url=city.privacy_url),)
        return replace(answer, replies=(*answer.replies, *told), effects=(*answer.effects, consent))
    welcome = say(Say.WELCOME, city=city.name, url=city.privacy_url)
    rest = [say(Say.INVITATION) if reply.say is Say.GREETING else reply for reply in answer.replies]
    first = sum(reply.say in danger.NUMBERS for reply in rest)  # who is in danger reads the number before all else
    return replace(answer, replies=(*rest[:first], welcome, *rest[first:]), effects=(*answer.effects, consent))
