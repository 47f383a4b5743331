"""converse(): one inbound message and its answer. Chooses the language, the meaning of a digit, and the handler."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.ports import Arrival, Places
from bot.speech import choose_language
from bot.whereabouts import place_said
from channels.message import Kind
from handlers import aside, comment, courtesy, language, menu, report, rights, status
from handlers.report import is_unknown_place
from handlers.say import Say, say
from handlers.turn import Answer, Asked, Dialogue, Handle, Turn
from nlu.contract import REPORT_INTENTS
from nlu.emergency import is_emergency
from nlu.parse import Parse
from tickets.city import City
from tickets.ports import Tickets

DRAFT_LIVES = timedelta(hours=24)

BY_INTENT: dict[str, Handle] = {
    **dict.fromkeys(REPORT_INTENTS, report.handle),
    "provide_location": report.handle,
    "check_status": status.handle,
    "add_comment": comment.handle,
    "correct": comment.handle,
    "reopen": comment.handle,
    "cancel": courtesy.cancel,
    "greet": courtesy.greet,
    "goodbye": courtesy.goodbye,
    "thank": courtesy.thank,
    "help": courtesy.help_,
    "handover": courtesy.person,
    "change_language": language.handle,
    "affirm": courtesy.acknowledged,
    "stop": rights.stop_meant,
    "start": rights.start,
    "my_data": courtesy.privacy,
    "erase_data": courtesy.privacy,
    "emergency": courtesy.emergency,
    "ask_information": courtesy.information,
    "out_of_scope": courtesy.out_of_scope,
    "abuse": courtesy.abuse,
}
BY_KIND: dict[Kind, Handle] = dict.fromkeys(set(Kind) - {Kind.MESSAGE, Kind.EDITED}, courtesy.unreadable)
BY_KIND[Kind.EDITED] = courtesy.edited

# What a person may say in the middle of a report without its being the answer to our question, and what belongs to it.
# Every intent stands in one of the two.
INTERRUPTS = frozenset({
    "change_language", "handover", "help", "emergency", "cancel", "check_status", "stop", "start", "my_data",
    "erase_data",
})  # fmt: skip
ANSWERS = frozenset({
    *REPORT_INTENTS, "provide_location", "affirm", "deny", "correct", "add_comment", "reopen", "greet", "thank",
    "goodbye", "abuse", *aside.BY_INTENT,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An answer and the language it is given in; `detected` when the citizen's language is to be remembered."""

    answer: Answer
    language: str
    detected: bool


async def converse(
    arrival: Arrival, parse: Parse | None, city: City, tickets: Tickets, places: Places, *, now: datetime, number: str
) -> Outcome:
    """Decide on one message. `parse` is None when understanding is down or the words needed none; `number` is fresh."""
    dialogue = _alive(arrival.dialogue, now)
    language, detected = choose_language(arrival, parse, dialogue, city)
    turn = Turn(
        inbound=arrival.inbound, citizen=arrival.citizen, language=language, parse=parse, dialogue=dialogue,
        now=now, number=number, chosen=chosen_option(arrival, dialogue),
    )  # fmt: skip
    turn = replace(turn, place=place_said(turn, places))
    in_danger = _in_danger(turn)
    handle = await _handler(turn, tickets, in_danger=in_danger)
    answer = await handle(turn, city, tickets)
    if handle is not courtesy.emergency and in_danger:
        answer = courtesy.warned(answer, city)
    answer = _welcomed(answer, turn, city)
    return Outcome(answer=answer, language=language, detected=detected)


def needs_parse(arrival: Arrival, now: datetime) -> bool:
    """False where words are not read: buttons, digits that choose, pins and photos alone, voice notes."""
    inbound = arrival.inbound
    if inbound.kind is not Kind.MESSAGE or not inbound.text.strip() or inbound.choice is not None:
        return False
    dialogue = _alive(arrival.dialogue, now)
    return chosen_option(arrival, dialogue) is None and not status.is_number(inbound, dialogue)


def _alive(dialogue: Dialogue | None, now: datetime) -> Dialogue | None:
    return dialogue if dialogue and now - dialogue.since < DRAFT_LIVES else None


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


async def _handler(turn: Turn, tickets: Tickets, *, in_danger: bool) -> Handle:
    """Rights first, then what cannot be read, then the open question, then the intent, at last the menu."""
    first = rights.keyword(turn) or BY_KIND.get(turn.inbound.kind) or _pressed_or_numbered(turn)
    if first:
        return first
    if turn.intent == "emergency" or (in_danger and turn.intent not in REPORT_INTENTS):
        return courtesy.emergency
    if turn.dialogue and _goes_on(turn):
        return aside.handle if aside.is_aside(turn) else _open_question(turn.dialogue)
    if await comment.belongs_to_newest(turn, tickets):
        return comment.handle
    if turn.place and turn.intent is None:
        return report.handle
    return BY_INTENT.get(turn.intent or "", menu.handle)


def _in_danger(turn: Turn) -> bool:
    """Whether the words say so by rule, whatever the model makes of them: a rule and a model miss different things."""
    inbound = turn.inbound
    return inbound.kind is Kind.MESSAGE and inbound.choice is None and is_emergency(inbound.text)


def _pressed_or_numbered(turn: Turn) -> Handle | None:
    if turn.inbound.choice is not None and turn.chosen is None:
        return courtesy.old_button
    return status.handle if status.is_number(turn.inbound, turn.dialogue) else None


def _goes_on(turn: Turn) -> bool:
    """Whether this message belongs to the open question. Digits alone do, whatever the model makes of them; a report
    is no answer to "which language?" or "shall I stop writing?"."""
    if turn.chosen or turn.inbound.text.strip().isdigit() or is_unknown_place(turn):
        return True
    if turn.dialogue and turn.dialogue.asked in (Asked.LANGUAGE, Asked.STOP) and turn.intent in REPORT_INTENTS:
        return False
    return turn.intent not in INTERRUPTS


def _open_question(dialogue: Dialogue) -> Handle:
    match dialogue.asked:
        case Asked.LANGUAGE:
            return language.handle
        case Asked.STOP:
            return rights.stop_meant
        case _:
            return report.handle


def _welcomed(answer: Answer, turn: Turn, city: City) -> Answer:
    """At first contact, one line of who we are and how data is used, before the answer."""
    if turn.citizen.welcomed or turn.citizen.opted_out or not answer.replies:
        return answer
    welcome = say(Say.WELCOME, city=city.name, url=city.privacy_url)
    rest = (say(Say.INVITATION) if reply.say is Say.GREETING else reply for reply in answer.replies)
    return replace(answer, replies=(welcome, *rest))
